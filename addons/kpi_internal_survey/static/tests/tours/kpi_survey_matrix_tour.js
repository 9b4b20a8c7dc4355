import {registry} from "@web/core/registry";

// A member of the board: from the gravest conflict to its comments and to an action.
registry.category("web_tour.tours").add("kpi_survey_matrix", {
    steps: () => [
        {
            content: "The conflict stands out in the heat map",
            trigger: ".o_kpi_matrix td.o_kpi_matrix_conflict:contains('2.0')",
            run: "click",
        },
        {
            content: "Both directions of it",
            trigger: ".o_kpi_matrix_chosen:contains('It → Hr'):contains('Hr → It')",
        },
        {
            content: "Hidden is no blank",
            trigger: ".o_kpi_matrix td.o_kpi_survey_hidden",
        },
        {
            content: "Against what each unit usually gets",
            trigger: "[data-mode=difference]",
            run: "click",
        },
        {
            trigger: ".o_kpi_matrix td.o_kpi_matrix_conflict:contains('−')",
        },
        {
            content: "Regional units only",
            trigger: "[data-filter=rows] select",
            run: "selectByLabel Regional units",
        },
        {
            trigger:
                ".o_kpi_matrix tbody:has(tr:nth-child(3)):not(:has(tr:nth-child(4)))",
        },
        {
            content: "What people wrote",
            trigger: ".o_kpi_matrix_conflicts .o_kpi_matrix_comments",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:contains('Nobody answers')",
        },
        {
            content: "Back in the matrix",
            trigger: ".breadcrumb-item a, .o_breadcrumb a",
            run: "click",
        },
        {
            content: "Something is done about it",
            trigger: ".o_kpi_matrix_conflicts .o_kpi_matrix_plan",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=name] :is(input, textarea)",
            run: "edit Answer within a day",
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
