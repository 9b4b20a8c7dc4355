/**
 * What Chart.js draws of a bonus curve.
 *
 * @param {Object} curve `curve_data` of a scheme or bonus line: `line`, `gate`, `cap`
 *     and `point`, all in percent
 * @param {Object} labels texts of the legend by the same names
 * @param {Object} colors by the same names
 * @returns {Object[]} datasets
 */
export function curveDatasets(curve, labels, colors) {
    const {gate, cap, point} = curve;
    const xy = ([x, y]) => ({x, y});
    const furthest = Math.max(...curve.line.map(([x]) => x));
    const highest = Math.max(...curve.line.map(([, y]) => y), cap ?? 0);
    const line = {pointRadius: 0, pointStyle: "line"};
    const dashed = {...line, borderDash: [6, 4], borderWidth: 2};
    const datasets = [
        {
            ...line,
            label: labels.line,
            data: curve.line.map(xy),
            borderColor: colors.line,
            backgroundColor: colors.line,
            borderWidth: 3,
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
