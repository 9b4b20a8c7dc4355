import {Component, useState} from "@odoo/owl";
import {formatDay, formatHours, formatPercent, placeLabel} from "../board_words";
import {meanParts, splitGroups} from "../board_series";
import {BoardChart} from "../../board/chart/board_chart";
import {_t} from "@web/core/l10n/translation";

/** Whose delay it is: the suppliers' part and our receiving's, stacked. */
export class BoardSplit extends Component {
    static template = "kpi_quality.BoardSplit";
    static components = {BoardChart};
    static props = {board: Object, onOpen: Function, onImprove: Function};

    setup() {
        this.formatHours = formatHours;
        this.title = _t("Whose delay").toString();
        this.state = useState({by: null});
    }

    get choices() {
        return [
            {key: "day", label: _t("Day")},
            {key: "week", label: _t("Week")},
            {key: "partner_id", label: _t("Vendor")},
            {key: "warehouse_id", label: _t("Warehouse")},
        ];
    }

    /** Days while they are few; the user's choice goes first. */
    get by() {
        const {filters, days} = this.props.board;
        const few = days.filter(({date}) => date >= filters.date_from).length <= 14;
        return this.state.by || (few ? "day" : "week");
    }

    get isByPlace() {
        return !["day", "week"].includes(this.by);
    }

    get groups() {
        return splitGroups(this.props.board, this.by).map((group) => ({
            ...group,
            label: this.labelOf(group),
            mean: meanParts(group),
        }));
    }

    labelOf({name, date, date_from, date_to}) {
        if (name !== undefined) {
            return name;
        }
        if (date || date_from === date_to) {
            return formatDay(date || date_from);
        }
        return `${formatDay(date_from)} – ${formatDay(date_to)}`;
    }

    get rows() {
        return this.groups.map(({label, late, hours, own, mean, figure}) => ({
            label,
            cells: [
                formatHours(late ? mean.supplier : null),
                formatHours(late ? mean.own : null),
                formatHours(late ? mean.total : null),
                formatPercent(hours ? (100 * own) / hours : null),
            ],
            figure: {label, ...figure},
        }));
    }

    get columns() {
        const first = this.isByPlace
            ? placeLabel(this.props.board.filters.process, this.by)
            : _t("Days");
        return [
            first,
            _t("Suppliers"),
            _t("Our receiving"),
            _t("Together"),
            _t("Our part"),
        ].map(String);
    }

    get datasets() {
        const means = this.groups.map(({mean}) => mean);
        return [
            {
                label: _t("Suppliers").toString(),
                data: means.map(({supplier}) => supplier),
                colorName: "supplier",
                narrower: {part: "supplier"},
                minBarLength: 0,
            },
            {
                label: _t("Our receiving").toString(),
                data: means.map(({own}) => own),
                colorName: "own",
                narrower: {part: "own"},
                minBarLength: 0,
            },
        ];
    }

    get description() {
        const {text} = this.props.board.bottleneck;
        return _t("%(words)s Mean of the late ones, by part; see the table below.", {
            words: text,
        }).toString();
    }
}
