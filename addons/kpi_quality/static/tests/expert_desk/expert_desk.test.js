import {advanceTime, animationFrame, mockDate} from "@odoo/hoot-mock";
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
import {press, queryAllTexts, queryOne} from "@odoo/hoot-dom";
import {ConnectionLostError} from "@web/core/network/rpc";
import {DeskDraft} from "@kpi_quality/expert_desk/desk_draft";
import {ORM} from "@web/core/orm_service";
import {WebClient} from "@web/webclient/webclient";
import {commandOf} from "@kpi_quality/expert_desk/desk_keys";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {formatOffset} from "@kpi_quality/expert_desk/desk_words";

defineMailModels();

const REASONS = {
    poll: {
        valid: [],
        rejected: [
            {id: 11, name: "No customer there"},
            {id: 12, name: "Test press"},
        ],
    },
    slice: {seen: []},
};
const POLL = {
    id: 1,
    kind: "poll",
    point: "Counter",
    site: "Arbat",
    department: "Retail",
    tz: "Europe/Moscow",
    moment: "2025-03-19 07:00:00",
    stop: false,
    employee: "Ann",
    question: "Are you satisfied?",
    answer: "no",
    response_ms: 5500,
    presses: [
        {button: "visitor", held_ms: 100, is_item: false, seconds: -20.4},
        {button: "seller", held_ms: 200, is_item: true, seconds: 0},
        {button: "no", held_ms: 4000, is_item: false, seconds: 5.5},
    ],
    video: {archive: "https://video.example.com/1", clip: false, before: 30},
};
const SLICE = {
    ...POLL,
    id: 2,
    kind: "slice",
    stop: "2025-03-19 07:05:00",
    presses: [],
    video: {},
};

/**
 * @param {Object[]} items of the queue
 * @returns {Object} what the server answers; tests change it
 */
function mockServer(items = [POLL, SLICE]) {
    const server = {queue: [...items], done: 0, answer: () => true};
    const desk = () => ({
        items: server.queue.slice(0, 2),
        done: server.done,
        total: server.done + server.queue.length,
        next_fill: "2025-03-20 09:15:00",
    });
    const take = () => {
        server.queue.shift();
        server.done++;
    };
    onRpc("kpi.feedback.desk", "get_desk", ({args}) => {
        expect.step(`open ${JSON.stringify(args[0])}`);
        return {...desk(), reasons: REASONS};
    });
    onRpc("kpi.feedback.desk", "judge", ({args}) => {
        expect.step(`judge ${args[0]} ${JSON.stringify(args[1])}`);
        server.answer();
        take();
        return desk();
    });
    onRpc("kpi.feedback.desk", "undo", () => {
        expect.step("undo");
        if (server.done) {
            server.queue.unshift(POLL);
            server.done--;
        }
        return desk();
    });
    onRpc("kpi.feedback.desk", "skip", ({args}) => {
        expect.step(`skip ${args[0]} ${JSON.stringify(args[1])}`);
        server.queue.shift();
        return desk();
    });
    onRpc("kpi.feedback.desk", "renew", ({args}) => {
        expect.step(`renew ${JSON.stringify(args[0])}`);
        return server.kept || args[0];
    });
    return server;
}

async function openDesk() {
    mockDate("2025-03-20 09:00:00", +1);
    await mountWithCleanup(WebClient);
    await getService("action").doAction({
        type: "ir.actions.client",
        tag: "kpi_expert_desk",
    });
    await expect.waitForSteps(["open []"]);
    await animationFrame();
}

async function type(...keys) {
    for (const key of keys) {
        await press(key);
        await animationFrame();
    }
}

/**
 * Without the spaces, which depend on how far the styles are loaded.
 *
 * @param {String} selector
 * @returns {String[]}
 */
function wordsOf(selector) {
    return queryAllTexts(selector).map((text) => text.replace(/\s+/g, ""));
}

