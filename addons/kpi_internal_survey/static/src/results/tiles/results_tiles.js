import {
    describeChange,
    describeGap,
    formatMargin,
    formatPeople,
    formatScore,
    isShown,
} from "../../survey_board/survey_words";
import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatPercent} from "@kpi_quality/board/board_words";
import {levelOfMark} from "../../survey_board/survey_levels";

/** The company in figures, and the chosen unit beside it. */
export class ResultsTiles extends Component {
    static template = "kpi_internal_survey.ResultsTiles";
    static props = {board: Object};

    setup() {
        this.isShown = isShown;
        this.formatPercent = formatPercent;
        this.levelOfMark = levelOfMark;
    }

    get scores() {
        const {company, unit} = this.props.board;
        const tiles = [
            {key: "company", label: _t("The whole company"), figure: company},
        ];
        if (unit) {
            tiles.push({key: "unit", label: unit.name, figure: unit});
        }
        return tiles.map((tile) => ({
            ...tile,
            value: formatScore(tile.figure),
            margin: formatMargin(tile.figure),
            people: isShown(tile.figure)
                ? this.formatMarks(tile)
                : this.why(tile.figure),
            change: describeChange(tile.figure.change),
        }));
    }

    /** Behind the company's score are marks, several of one person. */
    formatMarks({key, figure}) {
        return key === "company"
            ? _t("%s unit ratings", formatScore({...figure, score: figure.people}, 0))
            : formatPeople(figure.people);
    }

    /** Why there is no figure, in a sentence. */
    why({state}) {
        return state === "hidden"
            ? _t(
                  "Rated by fewer than %s people, or a small group could be worked out.",
                  this.props.board.campaign.minimum
              )
            : _t("Nobody rated it.");
    }

    whyOwn({state}) {
        return state === "hidden"
            ? _t(
                  "Fewer than %s of its own people rated it.",
                  this.props.board.campaign.minimum
              )
            : _t("None of its own people rated it.");
    }

    standing({change}) {
        if (!change?.is_certain) {
            return "text-muted";
        }
        return change.difference > 0 ? "o_kpi_board_better" : "o_kpi_board_worse";
    }

    get participation() {
        return this.props.board.company.participation;
    }

    get rank() {
        const {unit, ranking} = this.props.board;
        const ranked = ranking.filter(({rank}) => rank).length;
        return unit.rank && _t("%(rank)s of %(all)s", {rank: unit.rank, all: ranked});
    }

    get own() {
        const {unit} = this.props.board;
        const gap = describeGap(unit.own, unit);
        return {
            value: formatScore(unit.own),
            text: isShown(unit.own) ? gap : this.whyOwn(unit.own),
        };
    }
}
