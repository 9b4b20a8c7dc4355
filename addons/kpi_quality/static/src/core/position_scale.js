// Room beside the thresholds, in parts of the way from base to challenge.
const ROOM_BEFORE = 0.35;
const ROOM_BEHIND = 0.15;
const TOLERANCE = 1e-9;

function placeMarker(fact, {place, advance, plan, challenge}) {
    const at = place(fact);
    const reached = (value) => advance(fact) >= advance(value) - TOLERANCE;
    let band = "below";
    if (reached(challenge)) {
        band = "challenge";
    } else if (reached(plan)) {
        band = "plan";
    } else if (advance(fact) >= -TOLERANCE) {
        band = "base";
    }
    return {
        band,
        at: Math.min(Math.max(at, 0), 100),
        clamped: at < 0 ? "left" : at > 100 ? "right" : null,
    };
}

/**
 * Where a fact stands between base, plan and challenge, in percent of the width.
 *
 * Better is always to the right, for falling indicators as well. A fact outside of
 * what is shown stands at the edge and is `clamped`.
 *
 * @param {Number|null} fact null: no data, so no marker
 * @param {Object} thresholds
 * @param {Number} thresholds.base
 * @param {Number} thresholds.plan
 * @param {Number} thresholds.challenge
 * @returns {Object|null} null when the thresholds do not run in one direction
 */
export function positionScale(fact, {base, plan, challenge}) {
    const direction = Math.sign(plan - base);
    const advance = (value) => (value - base) * direction;
    const span = advance(challenge);
    if (!direction || span < advance(plan)) {
        return null;
    }
    const place = (value) =>
        (100 * (advance(value) + ROOM_BEFORE * span)) /
        (span * (1 + ROOM_BEFORE + ROOM_BEHIND));
    const ticks = [
        {key: "base", at: place(base)},
        {key: "plan", at: place(plan)},
        {key: "challenge", at: place(challenge)},
    ];
    const edges = [0, ...ticks.map((tick) => tick.at), 100];
    const bands = ["below", "base", "plan", "challenge"].map((key, index) => ({
        key,
        from: edges[index],
        width: edges[index + 1] - edges[index],
    }));
    return {
        ticks,
        bands: bands.filter((band) => band.width > TOLERANCE),
        marker:
            fact === null ? null : placeMarker(fact, {place, advance, plan, challenge}),
    };
}
