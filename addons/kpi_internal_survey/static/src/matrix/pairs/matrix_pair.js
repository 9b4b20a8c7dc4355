import {Component} from "@odoo/owl";
import {colorOf, describeFigure} from "../matrix_words";
import {formatScore, isShown} from "../../survey_board/survey_words";

/** Two units: how each rates the other, and what can be done about it. */
export class MatrixPair extends Component {
    static template = "kpi_internal_survey.MatrixPair";
    static props = {
        pair: Object,
        board: Object,
        onComments: Function,
        onPlan: Function,
        onOpenRecord: Function,
    };

    setup() {
        Object.assign(this, {describeFigure, formatScore, isShown});
    }

    get directions() {
        const {pair} = this.props;
        const there = {from: pair.rater.name, to: pair.rated.name, figure: pair.figure};
        const back = {from: pair.rated.name, to: pair.rater.name, figure: pair.back};
        return pair.isOwn || !pair.rater.id ? [there] : [there, back];
    }

    colorOf(figure) {
        return colorOf(figure, null, {mode: "marks", bands: this.props.board.bands});
    }

    /** What is done about the rated unit already. */
    get actions() {
        const {pair, board} = this.props;
        return board.improvements.filter(
            ({department_id: id, state}) =>
                id === pair.rated.department_id && state !== "cancelled"
        );
    }
}
