import {advanceTime, animationFrame, mockDate, mockVibrate} from "@odoo/hoot-mock";
import {
    allowTranslations,
    contains,
    getService,
    makeServerError,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import {expect, test} from "@odoo/hoot";
import {queryAllTexts} from "@odoo/hoot-dom";
import {WebClient} from "@web/webclient/webclient";
import {browser} from "@web/core/browser/browser";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {formatSpan} from "@kpi_quality/handover/handover_time";

defineMailModels();

const CARD = {
    id: 1,
    name: "WH/IN/1",
    partner: "Oak & Sons",
    city: "Tver",
    orders: ["P1", "P2"],
    lines: 3,
    due: "2025-03-20 07:00:00",
    planned: "2025-03-27 07:00:00",
    section: "overdue",
    urgent: false,
    mark: false,
};
const LATER = {
    ...CARD,
    id: 2,
    name: "WH/IN/2",
    orders: [],
    lines: 1,
    due: "2025-03-20 11:30:00",
    planned: "2025-03-20 11:30:00",
    section: "today",
};
const MARK = {id: 7, picking_id: 1, name: "WH/IN/1", who: "Ann", can_take_back: true};

function mockServer({cards = [CARD, LATER], total, warehouses = []} = {}) {
    let open = cards;
    onRpc("kpi.handover.screen", "get_cards", ({args}) => {
        const [, warehouseId, search, marked, offset] = args;
        expect.step(`load ${warehouseId} "${search}" ${marked} ${offset}`);
        return {
            cards: offset ? [{...LATER, id: 3, name: "WH/IN/3"}] : open,
            total: total || open.length,
            overdue: open.filter(({section}) => section === "overdue").length,
            warehouses,
            warehouse_id: warehouseId || 0,
            needs_mark: true,
        };
    });
    onRpc("kpi.handover.screen", "tap", ({args}) => {
        expect.step(`tap ${args[1]}`);
        open = open.filter(({id}) => id !== args[1]);
        return {...MARK, moment: "2025-03-20 09:15:00"};
    });
    onRpc("kpi.handover.screen", "undo", ({args}) => {
        expect.step(`undo ${args[0]}`);
        open = cards;
        return null;
    });
}

async function mountScreen(kind = "arrival") {
    mockDate("2025-03-20 09:15:00", +1);
    mockVibrate(() => true);
    await mountWithCleanup(WebClient);
    await getService("action").doAction({
        type: "ir.actions.client",
        tag: "kpi_handover",
        params: {kind},
    });
    await animationFrame();
}

function scan(barcode) {
    getService("barcode").bus.trigger("barcode_scanned", {barcode});
    return animationFrame();
}

test("spans are short", () => {
    allowTranslations();
    expect(String(formatSpan(-5))).toBe("0 min");
    expect(String(formatSpan(59.9))).toBe("59 min");
    expect(String(formatSpan(60))).toBe("1 h 0 min");
    expect(String(formatSpan(135))).toBe("2 h 15 min");
    expect(String(formatSpan(1440 * 3 + 250))).toBe("3 d 4 h");
});

test("cards say how late, of whom, and what is due next", async () => {
    mockServer();
    await mountScreen();
    await expect.waitForSteps(['load null "" false 0']);
    await animationFrame();
    expect(queryAllTexts("section h2")).toEqual(["Overdue", "Due today"]);
    expect(".o_kpi_handover_summary").toHaveText("1 late of 2");
    expect(".o_kpi_handover_late .badge").toHaveText("Late by 2 h 15 min");
    expect(".o_kpi_handover_late").toHaveText(/P1, P2 · 3 lines/);
    expect(".o_kpi_handover_late").toHaveText(/now planned for Mar 27/);
    expect("[data-id='2'] .badge").toHaveText(/Due at 12:30/);
    expect("[data-id='2']").toHaveText(/1 line$/m);
});

test("a delivery says when it was shipped, and where to", async () => {
    mockServer({cards: [{...CARD, planned: "2025-03-20 06:00:00"}]});
    await mountScreen("delivery");
    await expect.waitForSteps(['load null "" false 0']);
    await animationFrame();
    expect("[data-id='1']").toHaveText(/Tver/);
    expect("[data-id='1']").toHaveText(/shipped Mar 20, 7:00 AM/);
    expect("[data-id='1'] .o_kpi_handover_mark").toHaveText("Delivered");
});

test("a tap marks, and is undone while the bar is there", async () => {
    mockServer();
    await mountScreen();
    await expect.waitForSteps(['load null "" false 0']);
    await animationFrame();
    await contains("[data-id='1'] .o_kpi_handover_mark").click();
    await expect.waitForSteps(["tap 1", 'load 0 "" false 0']);
    await animationFrame();
    expect("[data-id='1']").toHaveCount(0);
    expect(".o_kpi_handover_undo").toHaveText(/WH\/IN\/1 has arrived/);
    await contains(".o_kpi_handover_undo button").click();
    await expect.waitForSteps(["undo 7", 'load 0 "" false 0']);
    await animationFrame();
    expect("[data-id='1']").toHaveCount(1);
    expect(".o_kpi_handover_undo").toHaveCount(0);
    await contains("[data-id='1'] .o_kpi_handover_mark").click();
    await expect.waitForSteps(["tap 1", 'load 0 "" false 0']);
    await animationFrame();
    await advanceTime(8000);
    expect(".o_kpi_handover_undo").toHaveCount(0);
});

test("what went wrong is told on the screen", async () => {
    mockServer();
    onRpc("kpi.handover.screen", "tap", () => {
        throw makeServerError({
            type: "odoo.exceptions.UserError",
            message: "WH/IN/1 is marked already: 10:00, Ann.",
        });
    });
    await mountScreen();
    await contains("[data-id='1'] .o_kpi_handover_mark").click();
    await expect.waitForSteps(['load null "" false 0', 'load 0 "" false 0']);
    await animationFrame();
    expect(".o_kpi_handover_message").toHaveText(
        "WH/IN/1 is marked already: 10:00, Ann."
    );
    expect(".o_kpi_handover_undo").toHaveCount(0);
    expect("[data-id='1'] .o_kpi_handover_mark").toBeEnabled();
    await contains(".o_kpi_handover_message .btn-close").click();
    expect(".o_kpi_handover_message").toHaveCount(0);
});

test("a scan marks, offers a choice or tells that it is unknown", async () => {
    mockServer();
    const answers = {
        "WH/IN/1": {marked: {...MARK, moment: "2025-03-20 09:15:00"}},
        P9: {cards: [CARD, {...CARD, id: 9, name: "WH/IN/9"}]},
        4006381333931: {message: "Nothing here is called “4006381333931”."},
    };
    onRpc("kpi.handover.screen", "scan", ({args}) => {
        expect.step(`scan ${args.join(" ")}`);
        return answers[args[1]];
    });
    await mountScreen();
    await expect.waitForSteps(['load null "" false 0']);
    await animationFrame();
    await scan("WH/IN/1");
    await animationFrame();
    await expect.waitForSteps(["scan arrival WH/IN/1", 'load 0 "" false 0']);
    await animationFrame();
    expect(".o_kpi_handover_undo").toHaveCount(1);
    await scan("P9");
    await expect.waitForSteps(["scan arrival P9"]);
    await animationFrame();
    expect(".o_kpi_handover_choice").toHaveText(/Several transfers belong to P9/);
    expect(".o_kpi_handover_card").toHaveCount(2);
    await contains(".o_kpi_handover_choice button").click();
    await expect.waitForSteps(['load 0 "" false 0']);
    await animationFrame();
    await scan("4006381333931");
    await expect.waitForSteps(["scan arrival 4006381333931"]);
    await animationFrame();
    expect(".o_kpi_handover_message").toHaveText(/Nothing here is called/);
    await scan("OCDSAVE");
    expect.verifySteps([]);
});

test("typing searches, and Enter takes it as a code", async () => {
    mockServer();
    onRpc("kpi.handover.screen", "scan", ({args}) => {
        expect.step(`scan ${args[1]}`);
        return {message: "Nothing here is called “oak”."};
    });
    await mountScreen("delivery");
    await expect.waitForSteps(['load null "" false 0']);
    await animationFrame();
    await contains(".o_kpi_handover_search").edit("oak", {confirm: false});
    await advanceTime(300);
    await animationFrame();
    await expect.waitForSteps(['load 0 "oak" false 0']);
    await animationFrame();
    await contains(".o_kpi_handover_search").press("Enter");
    await animationFrame();
    await expect.waitForSteps(["scan oak", 'load 0 "oak" false 0']);
    await animationFrame();
    // Something was found by that word: no reason to complain.
    expect(".o_kpi_handover_message").toHaveCount(0);
});

test("the warehouse is remembered, and more is shown on demand", async () => {
    mockServer({
        total: 3,
        warehouses: [
            {id: 4, name: "North"},
            {id: 5, name: "South"},
        ],
    });
    await mountScreen();
    await expect.waitForSteps(['load null "" false 0']);
    await animationFrame();
    await contains(".o_kpi_handover_warehouse").select("5");
    await expect.waitForSteps(['load 5 "" false 0']);
    await animationFrame();
    expect(browser.localStorage.getItem("kpi_handover.warehouse.7")).toBe("5");
    await contains(".o_kpi_handover_more").click();
    await expect.waitForSteps(['load 5 "" false 2']);
    await animationFrame();
    expect(".o_kpi_handover_card").toHaveCount(3);
    expect(".o_kpi_handover_more").toHaveCount(0);
});

test("others' taps appear by themselves", async () => {
    mockServer();
    await mountScreen();
    await expect.waitForSteps(['load null "" false 0']);
    await animationFrame();
    await advanceTime(60000);
    await expect.waitForSteps(['load 0 "" false 0']);
    await animationFrame();
});

test("a mark is taken back with a reason", async () => {
    mockServer({
        cards: [{...CARD, mark: {...MARK, moment: "2025-03-20 08:15:00"}}],
    });
    onRpc("kpi.handover", "action_take_back", ({args}) => {
        expect.step(`take back ${args[0]}`);
        return {type: "ir.actions.act_window", res_model: "kpi.handover.revocation"};
    });
    await mountScreen();
    patchWithCleanup(getService("action"), {
        doAction: (action, {onClose}) => {
            expect.step(action.res_model);
            return onClose();
        },
    });
    await contains(".o_kpi_handover_tab_marked").click();
    await expect.waitForSteps(['load null "" false 0', 'load 0 "" true 0']);
    await animationFrame();
    expect("[data-id='1']").toHaveText(/At the dock for 1 h 0 min/);
    expect("[data-id='1'] .o_kpi_handover_mark").toHaveCount(0);
    await contains(".o_kpi_handover_take_back").click();
    await expect.waitForSteps([
        "take back 7",
        "kpi.handover.revocation",
        'load 0 "" true 0',
    ]);
    await animationFrame();
});
