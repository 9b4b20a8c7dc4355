import {describe, expect, test} from "@odoo/hoot";
import {curveDatasets} from "@kpi_quality/core/curve_datasets";

describe.current.tags("headless");

const LABELS = {line: "Bonus", gate: "Gate 85 %", cap: "Cap 160 %", point: "You"};
const CURVE = {
    line: [
        [0, 0],
        [85, 0],
        [85, 70],
        [100, 100],
        [120, 160],
        [132, 160],
    ],
    gate: 85,
    cap: 160,
    point: [90, 80],
};

/** The points of each dataset by its label. */
function points(curve) {
    return Object.fromEntries(
        curveDatasets(curve, LABELS, {}).map(({label, data}) => [
            label,
            data.map(({x, y}) => [x, y]),
        ])
    );
}

test("gate stands, cap lies, the employee is one point", () => {
    expect(points(CURVE)).toEqual({
        Bonus: CURVE.line,
        "Gate 85 %": [
            [85, 0],
            [85, 160],
        ],
        "Cap 160 %": [
            [0, 160],
            [132, 160],
        ],
        You: [[90, 80]],
    });
});

test("a curve without gate, cap and point is a line only", () => {
    expect(points({...CURVE, gate: null, cap: null, point: null})).toEqual({
        Bonus: CURVE.line,
    });
});

test("a cap of 0 is drawn", () => {
    expect(points({...CURVE, cap: 0})["Cap 160 %"]).toEqual([
        [0, 0],
        [132, 0],
    ]);
});
