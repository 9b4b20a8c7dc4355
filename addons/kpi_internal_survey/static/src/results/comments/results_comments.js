import {Component, useState} from "@odoo/owl";
import {TONES} from "../../survey_board/survey_words";
import {_t} from "@web/core/l10n/translation";
import {formatCount} from "@kpi_quality/board/board_words";
import {normalize} from "@web/core/l10n/utils";

const SHOWN = 8;

/** What people wrote about the unit; who they are, nobody knows. */
export class ResultsComments extends Component {
    static template = "kpi_internal_survey.ResultsComments";
    static props = {comments: {type: Array, element: Object}, unit: Object};

    setup() {
        this.state = useState({tone: "", text: "", isOpen: false});
    }

    get tones() {
        return Object.entries(TONES)
            .map(([key, label]) => ({
                key,
                label: label.toString(),
                count: this.props.comments.filter(({tone}) => tone === key).length,
            }))
            .filter(({count}) => count);
    }

    get found() {
        const {tone, text} = this.state;
        const searched = normalize(text.trim());
        return this.props.comments.filter(
            (comment) =>
                (!tone || comment.tone === tone) &&
                (!searched || normalize(comment.text).includes(searched))
        );
    }

    get rows() {
        return this.state.isOpen ? this.found : this.found.slice(0, SHOWN);
    }

    get showAllLabel() {
        const count = this.found.length - this.rows.length;
        return count && _t("Show %s more", formatCount(count));
    }

    toggle(tone) {
        this.state.tone = this.state.tone === tone ? "" : tone;
    }
}
