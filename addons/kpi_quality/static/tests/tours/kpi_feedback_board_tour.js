import {registry} from "@web/core/registry";

// A KPI manager: from the index of a shop down to one poll, and back to an action.
registry.category("web_tour.tours").add("kpi_feedback_board", {
    steps: () => [
        {
            content: "Both shops together",
            trigger: "[data-tile=dissatisfaction_staff]:contains('80 polls')",
        },
        {
            content: "Choose a site",
            trigger: ".o_kpi_feedback_place[data-place=site_id]",
            run: "selectByLabel Arbat",
        },
        {
            content: "Its index, with the interval",
            trigger:
                "[data-tile=dissatisfaction_staff]:contains('±'):contains('40 polls')",
        },
        {
            content: "Worse than usual: what is behind the answers?",
            trigger: ".o_kpi_feedback_diagnosis[data-cause=unknown]",
        },
        {
            trigger: ".o_kpi_feedback_answers button[data-answer=no]",
            run: "click",
        },
        {
            content: "Exactly the ten polls answered with No",
            trigger: ".o_list_view .o_pager_limit:contains('10')",
        },
        {
            content: "Back on the board, the site is still chosen",
            trigger:
                ".breadcrumb-item a:contains('Feedback'), .o_breadcrumb a:contains('Feedback')",
            run: "click",
        },
        {
            trigger: "[data-tile=dissatisfaction_staff]:contains('40 polls')",
        },
        {
            content: "An action for the point",
            trigger: ".o_kpi_board_row:contains('Counter') .o_kpi_board_improve",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=name] :is(input, textarea)",
            run: "edit Nobody greets at the counter",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_form_saved",
        },
    ],
});
