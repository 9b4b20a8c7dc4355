import {Component, onWillUnmount, xml} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useService} from "@web/core/utils/hooks";

/**
 * Shows what the box of the form does while the form is open: it was paired, it has
 * reported, it answered. What somebody is typing is left alone.
 */
export class BoxWatch extends Component {
    static template = xml`<span class="d-none" />`;
    static props = {...standardWidgetProps};
    static notification = "kpi_hardware_bridge.box";

    setup() {
        const bus = useService("bus_service");
        const reload = this.reload.bind(this);
        const {notification} = this.constructor;
        bus.subscribe(notification, reload);
        bus.start();
        onWillUnmount(() => bus.unsubscribe(notification, reload));
    }

    async reload({id}) {
        const {record} = this.props;
        if (record.resId === id && !(await record.isDirty())) {
            await record.load();
        }
    }
}

registry.category("view_widgets").add("kpi_box_watch", {component: BoxWatch});
