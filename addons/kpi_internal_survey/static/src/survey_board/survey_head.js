import {deserializeDate, formatDate} from "@web/core/l10n/dates";
import {Component} from "@odoo/owl";

/** Which campaign is shown, and whether directors see it already. */
export class SurveyHead extends Component {
    static template = "kpi_internal_survey.SurveyHead";
    static props = {board: Object, onCampaign: Function, slots: {optional: true}};

    get days() {
        const {date_from: from, date_to: to} = this.props.board.campaign;
        return [from, to].map((date) => formatDate(deserializeDate(date))).join(" – ");
    }
}