test("digits choose the verdict, then its reason", () => {
    const draft = new DeskDraft(POLL, REASONS.poll);
    expect(draft.isReady).toBe(false);
    draft.press(1);
    expect(draft.isReady).toBe(true);
    expect(draft.values).toEqual({verdict: "valid", reason_id: false});
    draft.press(2);
    expect(draft.isReady).toBe(false);
    draft.press(9);
    expect(draft.isReady).toBe(false);
    draft.press(2);
    expect(draft.values).toEqual({verdict: "rejected", reason_id: 12});
    draft.back();
    expect(draft.verdict).toBe("rejected");
    draft.back();
    expect(draft.verdict).toBe(null);
});

test("digits count in a time slice", () => {
    const draft = new DeskDraft(SLICE, REASONS.slice);
    expect(draft.isReady).toBe(false);
    [1, 2, 1, 3].forEach((digit) => draft.press(digit));
    expect(draft.values).toEqual({verdict: "seen", served: 3, missed: 1});
    draft.back();
    draft.back();
    expect(draft.values).toEqual({verdict: "seen", served: 1, missed: 0});
    draft.back();
    expect(draft.isReady).toBe(false);
    draft.press(0);
    expect(draft.isReady).toBe(true);
    expect(draft.values).toEqual({verdict: "seen", served: 0, missed: 0});
});

test("letters are meant by their place, and fields keep their keys", () => {
    const target = document.body;
    const key = (values) => commandOf({target, ...values});
    expect(key({key: "г", code: "KeyU"})).toEqual({name: "undo"});
    expect(key({key: "u"})).toEqual({name: "undo"});
    expect(key({key: "&", code: "Digit1"})).toEqual({name: "digit", digit: 1});
    expect(key({key: "?", code: "Digit7"})).toEqual({name: "help"});
    expect(key({key: "u", ctrlKey: true})).toBe(null);
    expect(key({key: "x", code: "KeyX"})).toBe(null);
    const input = document.createElement("input");
    expect(key({key: "1", target: input})).toBe(null);
    const button = document.createElement("button");
    expect(key({key: "Enter", target: button})).toBe(null);
    expect(key({key: "1", target: button})).toEqual({name: "digit", digit: 1});
});

test("distances are short", () => {
    allowTranslations();
    expect(String(formatOffset(-20.44))).toBe("−20.4 s");
    expect(String(formatOffset(65.2))).toBe("+1:05 min");
});

test("what, where, when by the site's clock, and what was pressed around it", async () => {
    mockServer();
    await openDesk();
    expect(".o_kpi_desk_progress").toHaveText("0 of 2 today");
    expect(".o_kpi_desk_when").toHaveText(/Mar 19, 2025, 10:00:00/);
    expect(".o_kpi_desk_when").toHaveText(/Europe\/Moscow/);
    expect(".o_kpi_desk_where").toHaveText("Counter · Arbat · Retail");
    expect(queryAllTexts(".o_kpi_desk_facts dd")).toEqual([
        "Are you satisfied?",
        "No, after 5.5 s",
        "Ann",
    ]);
    expect(wordsOf(".o_kpi_desk_presses li")).toEqual([
        "−20.4sVisitor",
        "thisoneSeller",
        "+5.5sNoheldfor4s",
    ]);
    expect(".o_kpi_desk_press_item").toHaveCount(1);
    expect(queryOne(".o_kpi_desk_press_item").style.left).toBe("50%");
    // The next item's video is there, behind.
    expect(".o_kpi_desk_video").toHaveCount(2);
    expect(".o_kpi_desk_video:not(.d-none)").toHaveCount(1);
    expect(".o_kpi_desk_archive").toHaveCount(1);
});

