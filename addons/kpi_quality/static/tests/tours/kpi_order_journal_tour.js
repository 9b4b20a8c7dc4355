import {delay} from "@web/core/utils/concurrency";
import {registry} from "@web/core/registry";

// Whoever works on an order for a while finds that in its journal.
registry.category("web_tour.tours").add("kpi_order_journal", {
    steps: () => [
        {
            trigger: ".o_form_view .o_field_widget[name=order_line]",
            async run({anchor}) {
                await delay(1500);
                anchor.dispatchEvent(new PointerEvent("pointermove", {bubbles: true}));
            },
        },
        {
            content: "The transfer's own journal would be another one",
            trigger: "button[name=action_kpi_open_journal]",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains('Quotation → Sales Order')",
        },
        {
            content: "Back to the order, and to its journal again",
            trigger: ".breadcrumb-item.o_back_button a, .o_back_button",
            run: "click",
        },
        {
            trigger: ".o_form_view button[name=action_kpi_open_journal]",
            run: "click",
        },
        {
            content: "By now the first visit has arrived",
            trigger: ".o_data_row:contains('Opened') [name=description]:contains(' s')",
        },
    ],
});
