import {Component, useState} from "@odoo/owl";
import {formatCount, formatHours, formatPercent, placeLabel} from "../board_words";
import {_t} from "@web/core/l10n/translation";

const SHOWN = 10;
const BADGES = {
    danger: "text-bg-danger",
    warning: "text-bg-warning",
    info: "text-bg-info",
    success: "text-bg-success",
};

/** Vendors, people and warehouses, the worst first; who stands out is marked. */
export class BoardRanking extends Component {
    static template = "kpi_quality.BoardRanking";
    static props = {board: Object, onOpen: Function, onImprove: Function};

    setup() {
        this.state = useState({place: null, isOpen: false});
        this.format = {count: formatCount, hours: formatHours, percent: formatPercent};
    }

    get rankings() {
        const {filters, rankings} = this.props.board;
        return rankings.map((ranking) => ({
            ...ranking,
            label: placeLabel(filters.process, ranking.place),
        }));
    }

    get ranking() {
        const chosen = this.rankings.find(({place}) => place === this.state.place);
        return chosen || this.rankings[0];
    }

    /** Whoever is marked is shown, however far down. */
    get rows() {
        const {rows} = this.ranking;
        return this.state.isOpen
            ? rows
            : rows.filter(({marks}, index) => index < SHOWN || marks.length);
    }

    get hiddenCount() {
        return this.ranking.rows.length - this.rows.length;
    }

    get widest() {
        return Math.max(...this.ranking.rows.map(({mean_delay}) => mean_delay), 0);
    }

    width({mean_delay}) {
        return this.widest ? (100 * mean_delay) / this.widest : 0;
    }

    badge({level}) {
        return BADGES[level];
    }

    improveLabel(row) {
        return _t("Improve: %s", row.name);
    }

    figure(row) {
        return {place: this.ranking.place, id: row.id, label: row.name};
    }

    get showAllLabel() {
        return _t("Show %s more", formatCount(this.hiddenCount));
    }

    get note() {
        const {enough, place} = this.ranking;
        // A vendor answers for what came late, not for what lies at our dock.
        return this.props.board.has_parts && place === "partner_id"
            ? _t(
                  "By mean delay over all due. Vendors are marked by their own part of it, and with %s promises or more.",
                  enough
              )
            : _t(
                  "By mean delay over all due. Nobody with fewer than %s promises is marked.",
                  enough
              );
    }
}
