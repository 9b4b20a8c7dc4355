"""Indicators, matrices and schemes of the demo company."""

from odoo import Command

from . import supply_figures

INDICATORS = (  # what the built-in ones do not cover
    {
        "code": "quotations",
        "name": ("Quotations made", "Подготовлено предложений"),
        "unit": "count",
        "business_process": "sales",
        "source": "model",
        "model": "sale.order",
        "aggregation": "sum",
        "model_domain": "[('state', 'in', ('sent', 'sale', 'cancel'))]",
        "model_date_path": "date_order",
        "model_employee_path": "user_id",
        "tactical_task": (
            "Offer to everybody who asks",
            "Сделать предложение каждому, кто обратился",
        ),
        "strategic_goal": ("Growth of the market share", "Увеличение доли рынка"),
    },
    {
        "code": "quotation_conversion",
        "name": ("Conversion of quotations", "Конверсия предложений"),
        "unit": "percent",
        "decimals": 1,
        "business_process": "sales",
        "source": "formula",
        "formula": "orders_processed / quotations * 100",
        "tactical_task": (
            "Lead every quotation to an order",
            "Доводить каждое предложение до заказа",
        ),
        "strategic_goal": ("Growth of the market share", "Увеличение доли рынка"),
    },
    {
        "code": "revenue_per_order",
        "name": ("Revenue per processed order", "Выручка на обработанный заказ"),
        "unit": "money",
        "business_process": "order_processing",
        "source": "formula",
        "formula": "revenue / orders_processed",
        "problem": (
            "Orders are processed, but what is cancelled or sent back earns nothing.",
            "Заказы обрабатываются, но отмены и возвраты не приносят выручки.",
        ),
    },
    {
        "code": "lines_picked",
        "name": ("Lines picked", "Собрано строк"),
        "unit": "count",
        "nature": "result",
        "business_process": "warehouse",
        "source": "model",
        "model": "stock.move",
        "aggregation": "sum",
        "model_domain": "[('state', '=', 'done'),"
        " ('picking_type_id.sequence_code', '=', 'PICK')]",
        "model_date_path": "kpi_done_at",
        "model_employee_path": "kpi_done_by_id",
        "model_warehouse_path": "picking_type_id.warehouse_id",
        "tactical_task": ("Keep up with the orders", "Успевать за заказами"),
    },
    {
        "code": "standards",
        "name": (
            "Service standards (mystery shopper)",
            "Соблюдение стандартов (тайный покупатель)",
        ),
        "unit": "percent",
        "decimals": 0,
        "kind": "qualitative",
        "business_process": "sales",
        "source": "manual",
        "aggregation": "ratio",
        "tactical_task": (
            "Raise the sellers' professional level",
            "Мотивация продавцов повышать свой профессиональный уровень",
        ),
        "strategic_goal": (
            "Training and development",
            "Обучение и развитие персонала",
        ),
    },
)
# Line: indicator, scope, weight, base, plan, challenge; targets replace what is money.
CURVE_SALES = ("revenue", "department", 0.40, 800000, 1000000, 1150000)
MATRICES = {
    "seller": (
        ("Seller", "Продавец-консультант"),
        ("seller",),
        (
            CURVE_SALES,
            ("revenue_share", "personal", 0.10, 10, 20, 28),
            ("average_check", "personal", 0.20, 8000, 10000, 12000),
            ("lines_per_sale", "personal", 0.15, 1.5, 2, 2.5),
            ("quotation_conversion", "personal", 0.10, 72, 86, 94),
            ("standards", "site", 0.05, 70, 85, 95),
        ),
    ),
    "operator": (
        ("Web shop operator", "Оператор интернет-магазина"),
        ("operator",),
        (
            ("orders_processed", "personal", 0.35, 90, 120, 140),
            ("revenue", "department", 0.15, 8000000, 10000000, 11500000),
            ("average_check", "personal", 0.20, 8000, 10000, 12000),
            ("lines_per_sale", "personal", 0.15, 1.5, 2, 2.5),
            ("quotation_conversion", "personal", 0.15, 72, 86, 94),
        ),
    ),
    "picker": (
        ("Picker", "Комплектовщик"),
        ("picker",),
        (
            ("lines_picked", "personal", 0.45, 200, 280, 340),
            ("pick_late_share", "personal", 0.25, 25, 9, 3),
            ("pick_delay_hours", "personal", 0.15, 1.2, 0.3, 0.1),
            ("pick_lateness_hours", "warehouse", 0.15, 5, 2, 1),
        ),
    ),
    "shop_director": (
        ("Shop director", "Директор магазина"),
        ("shop_director",),
        (
            ("revenue", "site", 0.50, 4000000, 5000000, 5500000),
            ("average_check", "site", 0.15, 8000, 10000, 12000),
            ("lines_per_sale", "site", 0.10, 1.5, 2, 2.5),
            ("pick_late_share", "site", 0.15, 12, 6, 3),
            ("standards", "site", 0.10, 70, 85, 95),
        ),
    ),
    "web_head": (
        ("Head of the web shop", "Руководитель интернет-магазина"),
        ("web_head",),
        (
            ("revenue", "department", 0.50, 8000000, 10000000, 11500000),
            ("average_check", "department", 0.25, 8000, 10000, 12000),
            ("quotation_conversion", "department", 0.25, 75, 85, 92),
        ),
    ),
    "warehouse_head": (
        ("Head of the warehouse", "Начальник склада"),
        ("warehouse_head",),
        (
            ("lines_picked", "warehouse", 0.50, 2400, 3000, 3400),
            ("pick_late_share", "warehouse", 0.25, 25, 9, 3),
            # the order of the day: no more than two hours late
            ("pick_lateness_hours", "warehouse", 0.25, 5, 2, 1),
        ),
    ),
}
SCHEMES = (
    {
        "name": ("Sales: break points", "Продажи: кривая с точками перелома"),
        "matrices": ("seller", "operator"),
        "curve": "points",
        "points": ((85, 70), (100, 100), (120, 160)),
        "gate": 85.0,
        "premium_kind": "wage",
        "premium_percent": 35.0,
    },
    {
        "name": ("Warehouse: linear", "Склад: линейная"),
        "matrices": ("picker",),
        "curve": "linear",
        "points": ((60, 60), (120, 120)),
        "gate": 60.0,
        "premium_kind": "fixed",
        "premium_amount": 18000.0,
    },
    {
        "name": ("Heads: power", "Руководители: степенная"),
        "matrices": ("shop_director", "web_head", "warehouse_head"),
        "curve": "power",
        "exponent": 1.5,
        "gate": 75.0,
        "has_cap": True,
        "cap": 130.0,
        "premium_kind": "wage",
        "premium_percent": 50.0,
    },
)


