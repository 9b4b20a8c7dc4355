import {browser} from "@web/core/browser/browser";
import {registry} from "@web/core/registry";

/**
 * A held red button pops up wherever the recipient is in Odoo, and stays until it is
 * closed or somebody takes care.
 */
export const redAlarmService = {
    dependencies: ["action", "bus_service", "notification"],

    start(env, {action, bus_service, notification}) {
        const shown = new Map();

        function close(id) {
            shown.get(id)?.();
            shown.delete(id);
        }

        function show({id, title, message, open}) {
            close(id);
            const buttons = [
                {
                    name: open,
                    primary: true,
                    onClick: () => {
                        close(id);
                        action.doAction({
                            type: "ir.actions.act_window",
                            res_model: "kpi.feedback.complaint",
                            res_id: id,
                            views: [[false, "form"]],
                        });
                    },
                },
            ];
            const options = {title, type: "danger", sticky: true, buttons};
            shown.set(id, notification.add(message, options));
            browser.navigator.vibrate?.(400);
        }

        bus_service.subscribe("kpi_quality.red_button", show);
        bus_service.subscribe("kpi_quality.red_button_taken", ({id}) => close(id));
        bus_service.start();
    },
};

registry.category("services").add("kpi_red_alarm", redAlarmService);
