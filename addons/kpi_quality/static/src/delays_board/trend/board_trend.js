import {formatCount, formatDay, formatHours, formatPercent} from "../board_words";
import {BoardChart} from "../../board/chart/board_chart";
import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";

/** Day by day: how late the late ones are, how many are late, and what was begun. */
export class BoardTrend extends Component {
    static template = "kpi_quality.BoardTrend";
    static components = {BoardChart};
    static props = {
        board: Object,
        onOpen: Function,
        onImprove: Function,
        onOpenImprovement: Function,
    };

    setup() {
        this.formatHours = formatHours;
        this.formatPercent = formatPercent;
        this.formatDay = formatDay;
        this.title = _t("Trend by day").toString();
        this.columns = [
            _t("Day"),
            _t("Mean lateness"),
            _t("Share late"),
            _t("Late"),
            _t("Due"),
        ].map(String);
    }

    get rows() {
        return this.props.board.days.map((day) => ({
            label: formatDay(day.date),
            cells: [
                formatHours(day.mean_lateness),
                formatPercent(day.late_share),
                formatCount(day.late),
                formatCount(day.due),
            ],
            figure: {
                date_from: day.date,
                date_to: day.date,
                label: formatDay(day.date),
            },
        }));
    }

    get datasets() {
        const {days} = this.props.board;
        return [
            {
                label: _t("Mean lateness of the late ones").toString(),
                data: days.map((day) => day.mean_lateness),
                colorName: "late",
                order: 2,
            },
            {
                type: "line",
                label: _t("Share late").toString(),
                data: days.map((day) => day.late_share),
                yAxisID: "second",
                colorName: "share",
                tension: 0.2,
                pointRadius: 3,
                spanGaps: true,
                order: 1,
            },
        ];
    }

    get marks() {
        const days = this.props.board.days.map(({date}) => date);
        return this.props.board.improvements
            .map(({date}) => days.indexOf(date))
            .filter((index) => index >= 0);
    }

    get description() {
        const worst = [...this.props.board.days]
            .filter(({late}) => late)
            .sort((first, second) => second.mean_lateness - first.mean_lateness)[0];
        if (!worst) {
            return _t("Trend by day: nothing was late.").toString();
        }
        return _t(
            "Trend by day: mean lateness of the late ones and share late. Worst on " +
                "%(day)s with %(hours)s. The table below has all days.",
            {day: formatDay(worst.date), hours: formatHours(worst.mean_lateness)}
        ).toString();
    }
}
