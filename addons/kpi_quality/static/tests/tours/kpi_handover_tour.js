import {registry} from "@web/core/registry";

const card = (name) => `.o_kpi_handover_card:contains('${name}')`;

/**
 * What a keyboard wedge does: keys faster than fingers, then Enter.
 *
 * @param {String} code
 */
function wedge(code) {
    for (const key of [...code, "Enter"]) {
        document.body.dispatchEvent(
            new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true})
        );
    }
}

// Tapped by mistake and undone; scanned; a wrong code; tapped and taken back.
registry.category("web_tour.tours").add("kpi_handover_dock", {
    steps: () => [
        {
            content: "The late one is on top and says how late it is",
            trigger: `.o_kpi_handover_late:contains('TOUR/IN/1'):contains('Late by')`,
        },
        {
            trigger: `${card("TOUR/IN/1")} .o_kpi_handover_mark`,
            run: "click",
        },
        {
            trigger: `.o_kpi_handover:not(:has(${card("TOUR/IN/1")}))`,
        },
        {
            trigger: ".o_kpi_handover_undo:contains('TOUR/IN/1') button",
            run: "click",
        },
        {
            trigger: card("TOUR/IN/1"),
        },
        {
            trigger: card("TOUR/IN/2"),
            run: () => wedge("tour/in/2"),
        },
        {
            trigger: ".o_kpi_handover_undo:contains('TOUR/IN/2')",
        },
        {
            trigger: `.o_kpi_handover:not(:has(${card("TOUR/IN/2")}))`,
            run: () => wedge("4006381333931"),
        },
        {
            content: "A wrong code is told, and nothing is marked",
            trigger: ".o_kpi_handover_message:contains('4006381333931')",
        },
        {
            trigger: `${card("TOUR/IN/1")} .o_kpi_handover_mark`,
            run: "click",
        },
        {
            trigger: ".o_kpi_handover_undo:contains('TOUR/IN/1')",
        },
        {
            trigger: ".o_kpi_handover_tab_marked",
            run: "click",
        },
        {
            trigger: `${card("TOUR/IN/1")} .o_kpi_handover_take_back`,
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit wrong truck",
        },
        {
            trigger: ".modal .btn-primary:contains('Take back')",
            run: "click",
        },
        {
            trigger: `body:not(:has(.modal)) .o_kpi_handover:not(:has(${card("TOUR/IN/1")}))`,
        },
        {
            trigger: card("TOUR/IN/2"),
        },
    ],
});
