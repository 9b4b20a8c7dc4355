import {Component} from "@odoo/owl";
import {ControlPanel} from "@web/search/control_panel/control_panel";

/** Around each screen: what went wrong, or why there is nothing to see. */
export class SurveyFrame extends Component {
    static template = "kpi_internal_survey.SurveyFrame";
    static components = {ControlPanel};
    static props = {store: Object, slots: Object};
}
