import {MatrixPair} from "./matrix_pair";
import {Component} from "@odoo/owl";

/** Beside the matrix: the cell that was chosen, the conflicts, and who gets on well. */
export class MatrixPairs extends Component {
    static template = "kpi_internal_survey.MatrixPairs";
    static components = {MatrixPair};
    static props = {
        layout: Object,
        board: Object,
        chosen: {optional: true},
        onComments: Function,
        onPlan: Function,
        onOpenRecord: Function,
    };

    get pairProps() {
        const {board, onComments, onPlan, onOpenRecord} = this.props;
        return {board, onComments, onPlan, onOpenRecord};
    }

    get conflicts() {
        return this.props.layout.signed("conflict");
    }

    get praises() {
        return this.props.layout.signed("praise").reverse();
    }

    keyOf({rater, rated}) {
        return `${rater.id}-${rated.id}`;
    }
}