test("by keyboard alone", async () => {
    mockServer();
    await openDesk();
    await type("Enter");
    expect.verifySteps([]);
    await type("2", "Enter");
    expect.verifySteps([]);
    expect(wordsOf(".o_kpi_desk_reasons button")).toEqual([
        "1Nocustomerthere",
        "2Testpress",
    ]);
    await type("2", "Enter");
    await expect.waitForSteps(['judge 1 {"verdict":"rejected","reason_id":12}']);
    await animationFrame();
    expect(".o_kpi_desk_notice").toHaveText("Recorded: Invalid · Test press");
    expect(".o_kpi_desk_item").toHaveAttribute("data-id", "2");
    await type("1", "2", "2", "Backspace");
    expect(".o_kpi_desk_count").toHaveText("2 served, 1 without a press");
    await type("Enter");
    await expect.waitForSteps(['judge 2 {"verdict":"seen","served":2,"missed":1}']);
    await animationFrame();
    expect(".o_kpi_desk_empty").toHaveText(/All is checked/);
    expect(".o_kpi_desk_empty").toHaveText(/The next sample is drawn at 10:15/);
    await type("u");
    await expect.waitForSteps(["undo"]);
    await animationFrame();
    expect(".o_kpi_desk_notice").toHaveText("Taken back: judge it again.");
    expect(".o_kpi_desk_item").toHaveAttribute("data-id", "1");
});

test("by mouse too, and Enter confirms after a click", async () => {
    mockServer();
    await openDesk();
    await contains("[data-verdict=rejected]").click();
    await contains("[data-reason='11']").click();
    await type("Enter");
    await expect.waitForSteps(['judge 1 {"verdict":"rejected","reason_id":11}']);
});

test("what was left comes again on demand", async () => {
    const server = mockServer([POLL]);
    await openDesk();
    await type("n");
    await expect.waitForSteps(["skip 1 [1]"]);
    await animationFrame();
    expect(".o_kpi_desk_empty h2").toHaveText("Only what you left is here");
    server.queue = [POLL];
    await type("Enter");
    await expect.waitForSteps(["open []"]);
    await animationFrame();
    expect(".o_kpi_desk_item").toHaveCount(1);
});

test("a verdict survives what goes wrong", async () => {
    const server = mockServer();
    await openDesk();
    server.answer = () => {
        throw makeServerError({
            type: "odoo.exceptions.UserError",
            message: "This item is not yours any more.",
        });
    };
    await type("1", "Enter");
    await expect.waitForSteps(['judge 1 {"verdict":"valid","reason_id":false}']);
    await animationFrame();
    expect(".o_kpi_desk_error").toHaveText("This item is not yours any more.");
    expect("[data-verdict=valid]").toHaveAttribute("aria-pressed", "true");
    server.answer = () => true;
    await type("Enter");
    await expect.waitForSteps(['judge 1 {"verdict":"valid","reason_id":false}']);
    await animationFrame();
    expect(".o_kpi_desk_error").toHaveCount(0);
    expect(".o_kpi_desk_item").toHaveAttribute("data-id", "2");
});

test("offline it waits for the next Enter", async () => {
    mockServer();
    let isOnline = true;
    patchWithCleanup(ORM.prototype, {
        call() {
            return isOnline
                ? super.call(...arguments)
                : Promise.reject(new ConnectionLostError("/web"));
        },
    });
    await openDesk();
    isOnline = false;
    await type("1", "Enter");
    expect(".o_kpi_desk_error").toHaveText(/No connection. Your verdict is kept here/);
    expect("[data-verdict=valid]").toHaveAttribute("aria-pressed", "true");
    isOnline = true;
    await type("Enter");
    await expect.waitForSteps(['judge 1 {"verdict":"valid","reason_id":false}']);
});

test("leases are renewed while somebody works", async () => {
    const server = mockServer();
    await openDesk();
    await advanceTime(3 * 60 * 1000);
    await expect.waitForSteps(["renew [1,2]"]);
    server.kept = [2];
    await type("1");
    await advanceTime(3 * 60 * 1000);
    await expect.waitForSteps(["renew [1,2]"]);
    await animationFrame();
    expect(".o_kpi_desk_error").toHaveText(/somebody else took this item/);
    await advanceTime(60 * 60 * 1000);
    // Two more before the ten minutes are over, then none.
    expect.verifySteps(["renew [1,2]", "renew [1,2]"]);
});

test("a red press appears by itself on an empty desk", async () => {
    const server = mockServer([]);
    await openDesk();
    expect(".o_kpi_desk_empty").toHaveCount(1);
    server.queue = [POLL];
    await advanceTime(60 * 1000);
    await expect.waitForSteps(["open []"]);
    await animationFrame();
    expect(".o_kpi_desk_item").toHaveCount(1);
});
