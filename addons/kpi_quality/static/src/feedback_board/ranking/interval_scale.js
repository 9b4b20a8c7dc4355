/* Where intervals lie on one line, in percent of its width. Pure. */

/**
 * A line wide enough for all figures, their intervals and the reference value.
 *
 * @param {Object[]} figures `value`, `margin` (null: none) and `reference`
 * @returns {{position: Function, bar: Function}}
 */
export function intervalScale(figures) {
    const ends = figures.flatMap(({value, margin, reference}) => [
        value - (margin || 0),
        value + (margin || 0),
        ...(Number.isFinite(reference) ? [reference] : []),
    ]);
    const start = Math.min(0, ...ends);
    const width = Math.max(0, ...ends) - start || 1;
    const position = (value) => (100 * (value - start)) / width;
    return {
        position,
        bar: ({value, margin}) => ({
            low: position(value - (margin || 0)),
            high: position(value + (margin || 0)),
        }),
    };
}
