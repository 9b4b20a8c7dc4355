import {
    bandIndex,
    bandStretches,
    levelOfBand,
    levelOfDifference,
    levelOfMark,
    positionOf,
} from "@kpi_internal_survey/survey_board/survey_levels";
import {
    describeChange,
    describeGap,
    formatDifference,
    formatScore,
} from "@kpi_internal_survey/survey_board/survey_words";
import {expect, test} from "@odoo/hoot";
import {
    filterUnits,
    MatrixLayout,
    movedBy,
    shortName,
    usualZoom,
} from "@kpi_internal_survey/matrix/matrix_layout";
import {makeMockEnv} from "@web/../tests/web_test_helpers";

const BANDS = [
    {name: "fails", mark_from: 1, mark_to: 4},
    {name: "partly", mark_from: 5, mark_to: 6},
    {name: "meets", mark_from: 7, mark_to: 8},
    {name: "exceeds", mark_from: 9, mark_to: 9},
    {name: "far exceeds", mark_from: 10, mark_to: 10},
];
const shown = (score) => ({state: "shown", score, people: 9});
const HIDDEN = {state: "hidden", score: null, people: null};
const NONE = {state: "none", score: null, people: null};

test("a mean lies in the band of its mark, rounded half up", () => {
    const nameOf = (mean) => BANDS[bandIndex(mean, BANDS)]?.name;
    expect(nameOf(6.6)).toBe("meets");
    expect(nameOf(6.5)).toBe("meets");
    expect(nameOf(6.49)).toBe("partly");
    expect(nameOf(4.49)).toBe("fails");
    expect(nameOf(9.5)).toBe("far exceeds");
    expect(nameOf(6.499999999)).toBe("meets");
    expect(bandIndex(11, BANDS)).toBe(-1);
});

test("the outer bands have the outer colours, however many there are", () => {
    expect([1, 5, 7, 9, 10].map((mark) => levelOfMark(mark, BANDS))).toEqual([
        0, 1, 2, 3, 4,
    ]);
    expect([0, 1, 2].map((index) => levelOfBand(index, 3))).toEqual([0, 2, 4]);
    expect(levelOfBand(0, 1)).toBe(2);
    expect(levelOfMark(11, BANDS)).toBe(2);
    expect([-1.5, -0.5, -0.49, 0, 0.5, 1.49, 3].map(levelOfDifference)).toEqual([
        0, 1, 2, 2, 3, 3, 4,
    ]);
});

test("bands lie side by side on the line of marks", () => {
    expect(positionOf(1, BANDS)).toBe(0);
    expect(positionOf(10, BANDS)).toBe(100);
    expect(positionOf(5.5, BANDS)).toBe(50);
    const stretches = bandStretches(BANDS);
    expect(stretches[0].left).toBe(0);
    for (let index = 1; index < stretches.length; index++) {
        const {left, width} = stretches[index - 1];
        expect(left + width).toBeCloseTo(stretches[index].left);
    }
    expect(stretches[4].left + stretches[4].width).toBeCloseTo(100);
});

test("too few people is told from no data", async () => {
    await makeMockEnv();
    expect(formatScore(shown(7.125))).toBe("7.13");
    expect(formatScore(shown(7.125), 1)).toBe("7.1");
    expect(formatScore(HIDDEN)).toBe("too few");
    expect(formatScore(NONE)).toBe("no data");
    expect(formatScore(undefined)).toBe("no data");
});

test("gaps and changes in words", async () => {
    await makeMockEnv();
    expect(describeGap(shown(8.4), shown(7.2))).toBe(
        "sees itself 1.2 higher than others do"
    );
    expect(describeGap(shown(6), shown(7.2))).toBe(
        "sees itself 1.2 lower than others do"
    );
    expect(describeGap(shown(7.24), shown(7.2))).toBe("sees itself as others do");
    expect(describeGap(HIDDEN, shown(7))).toBe("");
    expect(formatDifference(-0.004)).toBe("0.00");
    expect(formatDifference(-1.2, 1)).toBe("−1.2");
    expect(formatDifference(0.5)).toBe("+0.50");
    const change = {campaign: "2024", before: shown(7), difference: -0.5};
    expect(describeChange({...change, is_certain: true})).toBe(
        "−0.50 since “2024”: more than chance"
    );
    expect(describeChange({...change, is_certain: false})).toBe(
        "−0.50 since “2024”: may be chance"
    );
    expect(describeChange({campaign: "2024", before: HIDDEN, difference: null})).toBe(
        "2024: too few"
    );
    expect(describeChange(false)).toBe("");
});

