/* Everything the delays board says in words and numbers, by the user's locale. */
import {deserializeDate, deserializeDateTime, formatDate} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {formatInUnit} from "../core/unit_format";
import {nbsp} from "@web/core/utils/strings";

const {DateTime} = luxon;
export const NO_DATA = "–";

export const PROCESSES = [
    {key: "pick", label: _t("Picking")},
    {key: "inbound", label: _t("Inbound")},
    {key: "supplier", label: _t("Suppliers")},
    {key: "delivery", label: _t("Delivery")},
];

export const PERIODS = [
    {key: "today", label: _t("Today")},
    {key: "days_7", label: _t("7 days")},
    {key: "month", label: _t("This month")},
    {key: "last_month", label: _t("Last month")},
    {key: "days_30", label: _t("30 days")},
    {key: "custom", label: _t("Own dates")},
];

const PLACES = {
    pick: {employee_id: _t("Pickers"), warehouse_id: _t("Warehouses")},
    inbound: {
        partner_id: _t("Vendors"),
        warehouse_id: _t("Warehouses"),
        employee_id: _t("Buyers"),
    },
    supplier: {
        partner_id: _t("Vendors"),
        employee_id: _t("Buyers"),
        warehouse_id: _t("Warehouses"),
    },
    delivery: {
        site_id: _t("Sites"),
        employee_id: _t("Delivered by"),
        warehouse_id: _t("Warehouses"),
    },
};

export function placeLabel(process, place) {
    return PLACES[process][place];
}

const isNothing = (value) => value === null || value === undefined;

export function formatHours(value) {
    return isNothing(value)
        ? NO_DATA
        : formatInUnit(value, {unit: "hours", decimals: 1});
}

export function formatPercent(value) {
    return isNothing(value)
        ? NO_DATA
        : formatInUnit(value, {unit: "percent", decimals: 1});
}

export function formatCount(value) {
    return formatInUnit(value, {unit: "count", decimals: 0});
}

/**
 * How long something is late, as one would say it.
 *
 * @param {Number} hours
 * @returns {String} e.g. "25 min", "3.5 h", "2 d 4 h"
 */
export function formatLateness(hours) {
    const whole = Math.floor(hours);
    let words = _t("%(days)s d %(hours)s h", {
        days: formatCount(Math.floor(whole / 24)),
        hours: whole % 24,
    });
    if (hours < 1) {
        words = _t("%s min", Math.floor(hours * 60));
    } else if (hours < 48) {
        words = _t("%s h", formatInUnit(hours, {decimals: 1}));
    }
    return words.toString().replaceAll(" ", nbsp);
}

/**
 * A day without its year: the board looks at recent ones.
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
 * The words of a delay bucket.
 *
 * @param {Object} bucket
 * @param {Number|null} bucket.hours_from
 * @param {Number|null} bucket.hours_to
 * @returns {String}
 */
export function bucketLabel({hours_from: from, hours_to: to}) {
    if (isNothing(from)) {
        return _t("in time").toString();
    }
    if (isNothing(to)) {
        return _t("over %s h", from).toString();
    }
    return from === 0
        ? _t("up to %s h", to).toString()
        : _t("%(from)s to %(to)s h", {from, to}).toString();
}

/**
 * Against the days before, in words, and whether it got better. Less is better.
 *
 * @param {Number|null} now
 * @param {Number|null} before
 * @param {Function} format
 * @returns {{text: String, trend: String}} `trend`: "better", "worse" or ""
 */
export function describeChange(now, before, format) {
    if (isNothing(before)) {
        return {text: _t("no data before").toString(), trend: ""};
    }
    if (isNothing(now)) {
        return {text: _t("%s before", format(before)).toString(), trend: ""};
    }
    if (format(now) === format(before)) {
        return {text: _t("as before").toString(), trend: ""};
    }
    return {
        text: _t("%s before", format(before)).toString(),
        trend: now < before ? "better" : "worse",
    };
}
