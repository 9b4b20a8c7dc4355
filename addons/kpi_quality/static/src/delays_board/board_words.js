/* Everything the delays board says in words and numbers, by the user's locale. */
import {formatCount, isNothing, NO_DATA} from "../board/board_words";
import {_t} from "@web/core/l10n/translation";
import {formatInUnit} from "../core/unit_format";
import {nbsp} from "@web/core/utils/strings";

export {
    formatCount,
    formatDay,
    formatMeasured,
    formatMoment,
    formatPercent,
    formatStretch,
} from "../board/board_words";

export const PROCESSES = [
    {key: "pick", label: _t("Picking")},
    {key: "inbound", label: _t("Inbound")},
    {key: "supplier", label: _t("Suppliers")},
    {key: "delivery", label: _t("Delivery")},
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

export function formatHours(value) {
    return isNothing(value)
        ? NO_DATA
        : formatInUnit(value, {unit: "hours", decimals: 1});
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
