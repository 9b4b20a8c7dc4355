import {registry} from "@web/core/registry";

// From the scorecard to the paid order, by three people; see tests/test_tours.py for
// the figures: 1 order, revenue 3,000 of a plan of 2,500.
registry.category("web_tour.tours").add("kpi_scorecard_agree", {
    steps: () => [
        {
            content: "My KPI shows the own card",
            trigger: ".o_kanban_record:contains('March 2025')",
            run: "click",
        },
        {
            content: "The fact is the order's revenue",
            trigger: ".o_field_widget[name=line_ids] .o_data_row:contains('3,000')",
        },
        {
            content: "The chart tells where it stands in words",
            trigger: ".o_data_row [role=img][aria-label*='3,000']",
        },
        {
            content: "Agree to the targets",
            trigger: "button[name=action_agree]",
            run: "click",
        },
        {
            trigger: ".o_arrow_button_current:contains('Agreed')",
        },
        {
            content: "What the figure is made of",
            trigger: ".o_data_row button[name=action_open_documents]",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:contains('Customer'):contains('3,000')",
        },
    ],
});

registry.category("web_tour.tours").add("kpi_bonus_run_compute", {
    steps: () => [
        {
            content: "Make a run of the measured month",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=period_id] input",
            run: "edit March",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains('March 2025')",
            run: "click",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: "button[name=action_compute]:contains('Compute')",
            run: "click",
        },
        {
            content: "One line, 120 % of 15,000",
            trigger: ".o_field_widget[name=line_ids] .o_data_row:contains('18,000')",
        },
        {
            trigger: "button[name=action_submit]",
            run: "click",
        },
        {
            content: "Four eyes: who computed cannot approve",
            trigger:
                ".o_field_widget[name=cannot_approve_reason]:contains('four eyes')",
        },
        {
            trigger: ".o_form_view:not(:has(button[name=action_approve]))",
        },
    ],
});

registry.category("web_tour.tours").add("kpi_bonus_run_approve", {
    steps: () => [
        {
            trigger: ".o_data_row .o_data_cell:contains('March 2025')",
            run: "click",
        },
        {
            trigger: "button[name=action_approve]",
            run: "click",
        },
        {
            trigger: ".modal-footer .btn-primary:contains('Approve')",
            run: "click",
        },
        {
            trigger: ".o_arrow_button_current:contains('Approved')",
        },
        {
            content: "Follow the money: the line",
            trigger: "button[name=action_open_lines]",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row .o_data_cell[name=period_id]",
            run: "click",
        },
        {
            content: "It explains itself",
            trigger: ".o_field_widget[name=explanation]:contains('106.67')",
        },
        {
            content: "The curve is drawn",
            trigger: ".o_field_widget[name=curve_data] canvas",
        },
        {
            content: "... the documents of its figure ...",
            trigger: ".o_data_row button[name=action_open_documents]",
            run: "click",
        },
        {
            content: "... and the order it came from",
            trigger: ".o_list_view .o_data_row:contains('Customer') .o_data_cell",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=order_line]",
        },
    ],
});
