import {Component} from "@odoo/owl";

const LEVELS = {
    force_majeure: "alert-danger",
    none: "alert-success",
    unknown: "alert-secondary",
};

/** What the figures mean, and what to do next, one step after the other. */
export class FeedbackDiagnosis extends Component {
    static template = "kpi_quality.FeedbackDiagnosis";
    static props = {diagnosis: Object, onStep: Function};

    get level() {
        return LEVELS[this.props.diagnosis.cause] || "alert-warning";
    }

    /** What is collected needs no button: it comes from pressing. */
    hasButton({key}) {
        return key !== "collect";
    }

    onStep({key}) {
        this.props.onStep(key, {code: this.props.diagnosis.code});
    }
}
