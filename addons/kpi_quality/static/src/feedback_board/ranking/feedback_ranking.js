import {Component, useState} from "@odoo/owl";
import {PLACES, formatBase, formatFigure, isTooFew} from "../feedback_words";
import {formatCount, formatPercent, isNothing} from "../../board/board_words";
import {_t} from "@web/core/l10n/translation";
import {intervalScale} from "./interval_scale";

const SHOWN = 10;

/** Points, departments and people by an index, the worst first, with intervals. */
export class FeedbackRanking extends Component {
    static template = "kpi_quality.FeedbackRanking";
    static props = {board: Object, onOpen: Function, onImprove: Function};

    setup() {
        this.state = useState({code: null, place: null, isOpen: false});
        this.formatFigure = formatFigure;
        this.formatBase = formatBase;
        this.isTooFew = isTooFew;
        this.placeLabels = PLACES;
    }

    get codes() {
        return this.props.board.indexes;
    }

    get code() {
        return this.codes.includes(this.state.code) ? this.state.code : this.codes[0];
    }

    get ranking() {
        const {rankings} = this.props.board;
        return (
            rankings.find(({place}) => place === this.state.place) ||
            rankings.find(({rows}) => rows.length) ||
            rankings[0]
        );
    }

    /** The worst first; those of whom too little is known last. */
    get allRows() {
        const rows = this.ranking.rows
            .filter(({figures}) => this.code in figures)
            .map((row) => ({...row, figure: row.figures[this.code]}));
        return rows.sort(
            (first, second) =>
                isTooFew(first.figure) - isTooFew(second.figure) ||
                (first.figure.rising ? 1 : -1) *
                    (first.figure.value - second.figure.value)
        );
    }

    /** Whoever is marked is shown, however far down. */
    get rows() {
        return this.state.isOpen
            ? this.allRows
            : this.allRows.filter(
                  ({figure}, index) => index < SHOWN || figure.standing === "worse"
              );
    }

    get hiddenCount() {
        return this.allRows.length - this.rows.length;
    }

    get scale() {
        return intervalScale(this.allRows.map(({figure}) => figure));
    }

    get reference() {
        const {reference} = this.props.board.figures[this.code];
        return isNothing(reference) ? null : reference;
    }

    get note() {
        return this.reference === null
            ? _t("There is no reference value for this index: nobody is marked.")
            : _t(
                  "Usual is %s, the green line. Marked is who is worse by more than chance.",
                  formatPercent(this.reference)
              );
    }

    barStyle(figure) {
        const {low, high} = this.scale.bar(figure);
        return `left: ${low}%; width: ${high - low}%`;
    }

    positionStyle(value) {
        return `left: ${this.scale.position(value)}%`;
    }

    improveLabel(row) {
        return _t("Improve: %s", row.name);
    }

    figureOf(row) {
        return {
            code: this.code,
            place: this.ranking.place,
            id: row.id,
            label: row.name,
        };
    }

    get showAllLabel() {
        return _t("Show %s more", formatCount(this.hiddenCount));
    }
}
