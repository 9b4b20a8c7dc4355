import {Component, useState} from "@odoo/owl";
import {formatMark, formatScore, isShown} from "../../survey_board/survey_words";
import {BoardChart} from "@kpi_quality/board/chart/board_chart";
import {_t} from "@web/core/l10n/translation";

const NOTHING = {state: "none"};

/** The score, or one criterion, over the cycles: the same key is the same criterion. */
export class ResultsTrend extends Component {
    static template = "kpi_internal_survey.ResultsTrend";
    static components = {BoardChart};
    static props = {board: Object, onCampaign: Function};

    setup() {
        this.state = useState({key: ""});
        this.formatMark = (mark) => formatMark(mark, 1);
        this.open = ({id}) => this.props.onCampaign(id);
        this.title = _t("Over the cycles").toString();
    }

    get criteria() {
        return this.props.board.groups.flatMap(({criteria}) => criteria);
    }

    figure({score, criteria}) {
        return this.state.key ? criteria[this.state.key] || NOTHING : score;
    }

    get series() {
        const {unit} = this.props.board;
        const company = {
            of: "company",
            label: _t("The whole company").toString(),
            colorName: "share",
        };
        return unit
            ? [{of: "unit", label: unit.name, colorName: "count"}, company]
            : [{...company, colorName: "count"}];
    }

    get columns() {
        return [_t("Campaign").toString(), ...this.series.map(({label}) => label)];
    }

    get rows() {
        return this.props.board.trend.map((cycle) => ({
            label: cycle.name,
            cells: this.series.map(({of}) => formatScore(this.figure(cycle[of]))),
            figure: {id: cycle.id},
        }));
    }

    get datasets() {
        return this.series.map(({of, label, colorName}) => ({
            label,
            colorName,
            data: this.props.board.trend.map((cycle) => {
                const figure = this.figure(cycle[of]);
                return isShown(figure) ? figure.score : null;
            }),
        }));
    }

    get description() {
        const cycles = this.rows.map(({label, cells}) => `${label}: ${cells[0]}`);
        return `${this.title}. ${cycles.join(", ")}`;
    }
}
