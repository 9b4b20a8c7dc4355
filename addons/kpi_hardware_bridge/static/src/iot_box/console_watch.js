import {BoxWatch} from "./box_watch";
import {registry} from "@web/core/registry";

/** Shows test presses of the console of the form as they come. */
export class ConsoleWatch extends BoxWatch {
    static notification = "kpi_hardware_bridge.console";
}

registry.category("view_widgets").add("kpi_console_watch", {component: ConsoleWatch});