const UNITS = [
    {id: 3, name: "North", kind: "regional", tags: [7]},
    {id: 1, name: "IT", kind: "head_office", tags: []},
    {id: 2, name: "Personnel", kind: "head_office", tags: [7]},
];
const CELLS = [
    ["cell", 1, 2, 3, 6, "shown", "conflict"],
    ["cell", 2, 1, 9.5, 6, "shown", "praise"],
    ["cell", 0, 1, null, null, "hidden", ""],
    ["cell", 3, 1, 7, 5, "shown", ""],
    ["own", 1, 1, 9, 6, "shown", ""],
    ["row", 1, 0, 6.5, 12, "shown", ""],
    ["column", 0, 1, 7.5, 30, "shown", ""],
    ["total", 0, 0, 7.3, 60, "shown", ""],
];

test("rows, columns and margins of the matrix", () => {
    const layout = new MatrixLayout({units: UNITS, cells: CELLS}, "Other units");
    // Of the head office first; who is not rated has no column.
    expect(layout.rows.map(({name}) => name)).toEqual([
        "IT",
        "Personnel",
        "North",
        "Other units",
    ]);
    expect(layout.columns.map(({name}) => name)).toEqual(["IT", "Personnel"]);
    expect(layout.figure(1, 2).score).toBe(3);
    expect(layout.figure(1, 1).score).toBe(9);
    expect(layout.figure(0, 1).state).toBe("hidden");
    expect(layout.figure(3, 2).state).toBe("none");
    expect(layout.row(1).score).toBe(6.5);
    expect(layout.column(2).state).toBe("none");
    expect(layout.total.score).toBe(7.3);
    expect(layout.difference(2, 1)).toBe(2);
    expect(layout.difference(1, 2)).toBe(null);
    expect(layout.difference(0, 1)).toBe(null);
    const [conflict, ...others] = layout.signed("conflict");
    expect(others).toEqual([]);
    expect(conflict.rater.name).toBe("IT");
    expect(conflict.back.score).toBe(9.5);
});

test("a mutual sign stands in the list once, the lowest conflict first", () => {
    const cells = [
        ["cell", 1, 2, 9, 6, "shown", "praise"],
        ["cell", 2, 1, 9.5, 6, "shown", "praise"],
        ["cell", 3, 1, 4, 6, "shown", "conflict"],
        ["cell", 3, 2, 3, 6, "shown", "conflict"],
    ];
    const layout = new MatrixLayout({units: UNITS, cells}, "");
    expect(layout.signed("praise").length).toBe(1);
    expect(layout.signed("conflict").map(({figure}) => figure.score)).toEqual([3, 4]);
});

test("units are found by kind, tag and name", () => {
    const names = (group, text = "") =>
        filterUnits(UNITS, {group, text}).map(({name}) => name);
    expect(names("")).toEqual(["North", "IT", "Personnel"]);
    expect(names("kind:regional")).toEqual(["North"]);
    expect(names("tag:7")).toEqual(["North", "Personnel"]);
    expect(names("tag:7", " PERS ")).toEqual(["Personnel"]);
    expect(names("", "é")).toEqual(["Personnel"]);
});

test("keys move within the matrix", () => {
    const size = [20, 5];
    expect(movedBy("ArrowDown", [0, 0], size)).toEqual([1, 0]);
    expect(movedBy("ArrowUp", [0, 0], size)).toEqual([0, 0]);
    expect(movedBy("ArrowRight", [0, 4], size)).toEqual([0, 4]);
    expect(movedBy("PageDown", [15, 2], size)).toEqual([19, 2]);
    expect(movedBy("Home", [3, 3], size)).toEqual([3, 0]);
    expect(movedBy("End", [3, 0], size)).toEqual([3, 4]);
    expect(movedBy("a", [3, 0], size)).toBe(null);
});

test("long names are shortened from their first words on", () => {
    expect(shortName("Treasury")).toBe("Treasury");
    expect(shortName("Department of purchases 103")).toBe("Depa. of purc. 103");
    expect(shortName("Department of administration 103")).toBe("Depa. of admi. 103");
    expect(usualZoom(12)).toBe("large");
    expect(usualZoom(40)).toBe("medium");
    expect(usualZoom(120)).toBe("small");
});
