import {registry} from "@web/core/registry";

// The total of the weights follows the typing, and a wrong one is not saved.
registry.category("web_tour.tours").add("kpi_matrix_weights", {
    steps: () => [
        {
            trigger: ".o_data_row .o_data_cell:contains('Tour sellers')",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=line_ids] .o_data_cell[name=weight]",
            run: "click",
        },
        {
            trigger: ".o_selected_row .o_field_widget[name=weight] input",
            run: "edit 0.9",
        },
        {
            content: "Leave the cell: the total moves before anything is saved",
            trigger: ".o_selected_row .o_field_widget[name=base] input",
            run: "click",
        },
        {
            trigger: ".o_field_kpi_weight_total:contains('0.9'):contains('0.1')",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "The message says by how much",
            trigger: ".modal-body:contains('add up to 0.9')",
        },
        {
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        {
            trigger: ".o_form_button_cancel",
            run: "click",
        },
        {
            trigger: ".o_form_saved",
        },
    ],
});
