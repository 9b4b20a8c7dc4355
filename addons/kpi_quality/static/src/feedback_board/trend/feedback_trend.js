import {Component, useState} from "@odoo/owl";
import {formatBase, formatFigure, isTooFew} from "../feedback_words";
import {formatDay, formatPercent, isNothing} from "../../board/board_words";
import {BoardChart} from "../../board/chart/board_chart";
import {_t} from "@web/core/l10n/translation";

/** An index by day or week, with its interval and what is usual. */
export class FeedbackTrend extends Component {
    static template = "kpi_quality.FeedbackTrend";
    static components = {BoardChart};
    static props = {
        board: Object,
        onOpen: Function,
        onImprove: Function,
        onOpenRecord: Function,
    };

    setup() {
        this.formatPercent = formatPercent;
        this.formatDay = formatDay;
        this.state = useState({code: null, by: null});
        this.steps = [
            {key: "day", label: _t("Day")},
            {key: "week", label: _t("Week")},
        ];
    }

    get codes() {
        return [...this.props.board.indexes, ...this.props.board.exact];
    }

    get code() {
        return this.codes.includes(this.state.code) ? this.state.code : this.codes[0];
    }

    /** Days where most of them have polls enough to say something, else weeks. */
    get by() {
        const days = this.props.board.trend.day.filter(
            ({figures}) => figures[this.code].count
        );
        const sure = days.filter(({figures}) => !isTooFew(figures[this.code]));
        return this.state.by || (2 * sure.length < days.length ? "week" : "day");
    }

    get figure() {
        return this.props.board.figures[this.code];
    }

    get stretches() {
        return this.props.board.trend[this.by].map((stretch) => ({
            ...stretch,
            label: this.labelOf(stretch),
            figure: stretch.figures[this.code],
        }));
    }

    labelOf({date_from, date_to}) {
        return date_from === date_to
            ? formatDay(date_from)
            : `${formatDay(date_from)} – ${formatDay(date_to)}`;
    }

    get title() {
        return _t("Trend: %s", this.figure.name).toString();
    }

    get columns() {
        return [_t("Days"), this.figure.name, _t("Of")].map(String);
    }

    get rows() {
        return this.stretches.map(({label, figure, date_from, date_to}) => ({
            label,
            cells: [
                formatFigure(figure),
                formatBase({code: this.code, count: figure.count}),
            ],
            figure: {code: this.code, date_from, date_to, label},
        }));
    }

    /** Both edges of the band first: the area lies behind the line. */
    get datasets() {
        const figures = this.stretches.map(({figure}) => figure);
        const edge = (sign) =>
            figures.map(({value, margin}) =>
                isNothing(value) || isNothing(margin) ? null : value + sign * margin
            );
        const helper = {
            type: "line",
            isHelper: true,
            colorName: "band",
            pointRadius: 0,
            borderWidth: 0,
        };
        const datasets = [];
        if (this.figure.has_interval) {
            datasets.push(
                {...helper, label: "low", data: edge(-1), order: 3},
                {...helper, label: "high", data: edge(1), fill: "-1", order: 3}
            );
        }
        datasets.push({
            type: "line",
            label: this.figure.name,
            data: figures.map(({value}) => value),
            colorName: "count",
            pointRadius: 4,
            pointStyle: figures.map((figure) =>
                isTooFew(figure) ? "crossRot" : "circle"
            ),
            spanGaps: true,
            order: 1,
        });
        if (!isNothing(this.figure.reference)) {
            datasets.push({
                type: "line",
                label: _t("Usual").toString(),
                data: figures.map(() => this.figure.reference),
                colorName: "mark",
                borderDash: [6, 4],
                pointRadius: 0,
                order: 2,
            });
        }
        return datasets;
    }

    get hasTooFew() {
        return this.stretches.some(({figure}) => isTooFew(figure));
    }

    get improvements() {
        return this.props.board.improvements.filter(({code}) => code === this.code);
    }

    get marks() {
        const {stretches} = this;
        return this.improvements
            .map(({date}) =>
                stretches.findIndex(
                    ({date_from, date_to}) => date_from <= date && date <= date_to
                )
            )
            .filter((index) => index >= 0);
    }

    get description() {
        return _t("%(title)s. On these days together: %(value)s. The table has all.", {
            title: this.title,
            value: formatFigure(this.figure),
        }).toString();
    }
}