def make(demo):
    """Fill ``demo`` with indicators and matrices; make schemes and assignments."""
    _make_indicators(demo)
    supply_figures.set_limits(demo)
    _make_matrices(demo)
    _make_schemes(demo)


def _make_indicators(demo):
    models = demo.env["ir.model"]
    for sequence, row in enumerate(INDICATORS, 200):
        vals = {"sequence": sequence, "state": "active"} | row
        if model := vals.pop("model", None):
            vals["model_id"] = models._get(model).id
        demo.create_in_two_languages("kpi.indicator", vals)
    demo.indicators = {i.code: i for i in demo.env["kpi.indicator"].search([])}


def _make_matrices(demo):
    for sequence, (code, (name, jobs, rows)) in enumerate(MATRICES.items(), 1):
        matrix = demo.create_in_two_languages(
            "kpi.matrix",
            {
                "sequence": sequence,
                "name": name,
                "line_ids": [
                    Command.create(
                        {
                            "sequence": position,
                            "indicator_id": demo.indicators[indicator].id,
                            "scope": scope,
                            "weight": weight,
                            "base": base,
                            "plan": plan,
                            "challenge": challenge,
                        }
                    )
                    for position, (
                        indicator,
                        scope,
                        weight,
                        base,
                        plan,
                        challenge,
                    ) in enumerate(rows, 1)
                ],
                "assignment_ids": [
                    Command.create({"job_id": demo.jobs[job].id}) for job in jobs
                ],
            },
        )
        demo.matrices[code] = matrix
    # As in the article on the seller's matrix: without a mystery shopper's visit the
    # weight goes to another process indicator, not to everything.
    lines = {line.indicator_id.code: line for line in demo.matrices["seller"].line_ids}
    lines["standards"].write(
        {"missing": "heir", "heir_id": lines["quotation_conversion"].id}
    )
    deputy = demo.people["spb_el1"].employee  # sells, and stands in for the director
    demo.env["kpi.matrix.assignment"].create(
        [
            {"matrix_id": matrix.id, "employee_id": deputy.id, "share": share}
            for matrix, share in (
                (demo.matrices["seller"], 0.7),
                (demo.matrices["shop_director"], 0.3),
            )
        ]
    )


def _make_schemes(demo):
    for sequence, row in enumerate(SCHEMES, 1):
        row = dict(row)
        matrices = [demo.matrices[code].id for code in row.pop("matrices")]
        demo.create_in_two_languages(
            "kpi.bonus.scheme",
            row
            | {
                "sequence": sequence,
                "matrix_ids": [Command.set(matrices)],
                "point_ids": [
                    Command.create({"coefficient": coefficient, "percent": percent})
                    for coefficient, percent in row.pop("points", ())
                ],
            },
        )
