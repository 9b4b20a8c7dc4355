import {FormController} from "@web/views/form/form_controller";
import {FormRenderer} from "@web/views/form/form_renderer";
import {formView} from "@web/views/form/form_view";
import {registry} from "@web/core/registry";

// A scorecard or a bonus run is a wide table first: it gets the whole width also on
// large screens, and the chatter stands below.

class WideFormController extends FormController {
    get className() {
        const className = super.className;
        delete className["o_xxl_form_view h-100"];
        className.o_kpi_wide_form = true;
        return className;
    }
}

class WideFormRenderer extends FormRenderer {
    mailLayout(hasAttachmentContainer) {
        const layout = super.mailLayout(hasAttachmentContainer);
        return layout === "SIDE_CHATTER" ? "BOTTOM_CHATTER" : layout;
    }
}

registry.category("views").add("kpi_wide_form", {
    ...formView,
    Controller: WideFormController,
    Renderer: WideFormRenderer,
});
