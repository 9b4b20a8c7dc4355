import {_t} from "@web/core/l10n/translation";

/**
 * "3 d 4 h", "2 h 15 min", "7 min": the two largest units are enough at a dock.
 *
 * @param {Number} minutes
 * @returns {String}
 */
export function formatSpan(minutes) {
    const whole = Math.max(0, Math.floor(minutes));
    const days = Math.floor(whole / 1440);
    const hours = Math.floor((whole % 1440) / 60);
    const rest = whole % 60;
    if (days) {
        return _t("%(days)s d %(hours)s h", {days, hours});
    }
    if (hours) {
        return _t("%(hours)s h %(minutes)s min", {hours, minutes: rest});
    }
    return _t("%(minutes)s min", {minutes: rest});
}

/**
 * @param {DateTime} from
 * @param {DateTime} to
 * @returns {Number} minutes
 */
export function minutesBetween(from, to) {
    return to.diff(from, "minutes").minutes;
}
