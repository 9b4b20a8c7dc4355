/* What the feedback board says in words and numbers, by the user's locale. */
import {formatCount, formatPercent, isNothing, NO_DATA} from "../board/board_words";
import {_t} from "@web/core/l10n/translation";
import {formatInUnit} from "../core/unit_format";
import {nbsp} from "@web/core/utils/strings";

export const ANSWERS = [
    {key: "yes", label: _t("Yes")},
    {key: "unsure", label: _t("Hard to say")},
    {key: "silent", label: _t("Silent")},
    {key: "no", label: _t("No")},
];

export const PLACES = {
    point_id: _t("Feedback points"),
    department_id: _t("Departments"),
    employee_id: _t("People"),
};

export const KINDS = {
    staff: _t("Staff"),
    office: _t("Office"),
    recommend: _t("Recommendation"),
};

/** Whether there is a value, but too few cases to say anything by it. */
export function isTooFew({value, margin}) {
    return !isNothing(value) && isNothing(margin);
}

/**
 * A figure with its interval, as one would say it.
 *
 * @param {Object} figure
 * @param {Number|null} figure.value
 * @param {Number|null} figure.margin null: too few to say
 * @returns {String} e.g. "11.0 ± 2.8 %", "92.0 %", "too few to say", "–"
 */
export function formatFigure({value, margin}) {
    if (isNothing(value)) {
        return NO_DATA;
    }
    if (isNothing(margin)) {
        return _t("too few to say").toString();
    }
    if (!margin) {
        return formatPercent(value);
    }
    const number = formatInUnit(value, {decimals: 1});
    return `${number}${nbsp}±${nbsp}${formatPercent(margin)}`;
}

/**
 * What an index is the mean over.
 *
 * @param {Object} figure
 * @returns {String}
 */
export function formatBase({code, count}) {
    return code === "dissatisfaction_department"
        ? _t("%s visits", formatCount(count)).toString()
        : _t("%s polls", formatCount(count)).toString();
}

/**
 * How a figure stands beside what is usual, in words.
 *
 * @param {Object} figure
 * @returns {String} empty where nothing can be said
 */
export function describeStanding({reference, standing}) {
    if (isNothing(reference)) {
        return "";
    }
    const usual = formatPercent(reference);
    return (
        {
            worse: _t("worse than the usual %s", usual),
            better: _t("better than the usual %s", usual),
            usual: _t("as usual: %s", usual),
        }[standing] || _t("usual is %s", usual)
    ).toString();
}
