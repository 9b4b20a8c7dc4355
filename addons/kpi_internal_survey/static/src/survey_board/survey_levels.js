/* Which of five colours a mean gets, from the lowest to the highest. Pure. */

export const LEVELS = [0, 1, 2, 3, 4];
/** A difference of so much has the outermost colour, one of a third is none. */
const FAR = 1.5;
const NEAR = 0.5;

/**
 * The band that a mean lies in: rounded half up first, 6.5 lies with 7.
 *
 * @param {Number} mean
 * @param {Object[]} bands `mark_from` and `mark_to`, from the lowest to the highest
 * @returns {Number} index of the band, -1 for none
 */
export function bandIndex(mean, bands) {
    // As the server does: 6.4999999 of a float sum is 6.5.
    const mark = Math.floor(Number(mean.toFixed(6)) + 0.5);
    return bands.findIndex((band) => band.mark_from <= mark && mark <= band.mark_to);
}

/** However many bands there are: the outer ones have the outer colours. */
export function levelOfBand(index, count) {
    return count < 2 ? 2 : Math.round((4 * index) / (count - 1));
}

export function levelOfMark(mean, bands) {
    const index = bandIndex(mean, bands);
    return index < 0 ? 2 : levelOfBand(index, bands.length);
}

export function levelOfDifference(difference) {
    const size = Math.abs(difference);
    const step = size >= FAR ? 2 : Number(size >= NEAR);
    return 2 + Math.sign(difference) * step;
}

/**
 * Where a mark lies on a line from the lowest to the highest one, in percent.
 *
 * @param {Number} mark
 * @param {Object[]} bands from the lowest to the highest
 * @returns {Number}
 */
export function positionOf(mark, bands) {
    const first = bands[0]?.mark_from ?? 1;
    const last = bands[bands.length - 1]?.mark_to ?? 10;
    const share = (mark - first) / (last - first || 1);
    return 100 * Math.min(1, Math.max(0, share));
}

/** @returns {String} e.g. "7–8", "10" */
function marksOf({mark_from: from, mark_to: to}) {
    return from === to ? `${from}` : `${from}–${to}`;
}

/**
 * The bands as stretches of that line; they meet where rounding goes over.
 *
 * @param {Object[]} bands
 * @returns {Object[]} `name`, `marks`, `level`, `left` and `width` in percent
 */
export function bandStretches(bands) {
    return bands.map((band, index) => {
        const left = positionOf(band.mark_from - 0.5, bands);
        const right = positionOf(band.mark_to + 0.5, bands);
        return {
            name: band.name,
            marks: marksOf(band),
            level: levelOfBand(index, bands.length),
            left,
            width: right - left,
        };
    });
}
