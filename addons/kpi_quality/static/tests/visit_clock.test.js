import {expect, test} from "@odoo/hoot";
import {IDLE_AFTER, VisitClock} from "@kpi_quality/journal/visit_clock";

const MINUTE = 60 * 1000;

/** The seconds of a visit; moments in minutes. */
function worked(...moments) {
    const clock = new VisitClock();
    for (const [what, minute] of moments) {
        clock[what](minute * MINUTE);
    }
    return clock.seconds;
}

test("from opening to leaving", () => {
    expect(worked(["present", 0], ["away", 3])).toBe(180);
});

test("short pauses are work, the last one before leaving too", () => {
    expect(worked(["present", 0], ["present", 4], ["present", 8], ["away", 10])).toBe(
        600
    );
});

test("five minutes without a sign of life are no work", () => {
    expect(IDLE_AFTER).toBe(5 * MINUTE);
    expect(worked(["present", 0], ["away", 4.99])).toBe(299);
    expect(worked(["present", 0], ["away", 5])).toBe(0);
    expect(worked(["present", 0], ["present", 2], ["present", 30], ["away", 31])).toBe(
        180
    );
});

test("another page is no work", () => {
    expect(worked(["present", 0], ["away", 1], ["present", 3], ["away", 4])).toBe(120);
});

test("leaving twice counts once", () => {
    expect(worked(["present", 0], ["away", 1], ["away", 2])).toBe(60);
});

test("opened in a background tab and never looked at", () => {
    expect(worked(["away", 1], ["away", 4])).toBe(0);
});

test("a clock that is set back takes nothing away", () => {
    expect(worked(["present", 10], ["present", 8], ["away", 9])).toBe(60);
});

test("what is told grows with the visit", () => {
    const clock = new VisitClock();
    clock.present(0);
    clock.away(MINUTE);
    expect(clock.seconds).toBe(60);
    clock.present(2 * MINUTE);
    clock.away(3 * MINUTE);
    expect(clock.seconds).toBe(120);
});
