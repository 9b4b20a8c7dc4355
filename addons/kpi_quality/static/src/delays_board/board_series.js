/* From the server's sums to what the charts draw. Pure: no component, no service. */
import {
    deserializeDate,
    getStartOfLocalWeek,
    serializeDate,
} from "@web/core/l10n/dates";

/**
 * Mean hours of the late ones, whole and by part; 0 hours where nothing is late.
 *
 * @param {Object} sums `late`, `hours`, `supplier`, `own`
 * @returns {{total: Number, supplier: Number, own: Number}}
 */
export function meanParts({late, hours, supplier, own}) {
    const mean = (value) => (late ? value / late : 0);
    return {total: mean(hours), supplier: mean(supplier), own: mean(own)};
}

const SUMS = ["due", "late", "hours", "supplier", "own"];

/**
 * Days put together to the weeks of the user's locale.
 *
 * @param {Object[]} days sums with a `date`
 * @returns {Object[]} sums with `date_from` and `date_to`, the days they are made of
 */
export function weeksOf(days) {
    const weeks = new Map();
    for (const day of days) {
        const key = serializeDate(getStartOfLocalWeek(deserializeDate(day.date)));
        if (!weeks.has(key)) {
            weeks.set(key, {
                date_from: day.date,
                ...Object.fromEntries(SUMS.map((name) => [name, 0])),
            });
        }
        const week = weeks.get(key);
        week.date_to = day.date;
        for (const name of SUMS) {
            week[name] += day[name];
        }
    }
    return [...weeks.values()];
}

/**
 * The days of the stretch looked at: a trend may begin earlier.
 *
 * @param {Object} board
 * @returns {Object[]}
 */
export function daysOfStretch({days, filters}) {
    return days.filter(
        ({date}) => date >= filters.date_from && date <= filters.date_to
    );
}

/**
 * The bars of the divided delay.
 *
 * @param {Object} board
 * @param {String} by `day`, `week`, or a dimension that is ranked
 * @param {Number} limit of places; those with most hours are kept
 * @returns {Object[]} sums with `label` data (`date`, `date_from`, or `name`) and the
 *     `figure` that opens their documents
 */
export function splitGroups(board, by, limit = 12) {
    if (by === "day") {
        return daysOfStretch(board).map((day) => ({
            ...day,
            figure: {date_from: day.date, date_to: day.date},
        }));
    }
    if (by === "week") {
        return weeksOf(daysOfStretch(board)).map((week) => ({
            ...week,
            figure: {date_from: week.date_from, date_to: week.date_to},
        }));
    }
    const ranking = board.rankings.find(({place}) => place === by);
    return [...ranking.rows]
        .sort((first, second) => second.hours - first.hours)
        .slice(0, limit)
        .map((row) => ({
            ...row,
            figure: {place: by, id: row.id, label: row.name},
        }));
}
