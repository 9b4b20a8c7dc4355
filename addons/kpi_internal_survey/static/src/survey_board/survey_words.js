/* What the screens of the survey say in words and numbers, by the user's locale. */
import {_t} from "@web/core/l10n/translation";
import {formatInUnit} from "@kpi_quality/core/unit_format";

export const TOO_FEW = _t("too few");
export const NO_DATA = _t("no data");
export const TONES = {
    low: _t("Low marks"),
    high: _t("High marks"),
    plain: _t("Others"),
};
/** So close that nobody would speak of a gap. */
const SAME = 0.05;

export const isShown = (figure) => figure?.state === "shown";

/**
 * @param {Number} mark
 * @param {Number} [decimals]
 * @returns {String}
 */
export function formatMark(mark, decimals = 2) {
    return formatInUnit(mark, {decimals});
}

/** A difference with its sign: "+0.52", "−1.20". */
export function formatDifference(difference, decimals = 2) {
    const number = formatMark(Math.abs(difference), decimals);
    const isZero = Number(Math.abs(difference).toFixed(decimals)) === 0;
    if (isZero) {
        return number;
    }
    return difference < 0 ? `−${number}` : `+${number}`;
}

/**
 * A figure, or why there is none: too few people and no data are two things.
 *
 * @param {Object} figure `state`, `score`
 * @param {Number} [decimals]
 * @returns {String}
 */
export function formatScore(figure, decimals = 2) {
    if (isShown(figure)) {
        return formatMark(figure.score, decimals);
    }
    return (figure?.state === "hidden" ? TOO_FEW : NO_DATA).toString();
}

/** "± 0.31", or nothing where one cannot say. */
export function formatMargin(figure) {
    return isShown(figure) && figure.margin ? `± ${formatMark(figure.margin)}` : "";
}

export function formatPeople(count) {
    return _t("%s people", formatInUnit(count, {decimals: 0})).toString();
}

/**
 * How the unit sees itself beside how others see it.
 *
 * @param {Object} own figure
 * @param {Object} others figure
 * @returns {String} empty where one of them is not shown
 */
export function describeGap(own, others) {
    if (!isShown(own) || !isShown(others)) {
        return "";
    }
    const gap = own.score - others.score;
    const size = formatMark(Math.abs(gap), 1);
    if (Math.abs(gap) < SAME) {
        return _t("sees itself as others do").toString();
    }
    return (
        gap > 0
            ? _t("sees itself %s higher than others do", size)
            : _t("sees itself %s lower than others do", size)
    ).toString();
}

/**
 * What became of a score since the cycle before.
 *
 * @param {Object|false} change as the server describes it
 * @returns {String} empty in the first cycle
 */
export function describeChange(change) {
    if (!change) {
        return "";
    }
    if (change.difference === null) {
        return _t("%(campaign)s: %(score)s", {
            campaign: change.campaign,
            score: formatScore(change.before),
        }).toString();
    }
    const words = {
        difference: formatDifference(change.difference),
        campaign: change.campaign,
    };
    return (
        change.is_certain
            ? _t("%(difference)s since “%(campaign)s”: more than chance", words)
            : _t("%(difference)s since “%(campaign)s”: may be chance", words)
    ).toString();
}
