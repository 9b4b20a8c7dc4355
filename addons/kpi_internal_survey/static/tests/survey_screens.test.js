import {
    contains,
    getService,
    makeServerError,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {beforeEach, expect, test} from "@odoo/hoot";
import {
    hover,
    press,
    queryAll,
    queryAllTexts,
    queryFirst,
    resize,
} from "@odoo/hoot-dom";
import {WebClient} from "@web/webclient/webclient";
import {animationFrame} from "@odoo/hoot-mock";
import {browser} from "@web/core/browser/browser";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";

defineMailModels();

const CAMPAIGN = {
    id: 4,
    name: "2025",
    state: "published",
    date_from: "2025-11-03",
    date_to: "2025-11-21",
    minimum: 5,
};
const BANDS = [
    {name: "Fails", mark_from: 1, mark_to: 4},
    {name: "Partly", mark_from: 5, mark_to: 6},
    {name: "Meets", mark_from: 7, mark_to: 8},
    {name: "Exceeds", mark_from: 9, mark_to: 9},
    {name: "Far exceeds", mark_from: 10, mark_to: 10},
];
const COMMON = {
    campaigns: [
        {id: 4, name: "2025"},
        {id: 2, name: "2024"},
    ],
    empty: false,
    campaign: CAMPAIGN,
    bands: BANDS,
    rights: {board: true, manage: false, improve: true},
};
const unit = (id, name, kind = "head_office") => ({
    id,
    name,
    kind,
    tags: [],
    department_id: id + 100,
});
const MATRIX = {
    ...COMMON,
    filters: {campaign_id: 4},
    units: [unit(1, "Finance"), unit(2, "IT"), unit(3, "North", "regional")],
    tags: [],
    cells: [
        ["cell", 1, 2, 3.04, 6, "shown", "conflict"],
        ["cell", 2, 1, 7.96, 6, "shown", ""],
        ["cell", 3, 2, 8.1, 5, "shown", ""],
        ["cell", 0, 2, null, null, "hidden", ""],
        ["own", 1, 1, 9.2, 6, "shown", ""],
        ["row", 1, 0, 6.5, 12, "shown", ""],
        ["column", 0, 1, 7.9, 30, "shown", ""],
        ["column", 0, 2, 7.1, 30, "shown", ""],
        ["total", 0, 0, 7.3, 60, "shown", ""],
    ],
    improvements: [{id: 9, name: "Answer in a day", state: "open", department_id: 102}],
};

const shown = (score, more = {}) => ({state: "shown", score, people: 9, ...more});
const HIDDEN = {state: "hidden", score: null, people: null, margin: null, band: ""};
const NONE = {state: "none", score: null, people: null, margin: null, band: ""};
const ranked = (id, name, figure, rank, more = {}) => ({
    id,
    name,
    rank,
    kind: "head_office",
    is_own: false,
    can_open: false,
    ...figure,
    ...more,
});
const cycle = (id, name, score, criteria) => ({
    id,
    name,
    unit: {score: shown(score), criteria},
    company: {score: shown(7), criteria: {}},
});
const RESULTS = {
    ...COMMON,
    rights: {board: false, manage: false, improve: false},
    filters: {campaign_id: 4, unit_id: 2},
    units: [{id: 2, name: "IT"}],
    company: {
        ...shown(7.18, {margin: 0.04, band: "Meets", people: 1500}),
        change: false,
        participation: {share: 64.25},
    },
    ranking: [
        ranked(1, "Finance", shown(8.02, {margin: 0.2}), 1),
        ranked(2, "IT", shown(6.9, {margin: 0.1}), 2, {is_own: true, can_open: true}),
        ranked(5, "Audit", HIDDEN, false),
        ranked(6, "Legal", NONE, false),
    ],
    unit: {
        id: 2,
        name: "IT",
        kind: "head_office",
        ...shown(6.9, {margin: 0.1, band: "Meets"}),
        rank: 2,
        own: shown(8.1),
        change: {campaign: "2024", before: shown(5.9), difference: 1, is_certain: true},
    },
    groups: [
        {
            name: "Attitude",
            criteria: [
                {
                    key: "answers",
                    name: "Answers",
                    hint: "",
                    others: shown(6.5),
                    own: shown(7.7),
                    company: shown(7),
                },
                {
                    key: "respect",
                    name: "Respect",
                    hint: "",
                    others: HIDDEN,
                    own: NONE,
                    company: shown(7),
                },
            ],
        },
    ],
    trend: [
        cycle(2, "2024", 5.9, {answers: shown(5.5)}),
        cycle(4, "2025", 6.9, {answers: shown(6.5)}),
    ],
    comments: [
        {id: 1, tone: "low", text: "Nobody answers the telephone"},
        {id: 2, tone: "high", text: "Always ready to help"},
    ],
    best_units: ["Finance"],
    best_people: [
        {id: 1, name: "Anna", unit: "IT", votes: 12, place: 1, is_best: true},
        {id: 2, name: "Boris", unit: "IT", votes: 5, place: 4, is_best: false},
    ],
    recommendations: [{id: 1, text: "Name who answers.", is_unit: true}],
    improvements: [
        {
            id: 9,
            name: "Answer in a day",
            state: "open",
            is_overdue: true,
            date_deadline: "2025-12-20",
            responsible: "Director",
            department_id: 102,
        },
    ],
};

function mockServer(method, board) {
    onRpc("kpi.survey.board", method, ({args}) => {
        expect.step([method, ...args].join(" "));
        return board;
    });
    onRpc("kpi.survey.board", "action_improve", ({args}) => {
        expect.step(`improve ${args.join(" ")}`);
        return {type: "ir.actions.act_window_close"};
    });
}

async function open(tag) {
    await mountWithCleanup(WebClient);
    await getService("action").doAction({type: "ir.actions.client", tag});
    await animationFrame();
}

async function openMatrix(board = MATRIX) {
    mockServer("get_matrix", board);
    await open("kpi_survey_matrix");
    expect.verifySteps(["get_matrix false"]);
}

async function openResults(board = RESULTS) {
    mockServer("get_results", board);
    await open("kpi_survey_results");
    expect.verifySteps(["get_results false false"]);
}

const rowTexts = () =>
    queryAll(".o_kpi_matrix tbody tr").map((row) =>
        [...row.cells].map((cell) => cell.textContent)
    );

beforeEach(() => browser.sessionStorage.clear());

test("the matrix tells a mark, too few people, no data and the own view apart", async () => {
    await openMatrix();
    expect(rowTexts()).toEqual([
        ["Finance", "6.5", "9.2", "3.0"],
        ["IT", "", "8.0", ""],
        ["North", "", "", "8.1"],
        ["Other units", "", "", ""],
    ]);
    const cell = (row, column) =>
        queryFirst(`.o_kpi_matrix tbody tr:nth-child(${row}) td:nth-child(${column})`);
    expect(cell(1, 4)).toHaveClass(["o_kpi_survey_level_0", "o_kpi_matrix_conflict"]);
    expect(cell(1, 3)).toHaveClass(["o_kpi_survey_level_3", "o_kpi_matrix_own"]);
    expect(cell(4, 4)).toHaveClass("o_kpi_survey_hidden");
    expect(cell(3, 3)).not.toHaveClass("o_kpi_survey_hidden");
    expect(queryAllTexts(".o_kpi_matrix thead tr:last-child td")).toEqual([
        "7.3",
        "7.9",
        "7.1",
    ]);
});

test("the difference from the column's mean", async () => {
    await openMatrix();
    await contains("[data-mode=difference]").click();
    expect(rowTexts()[0]).toEqual(["Finance", "6.5", "+1.3", "−4.1"]);
    expect(rowTexts()[2]).toEqual(["North", "", "", "+1.0"]);
    await contains("[data-zoom=small]").click();
    expect(rowTexts()[0]).toEqual(["Finance", "6.5", "", ""]);
});

test("what is filtered is hidden on screen, the margins stay", async () => {
    await openMatrix();
    await contains("[data-filter=rows] select").select("kind:regional");
    await contains("[data-filter=columns] input").edit("it");
    expect(rowTexts()).toEqual([["North", "", "8.1"]]);
    expect(queryAllTexts(".o_kpi_matrix thead tr:last-child td")).toEqual([
        "7.3",
        "7.1",
    ]);
    await contains("[data-filter=columns] input").edit("nobody");
    expect(".o_kpi_matrix").toHaveCount(0);
});

test("keys and the pointer tell what a cell says", async () => {
    await openMatrix();
    queryFirst(".o_kpi_matrix td[tabindex='0']").focus();
    await animationFrame();
    expect(".o_kpi_matrix_tip").toHaveText(/Finance sees itself\n9.20 · 6 people/);
    await press("ArrowRight");
    await animationFrame();
    expect(".o_kpi_matrix_tip").toHaveText(
        /Finance rates IT\n3.04 · 6 people\nConflict[^]*−4.06[^]*gives 6.50[^]*gets 7.10/
    );
    expect(".o_kpi_matrix_lit").toHaveCount(3);
    expect(document.activeElement).toHaveAttribute("aria-label", /Finance rates IT/);
    expect(".o_kpi_matrix td[tabindex='0']").toHaveCount(1);
    await press("Enter");
    await animationFrame();
    expect(".o_kpi_matrix_chosen").toHaveText(/Finance → IT[^]*IT → Finance/);
    await press("Escape");
    await animationFrame();
    expect(".o_kpi_matrix_tip").toHaveCount(0);
    await hover(".o_kpi_matrix tbody tr:last-child td:last-child");
    await animationFrame();
    expect(".o_kpi_matrix_tip").toHaveText(/Other units rates IT\nHidden: too few/);
});

test("a conflict has both directions, and leads to comments and actions", async () => {
    await openMatrix();
    expect(queryAllTexts(".o_kpi_matrix_conflicts .o_kpi_matrix_sample")).toEqual([
        "3.0",
        "8.0",
    ]);
    expect(".o_kpi_matrix_conflicts").toHaveText(/Answer in a day/);
    await contains(".o_kpi_matrix_conflicts .o_kpi_matrix_plan").click();
    expect.verifySteps(["improve 4 2"]);
});

test("nobody who may not plan is offered to", async () => {
    await openMatrix({...MATRIX, rights: {...MATRIX.rights, improve: false}});
    expect(".o_kpi_matrix_plan").toHaveCount(0);
    expect(".o_kpi_matrix_comments").toHaveCount(1);
});

test("on a phone: what one unit gets and gives, the lowest first", async () => {
    await resize({width: 390, height: 800});
    await openMatrix();
    expect(".o_kpi_matrix").toHaveCount(0);
    expect(".o_kpi_matrix_unit").toHaveValue("2");
    expect(queryAllTexts("[data-list=gets] .o_kpi_matrix_sample")).toEqual([
        "3.0",
        "8.1",
        "",
    ]);
    expect("[data-list=gets] li:last-child").toHaveText(/Other units\s*too few/);
    expect(queryAllTexts("[data-list=gives] .o_kpi_matrix_sample")).toEqual(["8.0"]);
    await contains(".o_kpi_matrix_unit").select("1");
    expect(queryAllTexts("[data-list=gives] .o_kpi_matrix_sample")).toEqual(["3.0"]);
});

test("who may not see the matrix is told so", async () => {
    onRpc("kpi.survey.board", "get_matrix", () => {
        throw makeServerError({message: "For the board only."});
    });
    await open("kpi_survey_matrix");
    expect(".alert-warning").toHaveText(/For the board only/);
    expect(".o_kpi_matrix").toHaveCount(0);
});

test("results: the company, the own unit, and its change", async () => {
    await openResults();
    expect("[data-tile=company]").toHaveText(/7.18\s*± 0.04\s*Meets/);
    expect("[data-tile=unit]").toHaveText(
        /IT\s*6.90[^]*9 people[^]*\+1.00 since “2024”: more than chance/
    );
    expect("[data-tile=rank]").toHaveText(/2 of 2/);
    expect("[data-tile=own]").toHaveText(/8.10\s*sees itself 1.2 higher/);
    expect("[data-tile=participation]").toHaveText(/64.3 %/);
    expect("[data-tile=best]").toHaveText(/Finance/);
});

test("results: the ranking marks one's own, and who has too few", async () => {
    await openResults();
    expect(queryAllTexts(".o_kpi_survey_row .o_kpi_survey_figure")).toEqual([
        "8.02± 0.20",
        "6.90± 0.10",
        "too few",
        "no data",
    ]);
    expect(".o_kpi_survey_own").toHaveCount(1);
    expect(".o_kpi_survey_own").toHaveText(/IT\s*mine/);
    expect(".o_kpi_survey_row .o_kpi_survey_hidden").toHaveCount(1);
    expect(".o_kpi_survey_row button").toHaveCount(1);
});

test("results: each criterion beside the company and the own view", async () => {
    await openResults();
    expect("[data-criterion=answers]").toHaveText(
        /6.50\s*company 7.00 · own view 7.70 · sees itself 1.2 higher/
    );
    expect("[data-criterion=respect]").toHaveText(
        /too few\s*company 7.00 · own view no data$/
    );
    expect("[data-criterion=respect] .o_kpi_survey_dot").toHaveCount(0);
    await contains(".o_kpi_survey_trend select").select("answers");
    await contains(".o_kpi_survey_trend summary").click();
    expect(queryAllTexts(".o_kpi_survey_trend tbody tr")).toEqual([
        "2024 5.50 no data",
        "2025 6.50 no data",
    ]);
});

test("results: comments by marks and by words, people, and what follows", async () => {
    await openResults();
    expect(".o_kpi_survey_comment").toHaveCount(2);
    await contains("[data-tone=low].btn").click();
    expect(queryAllTexts(".o_kpi_survey_comment")).toEqual([
        "Nobody answers the telephone",
    ]);
    await contains(".o_kpi_survey_comments input").edit("ready");
    expect(".o_kpi_survey_comments").toHaveText(/No comment has this/);
    await contains("[data-tone=low].btn").click();
    expect(queryAllTexts(".o_kpi_survey_comment")).toEqual(["Always ready to help"]);
    expect(queryAllTexts(".o_kpi_survey_people li")).toEqual([
        "1\nAnna· IT\n12 votes",
        "Boris· IT\n5 votes",
    ]);
    expect(".o_kpi_survey_next").toHaveText(/For the unit[^]*Name who answers/);
    expect(".o_kpi_survey_action .badge").toHaveText("Overdue");
    expect(".o_kpi_survey_plan").toHaveCount(0);
});

test("results: another campaign is asked for", async () => {
    await openResults();
    await contains(".o_kpi_survey_campaign").select("2");
    expect.verifySteps(["get_results 2 2"]);
});

test("results: why there are none", async () => {
    await openResults({
        filters: {campaign_id: false, unit_id: false},
        campaigns: [],
        units: [],
        empty: "No results yet.",
        rights: COMMON.rights,
    });
    expect(".o_kpi_board_empty").toHaveText("No results yet.");
    expect(".o_kpi_survey_ranking").toHaveCount(0);
});
