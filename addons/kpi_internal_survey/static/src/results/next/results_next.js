import {deserializeDate, formatDate} from "@web/core/l10n/dates";
import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";

const STATES = {
    open: {label: _t("Open"), color: "text-bg-info"},
    done: {label: _t("Done"), color: "text-bg-success"},
    cancelled: {label: _t("Cancelled"), color: "text-bg-secondary"},
    overdue: {label: _t("Overdue"), color: "text-bg-danger"},
};

/** What follows from the results: HR's advice, and who does what until when. */
export class ResultsNext extends Component {
    static template = "kpi_internal_survey.ResultsNext";
    static props = {board: Object, onOpenRecord: Function, onPlan: Function};

    get advice() {
        const {recommendations} = this.props.board;
        return [
            {
                title: _t("For the unit").toString(),
                rows: recommendations.filter((row) => row.is_unit),
            },
            {
                title: _t("For the company").toString(),
                rows: recommendations.filter((row) => !row.is_unit),
            },
        ].filter(({rows}) => rows.length);
    }

    get actions() {
        return this.props.board.improvements.map((action) => ({
            ...action,
            standing: STATES[action.is_overdue ? "overdue" : action.state],
            until: formatDate(deserializeDate(action.date_deadline)),
        }));
    }
}
