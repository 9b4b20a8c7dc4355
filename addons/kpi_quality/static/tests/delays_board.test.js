import {advanceTime, animationFrame, mockDate} from "@odoo/hoot-mock";
import {
    contains,
    getService,
    makeMockEnv,
    makeServerError,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import {beforeEach, expect, test} from "@odoo/hoot";
import {
    bucketLabel,
    describeChange,
    formatHours,
    formatLateness,
} from "@kpi_quality/delays_board/board_words";
import {meanParts, splitGroups, weeksOf} from "@kpi_quality/delays_board/board_series";
import {queryAllTexts, queryFirst} from "@odoo/hoot-dom";
import {REFRESH_EVERY} from "@kpi_quality/board/board_hooks";
import {Deferred} from "@web/core/utils/concurrency";
import {WebClient} from "@web/webclient/webclient";
import {browser} from "@web/core/browser/browser";
import {memory} from "@kpi_quality/delays_board/delays_store";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";

defineMailModels();

const NBSP = "\u00a0";
const sums = (due, late, supplier, own) => {
    const hours = supplier + own;
    return {
        due,
        late,
        hours,
        supplier,
        own,
        mean_lateness: late ? hours / late : null,
        mean_delay: due ? hours / due : null,
        late_share: due ? (100 * late) / due : null,
        own_share: hours ? (100 * own) / hours : null,
    };
};
const BOARD = {
    filters: {
        process: "inbound",
        period: "days_7",
        date_from: "2025-03-18",
        date_to: "2025-03-19",
        warehouse_id: false,
    },
    warehouses: [
        {id: 1, name: "Depot"},
        {id: 2, name: "Far away"},
    ],
    measured_at: "2025-03-20 08:45:00",
    empty: false,
    total: sums(40, 10, 22, 121),
    previous: sums(20, 10, 22, 22),
    days: [
        {date: "2025-03-17", ...sums(4, 2, 2, 2)},
        {date: "2025-03-18", ...sums(20, 4, 2, 41)},
        {date: "2025-03-19", ...sums(20, 6, 20, 80)},
    ],
    buckets: [
        {bucket: 0, hours_from: null, hours_to: 0, due: 30},
        {bucket: 1, hours_from: 0, hours_to: 2, due: 4},
        {bucket: 2, hours_from: 2, hours_to: null, due: 6},
    ],
    has_parts: true,
    bottleneck: {holder: "own", text: "12.1 of 14.3 h is our receiving."},
    rankings: [
        {
            place: "partner_id",
            enough: 10,
            rows: [
                {
                    id: 7,
                    name: "Oak & Sons",
                    marks: [{level: "danger", label: "critical", text: "9 h: beyond"}],
                    ...sums(10, 8, 2, 80),
                },
                {id: 8, name: "Pine Ltd", marks: [], ...sums(30, 2, 20, 41)},
                {id: false, name: "No vendor", marks: [], ...sums(1, 0, 0, 0)},
            ],
        },
        {
            place: "warehouse_id",
            enough: 10,
            rows: [{id: 1, name: "Depot", marks: [], ...sums(41, 10, 22, 121)}],
        },
        {place: "employee_id", enough: 10, rows: []},
    ],
    improvements: [
        {id: 3, name: "Second shift", date: "2025-03-18", state: "open"},
        {id: 4, name: "Before the trend", date: "2025-03-01", state: "open"},
    ],
};
const LIVE = {
    now: "2025-03-20 09:00:00",
    empty: false,
    lists: [
        {
            key: "dock_late",
            title: "Arrived, but not booked in",
            late: true,
            model: "stock.picking",
            count: 11,
            rows: [
                {
                    id: 21,
                    name: "WH/IN/1",
                    partner: "Oak & Sons",
                    due: "2025-03-19 04:30:00",
                    hours: 28.5,
                    may_open: true,
                },
                {
                    id: 22,
                    name: "WH/IN/2",
                    partner: "Pine Ltd",
                    due: "2025-03-20 08:35:00",
                    hours: 0.42,
                    may_open: false,
                },
            ],
        },
        {
            key: "dock_next",
            title: "To be booked in today",
            late: false,
            count: 0,
            rows: [],
        },
    ],
};

function mockServer(board = BOARD, live = LIVE) {
    onRpc("kpi.delays.board", "get_board", ({args: [filters]}) => {
        expect.step(`board ${filters.process} ${filters.period}`);
        return {...board, filters: {...board.filters, ...filters}};
    });
    onRpc("kpi.delays.board", "get_late_now", () => live);
}

/** Actions that the board starts are noted, not carried out. */
async function openBoard() {
    await mountWithCleanup(WebClient);
    await getService("action").doAction({
        type: "ir.actions.client",
        tag: "kpi_delays_board",
    });
    await animationFrame();
}

function noteActions() {
    for (const method of [
        "action_open_documents",
        "action_improve",
        "action_open_live",
    ]) {
        onRpc("kpi.delays.board", method, ({args: [filters, what]}) => {
            expect.step(`${method} ${filters.process} ${JSON.stringify(what)}`);
            return {type: "ir.actions.act_window_close"};
        });
    }
}

beforeEach(() => {
    mockDate("2025-03-20 09:00:00", 0);
    browser.sessionStorage.setItem(
        "kpi_quality.delays_board",
        JSON.stringify({process: "inbound", period: "days_7"})
    );
});

test("hours of the late ones, by part", () => {
    expect(meanParts(sums(40, 10, 22, 121))).toEqual({
        total: 14.3,
        supplier: 2.2,
        own: 12.1,
    });
    expect(meanParts(sums(5, 0, 0, 0))).toEqual({total: 0, supplier: 0, own: 0});
});

test("weeks add up their days and name them", async () => {
    await makeMockEnv();
    const day = (date) => ({date, ...sums(10, 2, 1, 3)});
    // Saturday, Sunday, Monday: weeks begin on Sunday in English.
    const weeks = weeksOf(["2025-03-15", "2025-03-16", "2025-03-17"].map(day));
    expect(weeks.map(({date_from, date_to}) => [date_from, date_to])).toEqual([
        ["2025-03-15", "2025-03-15"],
        ["2025-03-16", "2025-03-17"],
    ]);
    expect(weeks[1]).toMatchObject({due: 20, late: 4, hours: 8, supplier: 2, own: 6});
});

test("bars of the split: days of the stretch only, places by their hours", () => {
    expect(splitGroups(BOARD, "day").map(({figure}) => figure)).toEqual([
        {date_from: "2025-03-18", date_to: "2025-03-18"},
        {date_from: "2025-03-19", date_to: "2025-03-19"},
    ]);
    expect(splitGroups(BOARD, "partner_id", 2).map(({figure}) => figure)).toEqual([
        {place: "partner_id", id: 7, label: "Oak & Sons"},
        {place: "partner_id", id: 8, label: "Pine Ltd"},
    ]);
});

test("lateness in words", async () => {
    await makeMockEnv();
    expect(formatLateness(0.42)).toBe(`25${NBSP}min`);
    expect(formatLateness(3.46)).toBe(`3.5${NBSP}h`);
    expect(formatLateness(52.9)).toBe(`2${NBSP}d${NBSP}4${NBSP}h`);
    expect(BOARD.buckets.map(bucketLabel)).toEqual([
        "in time",
        "up to 2 h",
        "over 2 h",
    ]);
});

test("less is better, and no data is no zero", async () => {
    await makeMockEnv();
    expect(describeChange(2, 4, formatHours).trend).toBe("better");
    expect(describeChange(4, 2, formatHours).trend).toBe("worse");
    expect(describeChange(4.01, 4.02, formatHours)).toEqual({
        text: "as before",
        trend: "",
    });
    expect(describeChange(4, null, formatHours)).toEqual({
        text: "no data before",
        trend: "",
    });
    expect(describeChange(null, 4, formatHours).trend).toBe("");
    expect(formatHours(null)).toBe("–");
});

test("the address has the dates only where they were chosen", () => {
    const filters = {...BOARD.filters, warehouse_id: 2};
    expect(memory.toUrl(filters)).toEqual({
        kpi_process: "inbound",
        kpi_period: "days_7",
        kpi_from: undefined,
        kpi_to: undefined,
        kpi_warehouse: 2,
    });
    const url = memory.toUrl({...filters, period: "custom"});
    expect(memory.initial(url)).toEqual({...filters, period: "custom"});
});

test("without an address, the last look of the session counts", () => {
    expect(memory.initial({})).toEqual({process: "inbound", period: "days_7"});
    browser.sessionStorage.setItem("kpi_quality.delays_board", "{broken");
    expect(memory.initial({})).toEqual({});
});

test("figures, whose delay it is, and who stands out", async () => {
    mockServer();
    await openBoard();
    expect.verifySteps(["board inbound days_7"]);
    expect(queryAllTexts(".o_kpi_board_value")).toEqual([
        "14.3 h",
        "25.0 %",
        "3.6 h",
        "84.6 %",
        "10",
    ]);
    expect("[data-tile=lateness] .o_kpi_board_worse").toHaveText("4.4 h before");
    expect("[data-tile=share] .o_kpi_board_better").toHaveText("50.0 % before");
    expect(".o_kpi_board_bottleneck").toHaveText("12.1 of 14.3 h is our receiving.");
    expect(queryAllTexts(".o_kpi_board_row .btn-link")).toEqual([
        "Oak & Sons",
        "Pine Ltd",
        "No vendor",
    ]);
    expect(".o_kpi_board_mark").toHaveText("critical9 h: beyond");
    await contains("[data-place=employee_id]").click();
    expect(".o_kpi_board_ranking").toHaveText(/Nothing was due here/);
});

test("charts have a text and a table", async () => {
    mockServer();
    await openBoard();
    expect.verifySteps(["board inbound days_7"]);
    const canvas = queryFirst(".o_kpi_board_split canvas");
    expect(canvas).toHaveAttribute("role", "img");
    expect(canvas.getAttribute("aria-label")).toMatch(/our receiving/);
    await contains(".o_kpi_board_split summary").click();
    expect(queryAllTexts(".o_kpi_board_split tbody tr:first-child > *")).toEqual([
        "Mar 18",
        "0.5 h",
        "10.3 h",
        "10.8 h",
        "95.3 %",
        "Improve",
    ]);
    await contains("[data-by=partner_id]").click();
    expect(queryAllTexts(".o_kpi_board_split tbody th")).toEqual([
        "Oak & Sons",
        "Pine Ltd",
        "No vendor",
    ]);
    // The one mark on the days that are drawn; both actions are listed.
    expect(queryAllTexts(".o_kpi_board_improvements button")).toEqual([
        "Second shift",
        "Before the trend",
    ]);
});

test("tiles, bars and rows open their documents", async () => {
    mockServer();
    noteActions();
    await openBoard();
    expect.verifySteps(["board inbound days_7"]);
    await contains("[data-tile=own]").click();
    await contains(".o_kpi_board_row:first-child .btn-link").click();
    await contains(".o_kpi_board_row:last-child .btn-link").click();
    await contains(".o_kpi_board_row:first-child .o_kpi_board_improve").click();
    await contains(".o_kpi_board_distribution summary").click();
    await contains(".o_kpi_board_distribution tbody tr:last-child button").click();
    expect.verifySteps([
        'action_open_documents inbound {"part":"own","label":"our receiving"}',
        'action_open_documents inbound {"place":"partner_id","id":7,"label":"Oak & Sons"}',
        'action_open_documents inbound {"place":"partner_id","id":false,"label":"No vendor"}',
        'action_improve inbound {"place":"partner_id","id":7,"label":"Oak & Sons"}',
        'action_open_documents inbound {"bucket_from":2,"bucket_to":2,"label":"over 2 h"}',
    ]);
});

test("late now: the longest first, and what may be opened", async () => {
    mockServer();
    noteActions();
    await openBoard();
    expect(queryAllTexts("[data-list=dock_late] li")).toEqual([
        "WH/IN/1Oak & Sons\n28.5 h late",
        "WH/IN/2Pine Ltd\n25 min late",
    ]);
    expect("[data-list=dock_late] li button").toHaveCount(1);
    expect("[data-list=dock_late] .badge").toHaveText("11");
    expect(".o_kpi_board_late_now").toHaveText(/Nothing: To be booked in today/);
    await contains("[data-list=dock_late] > div button").click();
    expect.verifySteps([
        "board inbound days_7",
        'action_open_live inbound "dock_late"',
    ]);
});

test("the figures do not wait for the live lists", async () => {
    mockServer();
    onRpc("kpi.delays.board", "get_late_now", () => new Deferred());
    await openBoard();
    expect.verifySteps(["board inbound days_7"]);
    expect(".o_kpi_board_value").toHaveCount(5);
    expect(".o_kpi_board_late_now").toHaveText(/Reading open documents/);
});

test("filters are applied and remembered", async () => {
    mockServer();
    await openBoard();
    await contains("[data-process=pick]").click();
    await contains(".o_kpi_board_period").select("month");
    await contains(".o_kpi_board_warehouse").select("2");
    await contains(".o_kpi_board_period").select("custom");
    expect(".o_kpi_board_dates input").toHaveCount(2);
    expect.verifySteps([
        "board inbound days_7",
        "board pick days_7",
        "board pick month",
        "board pick month",
        "board pick custom",
    ]);
    expect(memory.initial({})).toEqual({
        process: "pick",
        period: "custom",
        date_from: "2025-03-18",
        date_to: "2025-03-19",
        warehouse_id: 2,
    });
});

test("it refreshes each minute while it is seen, without a flicker", async () => {
    mockServer();
    await openBoard();
    const tile = queryFirst("[data-tile=lateness]");
    await advanceTime(REFRESH_EVERY);
    await animationFrame();
    expect.verifySteps(["board inbound days_7", "board inbound days_7"]);
    expect(queryFirst("[data-tile=lateness]")).toBe(tile);

    let visible = "hidden";
    patchWithCleanup(document, {
        get visibilityState() {
            return visible;
        },
    });
    await advanceTime(3 * REFRESH_EVERY);
    expect.verifySteps([]);
    visible = "visible";
    document.dispatchEvent(new Event("visibilitychange"));
    await animationFrame();
    expect.verifySteps(["board inbound days_7"]);
});

test("an error is said, and what was shown stays", async () => {
    mockServer();
    await openBoard();
    expect.verifySteps(["board inbound days_7"]);
    onRpc("kpi.delays.board", "get_board", () => {
        throw makeServerError({message: "Out of order"});
    });
    await contains("[data-process=pick]").click();
    expect("[role=alert]").toHaveText(/Out of order/);
    expect(".o_kpi_board_value").toHaveCount(5);
});

test("an empty board says what to do, and still shows what is late now", async () => {
    mockServer({
        ...BOARD,
        empty: "Nothing fell due on these days.",
        total: sums(0, 0, 0, 0),
    });
    await openBoard();
    expect.verifySteps(["board inbound days_7"]);
    expect(".o_kpi_board_empty").toHaveText("Nothing fell due on these days.");
    expect(".o_kpi_board_value").toHaveCount(0);
    expect("[data-list=dock_late]").toHaveCount(1);
});
