/* What the matrix says of a cell, in words. */
import {
    formatDifference,
    formatPeople,
    formatScore,
    isShown,
} from "../survey_board/survey_words";
import {levelOfDifference, levelOfMark} from "../survey_board/survey_levels";
import {_t} from "@web/core/l10n/translation";

export const SIGNS = {
    conflict: {
        icon: "fa-bolt",
        text: _t("Conflict: far below the row and the column, more than by chance"),
    },
    praise: {icon: "fa-star", text: _t("Mutually high marks")},
};

export const DIFFERENCES = [
    _t("1.5 or more below"),
    _t("0.5 to 1.5 below"),
    _t("about as usual"),
    _t("0.5 to 1.5 above"),
    _t("1.5 or more above"),
];

/**
 * The colour of a figure.
 *
 * @param {Object} figure
 * @param {Number|null} difference from the mean that it is compared with
 * @param {Object} options `mode` ("marks" or "difference"), `bands`
 * @returns {String} class
 */
export function colorOf(figure, difference, {mode, bands}) {
    if (figure.state === "hidden") {
        return "o_kpi_survey_hidden";
    }
    if (!isShown(figure) || (mode === "difference" && difference === null)) {
        return "";
    }
    const level =
        mode === "difference"
            ? levelOfDifference(difference)
            : levelOfMark(figure.score, bands);
    return `o_kpi_survey_level_${level}`;
}

export function describeFigure(figure) {
    if (isShown(figure)) {
        return `${formatScore(figure)} · ${formatPeople(figure.people)}`;
    }
    return (
        figure.state === "hidden"
            ? _t("Hidden: too few people, or they could be worked out")
            : _t("No data: nobody gave a mark")
    ).toString();
}

/** The lines of a cell's tooltip; the first is its title. */
export function describePair({rater, rated, isOwn, figure, row, column}) {
    const title = isOwn
        ? _t("%s sees itself", rated.name)
        : _t("%(rater)s rates %(rated)s", {rater: rater.name, rated: rated.name});
    const lines = [title, describeFigure(figure)];
    if (figure.sign) {
        lines.push(SIGNS[figure.sign].text);
    }
    if (isShown(figure) && isShown(column)) {
        const difference = formatDifference(figure.score - column.score, 2);
        lines.push(_t("%s from what it gets on average", difference));
    }
    lines.push(
        _t("%(unit)s gives %(mean)s on average", {
            unit: rater.name,
            mean: formatScore(row),
        }),
        _t("%(unit)s gets %(mean)s on average", {
            unit: rated.name,
            mean: formatScore(column),
        })
    );
    return lines.map(String);
}
