import {Component, useState} from "@odoo/owl";
import {bandStretches, levelOfMark, positionOf} from "../../survey_board/survey_levels";
import {formatMargin, formatScore, isShown} from "../../survey_board/survey_words";
import {_t} from "@web/core/l10n/translation";
import {formatCount} from "@kpi_quality/board/board_words";

const SHOWN = 15;

/** The units on one line each, on the ground of the bands; one's own are marked. */
export class ResultsRanking extends Component {
    static template = "kpi_internal_survey.ResultsRanking";
    static props = {board: Object, onUnit: Function};

    setup() {
        this.state = useState({isOpen: false});
        Object.assign(this, {formatMargin, formatScore, isShown});
    }

    /** One's own, the chosen one, and the first. */
    get rows() {
        const {ranking, filters} = this.props.board;
        return this.state.isOpen
            ? ranking
            : ranking.filter(
                  (row, index) =>
                      index < SHOWN || row.is_own || row.id === filters.unit_id
              );
    }

    get showAllLabel() {
        const count = this.props.board.ranking.length - this.rows.length;
        return count && _t("Show %s more", formatCount(count));
    }

    get stretches() {
        return bandStretches(this.props.board.bands);
    }

    position(mark) {
        return positionOf(mark, this.props.board.bands);
    }

    level({score}) {
        return levelOfMark(score, this.props.board.bands);
    }

    stretchStyle({left, width}) {
        return `left: ${left}%; width: ${width}%`;
    }

    dotStyle(mark) {
        return `left: ${this.position(mark)}%`;
    }

    rangeStyle({score, margin}) {
        const left = this.position(score - margin);
        return this.stretchStyle({left, width: this.position(score + margin) - left});
    }

    get companyNote() {
        const {company} = this.props.board;
        return isShown(company) && _t("The company: %s", formatScore(company));
    }
}
