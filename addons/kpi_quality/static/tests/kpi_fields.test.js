import {defineModels, fields, models, mountView} from "@web/../tests/web_test_helpers";
import {expect, test} from "@odoo/hoot";
import {queryAllTexts, queryFirst} from "@odoo/hoot-dom";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";

const NBSP = "\u00a0";
const FIGURE = "{'has_field': 'has_fact', 'reason_field': 'reason'}";

class Figure extends models.Model {
    _name = "figure";

    unit = fields.Selection({
        selection: [
            ["percent", "Percent"],
            ["money", "Money"],
            ["hours", "Hours"],
            ["count", "Count"],
        ],
    });
    decimals = fields.Integer();
    base = fields.Float();
    plan = fields.Float();
    challenge = fields.Float();
    fact = fields.Float();
    has_fact = fields.Boolean();
    reason = fields.Selection({
        selection: [["no_measurement", "Nothing was measured"]],
    });
    total = fields.Float();
    missing = fields.Float();

    _records = [
        {
            id: 1,
            unit: "count",
            decimals: 0,
            fact: 12345,
            has_fact: true,
            base: 10000,
            plan: 20000,
            challenge: 25000,
            total: 0.95,
            missing: 0.05,
        },
        {
            id: 2,
            unit: "hours",
            decimals: 1,
            fact: 12.06,
            has_fact: true,
            base: 12,
            plan: 4,
            challenge: 2,
            total: 1.1,
            missing: -0.1,
        },
        {
            id: 3,
            unit: "percent",
            decimals: 2,
            fact: 0,
            has_fact: false,
            reason: "no_measurement",
            base: 80,
            plan: 100,
            challenge: 120,
            total: 1,
            missing: 0,
        },
    ];
}

defineMailModels();
defineModels([Figure]);

async function mountList(field) {
    await mountView({
        type: "list",
        resModel: "figure",
        arch: `<list><field name="reason" column_invisible="1"/>${field}</list>`,
    });
}

test("a figure is shown in its unit, no data in words", async () => {
    await mountList(`<field name="fact" widget="kpi_value" options="${FIGURE}"/>`);
    expect(queryAllTexts("td.o_data_cell")).toEqual(["12,345", "12.1 h", "no data"]);
    expect(".o_kpi_no_data").toHaveAttribute("data-tooltip", "Nothing was measured");
});

test("unit and decimals can be given by the view", async () => {
    await mountList(
        `<field name="fact" widget="kpi_value" options="{'unit': 'percent', 'decimals': 2}"/>`
    );
    expect(queryAllTexts("td.o_data_cell")).toEqual([
        "12,345.00 %",
        "12.06 %",
        "0.00 %",
    ]);
});

test("while typing there is neither unit nor padding", async () => {
    await mountView({
        type: "form",
        resModel: "figure",
        resId: 2,
        arch: `<form><field name="fact" widget="kpi_value"/></form>`,
    });
    expect(".o_field_kpi_value input").toHaveValue("12.06");
});

test("the position is told in words", async () => {
    await mountList(`<field name="fact" widget="kpi_position" options="${FIGURE}"/>`);
    const [first, second, third] = document.querySelectorAll(".o_kpi_position");
    expect(first).toHaveAttribute("role", "img");
    expect(first).toHaveAttribute(
        "aria-label",
        "12,345: between base 10,000 and plan 20,000"
    );
    expect(second).toHaveAttribute(
        "aria-label",
        `12.1${NBSP}h: worse than base 12.0${NBSP}h`
    );
    expect(third).toHaveAttribute("aria-label", "No data: Nothing was measured");
    expect(third).toHaveClass("o_kpi_position_empty");
    expect(queryFirst(".o_kpi_position_marker", {root: third})).toBe(null);
});

test("weights say what is missing or too much", async () => {
    await mountList(
        `<field name="total" widget="kpi_weight_total" options="{'missing_field': 'missing'}"/>`
    );
    expect(queryAllTexts("td.o_data_cell")).toEqual([
        "0.95 of 1 – 0.05 missing",
        "1.1 of 1 – 0.1 too much",
        "1 of 1",
    ]);
    expect(".text-bg-success").toHaveCount(1);
    expect(".text-bg-warning").toHaveCount(2);
});
