/* What boards say in words and numbers, by the user's locale. */
import {deserializeDate, deserializeDateTime, formatDate} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {formatInUnit} from "../core/unit_format";

const {DateTime} = luxon;
export const NO_DATA = "–";

export const PERIODS = [
    {key: "today", label: _t("Today")},
    {key: "days_7", label: _t("7 days")},
    {key: "month", label: _t("This month")},
    {key: "last_month", label: _t("Last month")},
    {key: "days_30", label: _t("30 days")},
    {key: "custom", label: _t("Own dates")},
];

export const isNothing = (value) => value === null || value === undefined;

export function formatPercent(value) {
    return isNothing(value)
        ? NO_DATA
        : formatInUnit(value, {unit: "percent", decimals: 1});
}

export function formatCount(value) {
    return formatInUnit(value, {unit: "count", decimals: 0});
}

/**
 * A day without its year: boards look at recent ones.
 *
 * @param {String} date as the server writes it
 * @returns {String}
 */
export function formatDay(date) {
    return deserializeDate(date).toLocaleString({day: "numeric", month: "short"});
}

export function formatStretch({date_from: from, date_to: to}) {
    const [first, last] = [from, to].map((date) => formatDate(deserializeDate(date)));
    return first === last ? first : `${first} – ${last}`;
}

/**
 * A moment of the board: the time alone when it is today.
 *
 * @param {String} moment as the server writes it
 * @returns {String}
 */
export function formatMoment(moment) {
    const local = deserializeDateTime(moment);
    return local.hasSame(DateTime.now(), "day")
        ? local.toLocaleString(DateTime.TIME_SIMPLE)
        : local.toLocaleString({
              day: "numeric",
              month: "short",
              hour: "numeric",
              minute: "numeric",
          });
}

/**
 * When the figures of a board are from.
 *
 * @param {String|false} moment
 * @returns {String}
 */
export function formatMeasured(moment) {
    return moment ? _t("measured %s", formatMoment(moment)) : _t("not measured yet");
}
