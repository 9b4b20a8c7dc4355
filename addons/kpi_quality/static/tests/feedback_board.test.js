import {
    contains,
    getService,
    makeMockEnv,
    makeServerError,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {beforeEach, expect, test} from "@odoo/hoot";
import {
    describeStanding,
    formatFigure,
    isTooFew,
} from "@kpi_quality/feedback_board/feedback_words";
import {queryAllTexts, queryFirst} from "@odoo/hoot-dom";
import {WebClient} from "@web/webclient/webclient";
import {animationFrame, mockDate} from "@odoo/hoot-mock";
import {browser} from "@web/core/browser/browser";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {intervalScale} from "@kpi_quality/feedback_board/ranking/interval_scale";
import {memory} from "@kpi_quality/feedback_board/feedback_store";

defineMailModels();

const NBSP = "\u00a0";
const index = (code, value, margin, count, more = {}) => ({
    code,
    name: code,
    rising: code === "emotional_loyalty",
    has_interval: true,
    value,
    margin,
    count,
    reference: null,
    standing: "",
    previous: null,
    ...more,
});
const exact = (code, value) => ({...index(code, value, 0, 10), has_interval: false});
const STAFF = "dissatisfaction_staff";
const worse = index(STAFF, 25, 4, 40, {reference: 10, standing: "worse"});
const BOARD = {
    filters: {
        period: "month",
        date_from: "2025-03-01",
        date_to: "2025-03-02",
        site_id: false,
        department_id: false,
        point_id: false,
        employee_id: false,
    },
    choices: {
        site_id: [
            {id: 1, name: "Arbat"},
            {id: 2, name: "Depot"},
        ],
        department_id: [
            {id: 3, name: "Retail"},
            {id: 4, name: "Wholesale"},
        ],
        point_id: [{id: 5, name: "Counter"}],
        employee_id: [],
    },
    measured_at: "2025-03-02 08:45:00",
    empty: false,
    indexes: [STAFF, "emotional_loyalty"],
    exact: ["sale_conversion", "force_majeure_share"],
    figures: {
        [STAFF]: {...worse, previous: 20},
        emotional_loyalty: index("emotional_loyalty", 64, null, 12),
        sale_conversion: exact("sale_conversion", null),
        force_majeure_share: exact("force_majeure_share", 34),
    },
    trust: {
        days: 18,
        opening_days: 20,
        days_covered: 90,
        checked: 4,
        rejected: 1,
        rejection_rate: 25,
        unasked: 3,
        force_majeure_limit: 20,
        fix_causes: true,
    },
    trend: {
        day: [
            {
                date_from: "2025-03-01",
                date_to: "2025-03-01",
                figures: {
                    [STAFF]: {value: 25, margin: 4, count: 40},
                    emotional_loyalty: {value: null, margin: null, count: 0},
                    sale_conversion: {value: null, margin: null, count: 0},
                    force_majeure_share: {value: 34, margin: 0, count: 10},
                },
            },
        ],
        week: [],
    },
    rankings: [
        {
            place: "point_id",
            rows: [
                {id: 6, name: "Desk", figures: {[STAFF]: index(STAFF, 90, null, 3)}},
                {
                    id: 7,
                    name: "Stall",
                    figures: {
                        [STAFF]: index(STAFF, 8, 3, 40, {
                            reference: 10,
                            standing: "usual",
                        }),
                    },
                },
                {id: 5, name: "Counter", figures: {[STAFF]: worse}},
            ],
        },
        {place: "department_id", rows: []},
        {
            place: "employee_id",
            rows: [{id: false, name: "Nobody known", figures: {[STAFF]: worse}}],
        },
    ],
    hours: {
        rows: [
            {hour: 16, attempts: 9, visits: 10, value: 90, thin: false},
            {hour: 17, attempts: 2, visits: 10, value: 20, thin: true},
        ],
        thin: ["Too few sellers from 17 to 18: they turn to 20 % of the visitors."],
    },
    answers: [{code: STAFF, yes: 30, no: 10}],
    questions: [
        {
            point_id: 5,
            point: "Counter",
            question: "Pleased with the staff?",
            kind: "staff",
            since: "2025-03-01",
        },
        {
            point_id: 7,
            point: "Stall",
            question: "Pleased with the staff?",
            kind: "staff",
            since: "2025-03-01",
        },
        {point_id: 6, point: "Desk", question: false, kind: false, since: false},
    ],
    diagnosis: {
        cause: "staff",
        text: "Customers are dissatisfied with the staff.",
        code: STAFF,
        steps: [
            {key: "mystery_shopper", label: "Send a mystery shopper"},
            {key: "improvement", label: "Plan an improvement action"},
            {key: "measure_again", label: "Measure the same index again"},
        ],
    },
    improvements: [{id: 3, name: "Greet", code: STAFF, date: "2025-03-01"}],
};

function mockServer(board = BOARD) {
    onRpc("kpi.feedback.board", "get_board", ({args: [filters]}) => {
        const {period, date_from, site_id, department_id} = filters;
        expect.step(
            ["board", period, period === "custom" && date_from, site_id, department_id]
                .filter(Boolean)
                .join(" ")
        );
        return {...board, filters: {...board.filters, ...filters}};
    });
    for (const method of [
        "action_open_documents",
        "action_open_live",
        "action_next_step",
    ]) {
        onRpc("kpi.feedback.board", method, ({args: [, ...what]}) => {
            expect.step(`${method} ${JSON.stringify(what)}`);
            return {type: "ir.actions.act_window_close"};
        });
    }
}

async function openBoard() {
    await mountWithCleanup(WebClient);
    await getService("action").doAction({
        type: "ir.actions.client",
        tag: "kpi_feedback_board",
    });
    await animationFrame();
    expect.verifySteps(["board month"]);
}

beforeEach(() => {
    mockDate("2025-03-02 09:00:00", 0);
    browser.sessionStorage.setItem(memory.key, JSON.stringify({period: "month"}));
});

test("figures with their intervals, in words", async () => {
    await makeMockEnv();
    expect(formatFigure({value: 11, margin: 2.81})).toBe(
        `11.0${NBSP}±${NBSP}2.8${NBSP}%`
    );
    expect(formatFigure({value: 92.04, margin: 0})).toBe(`92.0${NBSP}%`);
    expect(formatFigure({value: 92, margin: null})).toBe("too few to say");
    expect(formatFigure({value: null, margin: null})).toBe("–");
    expect(isTooFew({value: null, margin: null})).toBe(false);
    expect(describeStanding({reference: null, standing: ""})).toBe("");
    expect(describeStanding({reference: 10, standing: "usual"})).toBe(
        `as usual: 10.0${NBSP}%`
    );
    expect(describeStanding({reference: 10, standing: ""})).toBe(
        `usual is 10.0${NBSP}%`
    );
});

test("intervals on one line, below zero as well", () => {
    const scale = intervalScale([
        {value: 30, margin: 10, reference: 20},
        {value: -50, margin: 10},
        {value: 20, margin: null},
    ]);
    expect(scale.bar({value: 30, margin: 10})).toEqual({low: 80, high: 100});
    expect(scale.bar({value: -50, margin: 10})).toEqual({low: 0, high: 20});
    expect(scale.position(20)).toBe(80);
    expect(intervalScale([]).position(0)).toBe(0);
});

test("indexes, what stands beside them, and whether to believe them", async () => {
    mockServer();
    await openBoard();
    expect(queryAllTexts(".o_kpi_feedback_indexes .o_kpi_board_value")).toEqual([
        "25.0 ± 4.0 %",
        "too few to say",
    ]);
    expect(`[data-tile=${STAFF}]`).toHaveText(
        /worse than the usual 10.0 %\n?40 polls · 20.0 % before/
    );
    expect(`[data-tile=${STAFF}]`).toHaveClass("o_kpi_feedback_worse");
    expect("[data-tile=emotional_loyalty]").toHaveText(/12 polls/);
    expect("[data-tile=sale_conversion]").toHaveText(/^–/);
    expect("[data-tile=force_majeure_share]").toHaveText(
        /34.0 %[^]*at most 20.0 %[^]*Fix the causes first/
    );
    expect("[data-tile=days_covered]").toHaveText(/90.0 %[^]*18 of 20/);
    expect("[data-tile=rejected]").toHaveText(/25.0 %[^]*1 of 4 checked/);
    expect(".o_kpi_feedback_thin").toHaveText(/Too few sellers from 17 to 18/);
});

test("the worst first, who is unknown last, and who is worse is marked", async () => {
    mockServer();
    await openBoard();
    expect(queryAllTexts(".o_kpi_board_row .btn-link")).toEqual([
        "Counter",
        "Stall",
        "Desk",
    ]);
    expect(queryAllTexts(".o_kpi_board_row .badge")).toEqual(["worse than usual"]);
    expect(".o_kpi_feedback_range").toHaveCount(2);
    expect(".o_kpi_feedback_reference").toHaveCount(3);
    await contains("[data-place=department_id].btn").click();
    expect(".o_kpi_board_ranking").toHaveText(/No polls here/);
    await contains("[data-place=employee_id].btn").click();
    expect(queryAllTexts(".o_kpi_board_row .btn-link")).toEqual(["Nobody known"]);
});

test("each number opens what stands behind it", async () => {
    mockServer();
    await openBoard();
    await contains(`[data-tile=${STAFF}]`).click();
    await contains("[data-tile=unasked]").click();
    await contains("[data-tile=days_covered]").click();
    await contains("button[data-answer=no]").click();
    await contains(".o_kpi_board_row:first-child .btn-link").click();
    await contains(".o_kpi_feedback_trend summary").click();
    await contains(".o_kpi_feedback_trend tbody button").click();
    await contains(".o_kpi_feedback_hours summary").click();
    await contains(".o_kpi_feedback_hours tbody tr:last-child button").click();
    expect.verifySteps([
        `action_open_documents [{"code":"${STAFF}"}]`,
        'action_open_live ["unasked"]',
        `action_open_documents [{"code":"${STAFF}","answer":"no","label":"No"}]`,
        `action_open_documents [{"code":"${STAFF}","place":"point_id","id":5,"label":"Counter"}]`,
        `action_open_documents [{"code":"${STAFF}","date_from":"2025-03-01","date_to":"2025-03-01","label":"Mar 1"}]`,
        'action_open_documents [{"code":"visitor_coverage","hour":17,"label":"17–18"}]',
    ]);
});

test("the trend has a text and a table, and other figures", async () => {
    mockServer();
    await openBoard();
    const canvas = queryFirst(".o_kpi_feedback_trend canvas");
    expect(canvas.getAttribute("aria-label")).toMatch(/25.0 ± 4.0 %|25.0/);
    await contains(".o_kpi_feedback_trend summary").click();
    expect(queryAllTexts(".o_kpi_feedback_trend tbody tr:first-child > *")).toEqual([
        "Mar 1",
        "25.0 ± 4.0 %",
        "40 polls",
        "Improve",
    ]);
    expect(queryAllTexts(".o_kpi_board_improvements button")).toEqual(["Greet"]);
    await contains(".o_kpi_feedback_trend .o_kpi_feedback_code").select(
        "emotional_loyalty"
    );
    expect(queryAllTexts(".o_kpi_feedback_trend tbody tr:first-child td")[0]).toBe("–");
    expect(".o_kpi_board_improvements").toHaveCount(0);
});

test("the diagnosis leads to its steps, the last one to the same index", async () => {
    mockServer();
    await openBoard();
    expect(".o_kpi_feedback_diagnosis").toHaveText(/dissatisfied with the staff/);
    await contains("[data-step=mystery_shopper]").click();
    await contains("[data-step=measure_again]").click();
    expect.verifySteps([
        `action_next_step ["mystery_shopper",{"code":"${STAFF}"}]`,
        "board custom 2025-03-01",
    ]);
});

test("a wider place forgets the narrower ones; one needs no choice", async () => {
    mockServer();
    await openBoard();
    expect(".o_kpi_feedback_place").toHaveCount(2);
    await contains(".o_kpi_feedback_place[data-place=department_id]").select("3");
    await contains(".o_kpi_feedback_place[data-place=site_id]").select("1");
    expect.verifySteps(["board month 3", "board month 1"]);
    expect(memory.initial({})).toMatchObject({site_id: 1, department_id: false});
});

test("points that ask the same stand together", async () => {
    mockServer();
    await openBoard();
    expect(queryAllTexts(".o_kpi_feedback_questions .border-top")).toEqual([
        "StaffPleased with the staff?since Mar 1\nCounterStall",
        "No question is planned: answers count for no index.\nDesk",
    ]);
});

test("an empty board says what to do", async () => {
    mockServer({...BOARD, empty: "There is no point yet.", questions: []});
    await openBoard();
    expect(".o_kpi_board_empty").toHaveText("There is no point yet.");
    expect(".o_kpi_board_value").toHaveCount(0);
    expect(".o_kpi_feedback_diagnosis").toHaveCount(0);
});

test("an error is said, and what was shown stays", async () => {
    mockServer();
    await openBoard();
    onRpc("kpi.feedback.board", "get_board", () => {
        throw makeServerError({message: "Out of order"});
    });
    await contains(".o_kpi_board_period").select("days_7");
    expect("[role=alert]").toHaveText(/Out of order/);
    expect(".o_kpi_board_value").toHaveCount(2);
});
