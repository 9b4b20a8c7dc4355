import {browser} from "@web/core/browser/browser";
import {registry} from "@web/core/registry";

// The tour is the box, too: it takes the token from the page and calls as a box does.
async function callAsBox(token, devices) {
    const iot_box = {
        identifier: "10000000a1b2c3d4",
        mac: "dc:a6:32:00:00:01",
        ip: "192.168.7.20",
        token,
        version: "L25.12-19.0",
    };
    const answer = await browser.fetch("/iot/setup", {
        method: "POST",
        headers: {"Content-Type": "application/json"},
        body: JSON.stringify({params: {iot_box, devices}}),
    });
    if (!(await answer.json()).result) {
        throw new Error("The box was refused");
    }
}

let token = null;

registry.category("web_tour.tours").add("kpi_iot_box_pairing", {
    steps: () => [
        {
            content: "Pair a box",
            trigger: ".o-kanban-button-new",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=name] input",
            run: "edit Box behind the till",
        },
        {
            trigger: ".o_field_widget[name=site_id] input",
            run: "edit Arbat",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains('Arbat')",
            run: "click",
        },
        {
            content: "No token before it has a name and a place",
            trigger: ".o_form_view:not(:has(.o_kpi_pairing:visible))",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "The picture of the token is there",
            trigger:
                ".o_kpi_pairing_qr img[src*='pairing_qr'], .o_kpi_pairing_qr img[src^='data:']",
        },
        {
            content: "So are the steps without internet",
            trigger: ".nav-link[name=lan]",
            run: "click",
        },
        {
            trigger: ".tab-pane.active a[href$='iot_handlers.zip']",
        },
        {
            content: "The box is paired, with a console",
            trigger: ".o_field_widget[name=pairing_text]",
            async run() {
                token = new URL(this.anchor.textContent.trim()).searchParams.get(
                    "token"
                );
                await callAsBox(token, {
                    "1a86:7523@1-1": {
                        name: "KPI console",
                        type: "kpi_console",
                        connection: "serial",
                    },
                });
            },
        },
        {
            content: "The page tells without being asked, and the token is gone",
            trigger:
                ".o_form_view:not(:has(.o_kpi_pairing:visible)) .alert-info:contains('Paired at')",
        },
        {
            trigger: ".nav-link[name=consoles]",
            run: "click",
        },
        {
            content: "Give the console its point",
            trigger: ".o_field_widget[name=console_ids] .o_data_cell[name=point_id]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=point_id] input",
            run: "edit Counter",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains('Counter')",
            run: "click",
        },
        {
            content: "What is being typed is left alone when the box calls again",
            trigger: ".o_field_widget[name=name] input",
            async run() {
                await callAsBox(token, {});
            },
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "Restart it",
            trigger: "button[name=action_restart]",
            run: "click",
        },
        {
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=command_state]:contains('Waiting')",
        },
        {
            content: "All boxes, by site",
            trigger: ".o_back_button",
            run: "click",
        },
        {
            trigger:
                ".o_kanban_group:contains('Arbat') .o_kanban_record:contains('Box behind the till'):contains('Paired, not heard yet'):contains('Consoles: 1')",
        },
    ],
});
