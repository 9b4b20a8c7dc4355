import {describeGap, formatScore, isShown} from "../../survey_board/survey_words";
import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {positionOf} from "../../survey_board/survey_levels";

/**
 * Criterion by criterion: how others see the unit, how it sees itself, and where the
 * company stands. Without a unit, the company alone.
 */
export class ResultsProfile extends Component {
    static template = "kpi_internal_survey.ResultsProfile";
    static props = {board: Object};

    setup() {
        Object.assign(this, {formatScore, isShown, describeGap});
    }

    get title() {
        const {unit} = this.props.board;
        return unit ? _t("Criteria: %s", unit.name) : _t("Criteria: the whole company");
    }

    /** What others say of the unit; of the company where none is chosen. */
    main(criterion) {
        return this.props.board.unit ? criterion.others : criterion.company;
    }

    markStyle({score}) {
        return `left: ${positionOf(score, this.props.board.bands)}%`;
    }

    /** The line between how one sees oneself and how others do. */
    gapStyle({own, others}) {
        const [left, right] = [own, others]
            .map(({score}) => positionOf(score, this.props.board.bands))
            .sort((first, second) => first - second);
        return `left: ${left}%; width: ${right - left}%`;
    }

    hasGap({own, others}) {
        return isShown(own) && isShown(others);
    }
}
