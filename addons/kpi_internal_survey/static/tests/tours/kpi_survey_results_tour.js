import {registry} from "@web/core/registry";

// A director: the company, the own place in the ranking, and the own unit in detail.
registry.category("web_tour.tours").add("kpi_survey_results", {
    steps: () => [
        {
            trigger: "[data-tile=company]:contains('7.')",
        },
        {
            content: "The own unit is marked",
            trigger: ".o_kpi_survey_own:contains('Hr'):contains('mine')",
        },
        {
            content: "Of others there are scores, and nothing to open",
            trigger:
                ".o_kpi_survey_row:contains('It'):has(.o_kpi_survey_dot):not(:has(button))",
        },
        {
            content: "How the unit sees itself",
            trigger:
                "[data-criterion=speed]:contains('sees itself'):contains('higher than others')",
        },
        {
            trigger: ".o_kpi_survey_comments input",
            run: "edit answers",
        },
        {
            trigger: ".o_kpi_survey_comment:contains('Nobody answers')",
        },
        {
            content: "Plan an action for the own unit",
            trigger: ".o_kpi_survey_plan",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=name] :is(input, textarea)",
            run: "edit Answer the telephone",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_form_saved",
        },
        {
            content: "Back on the results, it stands there",
            trigger: ".breadcrumb-item a, .o_breadcrumb a",
            run: "click",
        },
        {
            trigger: ".o_kpi_survey_action:contains('Answer the telephone')",
        },
    ],
});
