import {registry} from "@web/core/registry";

// A warehouse lead's morning: from the figure down to one transfer, and back.
registry.category("web_tour.tours").add("kpi_delays_board", {
    steps: () => [
        {
            trigger: ".o_kpi_board_processes [data-process=pick].active",
        },
        {
            content: "Late now: the open transfer",
            trigger: "[data-list=pick_late] li:contains('Customer')",
        },
        {
            content: "Whose delay is it at the dock?",
            trigger: ".o_kpi_board_processes [data-process=inbound]",
            run: "click",
        },
        {
            trigger:
                ".o_kpi_board_bottleneck[data-holder=own]:contains('10.0 of 12.0 h')",
        },
        {
            content: "Another stretch of days",
            trigger: ".o_kpi_board_period",
            run: "select days_30",
        },
        {
            content: "The bars as a table, by vendor",
            trigger: ".o_kpi_board_split [data-by=partner_id]",
            run: "click",
        },
        {
            trigger: ".o_kpi_board_split summary",
            run: "click",
        },
        {
            content: "A bar opens its documents",
            trigger: ".o_kpi_board_split tbody button:contains('Vendor')",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row .o_data_cell[name=reference]",
            run: "click",
        },
        {
            content: "Down to the transfer",
            trigger: ".o_form_view .o_field_widget[name=name]:contains('/IN/')",
        },
        {
            content: "Back on the board, the filters are as they were",
            trigger:
                ".breadcrumb-item a:contains('Delays'), .o_breadcrumb a:contains('Delays')",
            run: "click",
        },
        {
            trigger: ".o_kpi_board_processes [data-process=inbound].active",
        },
        {
            trigger: ".o_kpi_board_row .o_kpi_board_improve",
            run: "click",
        },
        {
            content: "An improvement action for this vendor",
            trigger: ".o_form_view .o_field_widget[name=name] :is(input, textarea)",
            run: "edit Goods lie at the dock",
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
