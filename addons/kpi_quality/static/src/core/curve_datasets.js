/**
 * What Chart.js draws of a bonus curve.
 *
 * @param {Object} curve `curve_data` of a scheme or bonus line: `line`, `gate`, `cap`
 *     and `point`, all in percent
 * @param {Object} labels texts of the legend by the same names
 * @param {Object} colors by the same names
 * @returns {Object[]} datasets
 */
export function curveDatasets({line, gate, cap, point}, labels, colors) {
    const xy = ([x, y]) => ({x, y});
    const furthest = Math.max(...line.map(([x]) => x));
    const highest = Math.max(...line.map(([, y]) => y), cap ?? 0);
    const dashed = {borderDash: [6, 4], borderWidth: 2, pointRadius: 0};
    const datasets = [
        {
            label: labels.line,
            data: line.map(xy),
            borderColor: colors.line,
            backgroundColor: colors.line,
            borderWidth: 3,
            pointRadius: 0,
            order: 1,
        },
    ];
    if (gate !== null) {
        datasets.push({
            ...dashed,
            label: labels.gate,
            data: [
                {x: gate, y: 0},
                {x: gate, y: highest},
            ],
            borderColor: colors.gate,
            backgroundColor: colors.gate,
            order: 2,
        });
    }
    if (cap !== null) {
        datasets.push({
            ...dashed,
            label: labels.cap,
            data: [
                {x: 0, y: cap},
                {x: furthest, y: cap},
            ],
            borderColor: colors.cap,
            backgroundColor: colors.cap,
            order: 2,
        });
    }
    if (point) {
        datasets.push({
            label: labels.point,
            data: [xy(point)],
            borderColor: colors.point,
            backgroundColor: colors.point,
            pointRadius: 8,
            pointHoverRadius: 10,
            pointStyle: "rectRot",
            showLine: false,
            order: 0,
        });
    }
    return datasets;
}
