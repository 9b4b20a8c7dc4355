import {Component, useState} from "@odoo/owl";
import {SIGNS, colorOf, describeFigure} from "../matrix_words";
import {formatScore, isShown} from "../../survey_board/survey_words";
import {MatrixPairs} from "../pairs/matrix_pairs";
import {_t} from "@web/core/l10n/translation";

const ORDER = {shown: 0, hidden: 1, none: 2};

/** On a phone: one unit, what it gets and what it gives. */
export class MatrixPhone extends Component {
    static template = "kpi_internal_survey.MatrixPhone";
    static components = {MatrixPairs};
    static props = {
        layout: Object,
        board: Object,
        bands: Array,
        onComments: Function,
        onPlan: Function,
        onOpenRecord: Function,
    };

    setup() {
        this.state = useState({id: null});
        this.signs = SIGNS;
        Object.assign(this, {describeFigure, formatScore, isShown});
    }

    get units() {
        const {rows, columns} = this.props.layout;
        return [...new Set([...columns, ...rows])];
    }

    /** The chosen unit; at first who is rated in the gravest conflict. */
    get unit() {
        const {layout} = this.props;
        const [conflict] = layout.signed("conflict");
        return (
            this.units.find(({id}) => id === this.state.id) ||
            conflict?.rated ||
            this.units[0]
        );
    }

    choose(id) {
        this.state.id = Number(id);
    }

    get pairProps() {
        const {layout, board, onComments, onPlan, onOpenRecord} = this.props;
        return {layout, board, onComments, onPlan, onOpenRecord};
    }

    get own() {
        return this.props.layout.figure(this.unit.id, this.unit.id);
    }

    get lists() {
        const {layout} = this.props;
        const {id} = this.unit;
        const gets = layout.rows.map((unit) => ({
            unit,
            figure: layout.figure(unit.id, id),
        }));
        const gives = layout.columns.map((unit) => ({
            unit,
            figure: layout.figure(id, unit.id),
        }));
        return [
            {key: "gets", title: _t("Gets"), mean: layout.column(id), rows: gets},
            {key: "gives", title: _t("Gives"), mean: layout.row(id), rows: gives},
        ].map((list) => ({...list, rows: this.sort(list.rows)}));
    }

    /** The lowest first; without those who have nothing to do with each other. */
    sort(rows) {
        return rows
            .filter(({unit, figure}) => unit !== this.unit && figure.state !== "none")
            .sort(
                (first, second) =>
                    ORDER[first.figure.state] - ORDER[second.figure.state] ||
                    first.figure.score - second.figure.score
            );
    }

    colorOf(figure) {
        return colorOf(figure, null, {mode: "marks", bands: this.props.bands});
    }
}
