import {describe, expect, test} from "@odoo/hoot";
import {positionScale} from "@kpi_quality/core/position_scale";

describe.current.tags("headless");

const RISING = {base: 80, plan: 100, challenge: 120};
const FALLING = {base: 12, plan: 4, challenge: 2};

/** Where the marker stands, and in which band. */
function place(fact, thresholds) {
    const {at, band, clamped} = positionScale(fact, thresholds).marker;
    return [Math.round(at * 10) / 10, band, clamped];
}

test("a rising indicator runs from base to challenge", () => {
    expect(place(79, RISING)).toEqual([21.7, "below", null]);
    expect(place(80, RISING)).toEqual([23.3, "base", null]);
    expect(place(90, RISING)).toEqual([40, "base", null]);
    expect(place(100, RISING)).toEqual([56.7, "plan", null]);
    expect(place(120, RISING)).toEqual([90, "challenge", null]);
});

test("better is to the right for a falling indicator too", () => {
    expect(place(13, FALLING)).toEqual([16.7, "below", null]);
    expect(place(12, FALLING)).toEqual([23.3, "base", null]);
    expect(place(4, FALLING)).toEqual([76.7, "plan", null]);
    expect(place(2, FALLING)).toEqual([90, "challenge", null]);
    expect(place(0, FALLING)).toEqual([100, "challenge", "right"]);
});

test("a fact outside of the picture stands at its edge", () => {
    expect(place(0, RISING)).toEqual([0, "below", "left"]);
    expect(place(500, RISING)).toEqual([100, "challenge", "right"]);
    expect(place(281, FALLING)).toEqual([0, "below", "left"]);
});

test("the bands fill the whole width without gaps", () => {
    for (const thresholds of [RISING, FALLING]) {
        let edge = 0;
        for (const {from, width} of positionScale(null, thresholds).bands) {
            expect(from).toBeCloseTo(edge);
            edge = from + width;
        }
        expect(edge).toBeCloseTo(100);
    }
});

test("no data has a scale and no marker", () => {
    const {bands, marker, ticks} = positionScale(null, RISING);
    expect(marker).toBe(null);
    expect(bands.map(({key}) => key)).toEqual(["below", "base", "plan", "challenge"]);
    expect(ticks.map(({key}) => key)).toEqual(["base", "plan", "challenge"]);
});

test("a challenge equal to the plan leaves out the band between", () => {
    const thresholds = {base: 80, plan: 100, challenge: 100};
    const {bands} = positionScale(null, thresholds);
    expect(bands.map(({key}) => key)).toEqual(["below", "base", "challenge"]);
    expect(place(100, thresholds)).toEqual([90, "challenge", null]);
});

test("thresholds that do not run in one direction have no scale", () => {
    expect(positionScale(90, {base: 100, plan: 100, challenge: 120})).toBe(null);
    expect(positionScale(90, {base: 80, plan: 100, challenge: 90})).toBe(null);
    expect(positionScale(90, {base: 12, plan: 4, challenge: 6})).toBe(null);
});
