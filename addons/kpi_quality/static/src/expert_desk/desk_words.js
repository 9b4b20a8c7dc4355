/* What the expert's desk says, in the clock of the place where it happened. */
import {_t} from "@web/core/l10n/translation";
import {deserializeDateTime} from "@web/core/l10n/dates";

const {DateTime} = luxon;

export const KINDS = {
    complaint: _t("Red button"),
    force_majeure: _t("Force majeure"),
    poll: _t("Poll"),
    slice: _t("Time slice"),
};

/* What the expert has to find out. */
export const TASKS = {
    complaint: _t("Did a customer have a reason to complain?"),
    force_majeure: _t("Was there something that the staff could not help?"),
    poll: _t("Was a customer there, asked, and did he answer himself?"),
    slice: _t("Count everybody who was served, and the presses that are missing."),
};

/* In the order of their digits. */
export const VERDICTS = {
    complaint: [
        {value: "fair", label: _t("Fair"), style: "success"},
        {value: "unfair", label: _t("Unfair"), style: "danger"},
    ],
    force_majeure: [
        {value: "confirmed", label: _t("Confirmed"), style: "success"},
        {value: "rejected", label: _t("Rejected"), style: "danger"},
    ],
    poll: [
        {value: "valid", label: _t("Valid"), style: "success"},
        {value: "rejected", label: _t("Invalid"), style: "danger"},
    ],
    slice: [{value: "seen", label: _t("Seen"), style: "success"}],
};

export const BUTTONS = {
    yes: _t("Yes"),
    no: _t("No"),
    unsure: _t("Hard to say"),
    seller: _t("Seller"),
    over: _t("Over"),
    complaint: _t("Red button"),
    visitor: _t("Visitor"),
};

export const ANSWERS = {
    yes: _t("Yes"),
    no: _t("No"),
    unsure: _t("Hard to say"),
    silent: _t("No answer"),
};

export const ENDS = {
    press: _t("ended by a long press"),
    over: _t("ended by the “over” button"),
    limit: _t("ended by the time limit"),
};

export const COMPLAINTS = {
    active: _t("held: the customer wants to be heard"),
    passive: _t("pressed once"),
};

function at(moment, tz) {
    return deserializeDateTime(moment).setZone(tz);
}

/**
 * "Wed, Mar 19, 2025, 10:00:05 AM – 10:05:05 AM", by the clock of the site.
 *
 * @param {Object} item
 * @returns {String}
 */
export function formatWhen({moment, stop, tz}) {
    const start = at(moment, tz);
    const day = start.toLocaleString(DateTime.DATE_MED_WITH_WEEKDAY);
    const times = [start, ...(stop ? [at(stop, tz)] : [])].map((time) =>
        time.toLocaleString(DateTime.TIME_WITH_SECONDS)
    );
    return `${day}, ${times.join(" – ")}`;
}

/**
 * The zone of the site, when the expert's clock shows something else.
 *
 * @param {Object} item
 * @returns {String}
 */
export function foreignZone({moment, tz}) {
    return at(moment, tz).offset === deserializeDateTime(moment).offset ? "" : tz;
}

/**
 * "+4.2 s", "−1:05 min": how far from the press that is judged.
 *
 * @param {Number} seconds
 * @returns {String}
 */
export function formatOffset(seconds) {
    const sign = seconds < 0 ? "−" : "+";
    const tenths = Math.round(Math.abs(seconds) * 10) / 10;
    if (tenths < 60) {
        return _t("%(sign)s%(seconds)s s", {sign, seconds: tenths});
    }
    const minutes = Math.floor(tenths / 60);
    const rest = String(Math.floor(tenths % 60)).padStart(2, "0");
    return _t("%(sign)s%(minutes)s:%(seconds)s min", {sign, minutes, seconds: rest});
}

/**
 * @param {Number} milliseconds
 * @returns {String}
 */
export function formatSeconds(milliseconds) {
    return _t("%s s", Math.round(milliseconds / 100) / 10);
}

/**
 * The present day's clock for the next sample.
 *
 * @param {String} moment
 * @returns {String}
 */
export function formatClock(moment) {
    return deserializeDateTime(moment).toLocaleString(DateTime.TIME_SIMPLE);
}
