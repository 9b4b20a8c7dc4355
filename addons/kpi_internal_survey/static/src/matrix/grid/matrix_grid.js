import {Component, reactive, useEffect, useRef} from "@odoo/owl";
import {describePair, colorOf} from "../matrix_words";
import {formatDifference, formatMark} from "../../survey_board/survey_words";
import {MatrixTip} from "./matrix_tip";
import {movedBy, shortName} from "../matrix_layout";

const LIT = "o_kpi_matrix_lit";

/**
 * The heat map: a plain table, drawn once. Thousands of cells have no handlers and no
 * state of their own: events are taken by the table, the tooltip is one for all, and
 * what is lit or focused is marked on the elements themselves.
 */
export class MatrixGrid extends Component {
    static template = "kpi_internal_survey.MatrixGrid";
    static components = {MatrixTip};
    static props = {
        layout: Object,
        rows: Array,
        columns: Array,
        bands: Array,
        mode: String,
        zoom: String,
        onChoose: Function,
    };

    setup() {
        this.tableRef = useRef("table");
        this.tip = reactive({lines: [], left: 0, top: 0});
        this.lit = [];
        this.shortName = shortName;
        // The cell that the keyboard comes to first, and where it was last.
        useEffect(
            () => {
                this.place = [0, 0];
                this.cellAt(0, 0)?.setAttribute("tabindex", "0");
                return () => this.leave();
            },
            () => [this.props.rows.length, this.props.columns.length, this.props.layout]
        );
    }

    // ------------------------------------------------------------------ cells
    get formatScore() {
        const words = new Map();
        return (score) => {
            const rounded = score.toFixed(1);
            if (!words.has(rounded)) {
                words.set(rounded, formatMark(score, 1));
            }
            return words.get(rounded);
        };
    }

    get isDifference() {
        return this.props.mode === "difference";
    }

    /** Rows of classes and texts: all that the template needs. */
    get lines() {
        const {layout, rows, columns} = this.props;
        const format = this.formatScore;
        return rows.map((unit) => ({
            unit,
            mean: this.marginCell(layout.row(unit.id), format),
            cells: columns.map((column) => this.cell(unit.id, column.id, format)),
        }));
    }

    get total() {
        return this.marginCell(this.props.layout.total, this.formatScore);
    }

    cell(rater, rated, format) {
        const {layout} = this.props;
        const figure = layout.figure(rater, rated);
        const difference = this.isDifference ? layout.difference(rater, rated) : null;
        const classes = [colorOf(figure, difference, this.props)];
        if (rater === rated) {
            classes.push("o_kpi_matrix_own");
        }
        if (figure.sign) {
            classes.push(`o_kpi_matrix_${figure.sign}`);
        }
        return {
            classes: classes.join(" "),
            text: this.text(figure, difference, format),
        };
    }

    text({state, score}, difference, format) {
        if (state !== "shown" || this.props.zoom === "small") {
            return "";
        }
        if (!this.isDifference) {
            return format(score);
        }
        return difference === null ? "" : formatDifference(difference, 1);
    }

    /** Margins are marks, whatever the cells are compared with. */
    marginCell(figure, format) {
        return {
            classes: colorOf(figure, null, {...this.props, mode: "marks"}),
            text: figure.state === "shown" ? format(figure.score) : "",
        };
    }

    /** Cells this small have no room for a column's mean; the tooltip says it. */
    get means() {
        const {layout, columns, zoom} = this.props;
        const format = zoom === "small" ? () => "" : this.formatScore;
        return columns.map(({id}) => this.marginCell(layout.column(id), format));
    }

    // ----------------------------------------------------------------- places
    cellAt(row, column) {
        const line = this.tableRef.el?.tBodies[0].rows[row];
        return line?.cells[column + 2]; // after the name and the mean
    }

    placeOf(target) {
        const cell = target.closest?.("td[tabindex]");
        return cell && [cell.parentElement.sectionRowIndex, cell.cellIndex - 2];
    }

    idsAt([row, column]) {
        return [this.props.rows[row].id, this.props.columns[column].id];
    }

    // ----------------------------------------------------------------- events
    onHover(ev) {
        const place = this.placeOf(ev.target);
        if (place) {
            this.point(place);
        } else {
            this.leave();
        }
    }

    /** The tooltip goes with the cell that has the focus; the pointer finds a new one. */
    onScroll() {
        const [cell] = this.lit;
        if (cell && cell === document.activeElement) {
            this.point(this.placeOf(cell));
        } else {
            this.leave();
        }
    }

    onFocus(ev) {
        const place = this.placeOf(ev.target);
        if (place) {
            this.cellAt(...this.place)?.setAttribute("tabindex", "-1");
            ev.target.setAttribute("tabindex", "0");
            this.place = place;
            this.point(place);
        }
    }

    onClick(ev) {
        const place = this.placeOf(ev.target);
        if (place) {
            this.props.onChoose(...this.idsAt(place));
        }
    }

    onKeydown(ev) {
        const place = this.placeOf(ev.target);
        if (!place || ev.altKey || ev.ctrlKey || ev.metaKey) {
            return;
        }
        if (ev.key === "Enter" || ev.key === " ") {
            this.props.onChoose(...this.idsAt(place));
        } else if (ev.key === "Escape") {
            this.leave();
        } else {
            const {rows, columns} = this.props;
            const next = movedBy(ev.key, place, [rows.length, columns.length]);
            if (!next) {
                return;
            }
            this.cellAt(...next).focus();
        }
        ev.preventDefault();
    }

    // ---------------------------------------------------------------- pointing
    /** Show what a cell says, and light its two names. */
    point([row, column]) {
        this.leave();
        const cell = this.cellAt(row, column);
        const lines = describePair(
            this.props.layout.pair(...this.idsAt([row, column]))
        );
        cell.setAttribute("aria-label", lines.join(". "));
        const names = [
            cell.parentElement.cells[0],
            this.tableRef.el.tHead.rows[0].cells[column + 2],
        ];
        this.lit = [cell, ...names];
        this.lit.forEach((element) => element.classList.add(LIT));
        const {left, bottom, top} = cell.getBoundingClientRect();
        Object.assign(this.tip, {lines, left, bottom, top});
    }

    leave() {
        this.lit.forEach((element) => element.classList.remove(LIT));
        this.lit = [];
        this.tip.lines = [];
    }
}
