import {registry} from "@web/core/registry";

const ITEMS = 20;
const progress = (done) => `.o_kpi_desk_progress:contains(/^${done} of/)`;
const keys = (...names) =>
    names.map((name) => ({trigger: "body", run: `press ${name}`}));

/**
 * Every second one is invalid: the seller answered himself.
 *
 * @param {Number} number from 1
 * @returns {Object[]}
 */
function judge(number) {
    const verdict = number % 2 ? keys("1") : keys("2", "2");
    return [
        {
            content: `${number} of ${ITEMS}`,
            trigger: `.o_kpi_desk:has(${progress(number - 1)}) .o_kpi_desk_item:has([data-verdict=valid][aria-pressed=false])`,
        },
        ...verdict,
        {trigger: ".o_kpi_desk_confirm:enabled"},
        ...keys("Enter"),
        {trigger: progress(number)},
    ];
}

// Twenty items without touching the mouse, one of them taken back and judged again.
registry.category("web_tour.tours").add("kpi_expert_desk", {
    steps: () => [
        {
            content: "What, where, and the answer",
            trigger: ".o_kpi_desk_facts:contains('Counter'):contains('Yes')",
        },
        ...keys("?"),
        {trigger: ".o_kpi_desk_help:contains('Take your last verdict')"},
        ...keys("?"),
        {trigger: ".o_kpi_desk:not(:has(.o_kpi_desk_help))"},
        ...Array.from({length: 5}, (_, index) => judge(index + 1)).flat(),
        {
            content: "A mistake",
            trigger: ".o_kpi_desk_notice:contains('Recorded: Valid')",
        },
        ...keys("u"),
        {trigger: progress(4)},
        {trigger: ".o_kpi_desk_notice:contains('Taken back')"},
        ...Array.from({length: ITEMS - 4}, (_, index) => judge(index + 5)).flat(),
    ],
});
