"""Matrices to begin with: what a job of the warehouse chain or the shop answers for.

Results are what the customer or the next department notices, processes what leads
there; both weigh about the same (FORMULAS.md). The head of the warehouse has no number
of orders to reach: "picking is not more than 2 hours late" (seed 000). Sellers work as
seed 002 has it: the revenue is the department's, conversion and coverage weigh the
same; without mystery shoppers their weight is the dissatisfaction's. Who does not sell
is measured by what customers say of the staff (seed 001). The thresholds are a start,
to be replaced by one's own once a month has been measured.
"""

from typing import NamedTuple

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


class TemplateLine(NamedTuple):
    code: str
    scope: str
    weight: float
    base: float
    plan: float
    challenge: float
    heir: str | None = None  # code of the line that takes the weight without a figure


class Template(NamedTuple):
    name: str
    lines: tuple
    period_kind: str = "month"


TEMPLATES = {
    "picker": Template(
        _lt("Picker"),
        (
            TemplateLine("delivery_late_share", "warehouse", 0.45, 15, 5, 2),
            TemplateLine("pick_delay_hours", "personal", 0.25, 4, 2, 1),
            TemplateLine("pick_late_share", "personal", 0.20, 15, 5, 2),
            TemplateLine("pick_long_late_share", "personal", 0.10, 3, 1, 0),
        ),
    ),
    "warehouse_head": Template(
        _lt("Head of the warehouse"),
        (
            TemplateLine("delivery_late_share", "warehouse", 0.45, 15, 5, 2),
            TemplateLine("pick_lateness_hours", "warehouse", 0.30, 5, 2, 1),
            TemplateLine("inbound_delay_receiving", "warehouse", 0.25, 8, 2, 1),
        ),
    ),
    "buyer": Template(
        _lt("Buyer"),
        (
            TemplateLine("supplier_late_share", "personal", 0.50, 25, 10, 5),
            TemplateLine("supplier_delay_hours", "personal", 0.30, 24, 8, 4),
            TemplateLine("supplier_lead_hours", "personal", 0.20, 120, 72, 48),
        ),
    ),
    "delivery_head": Template(
        _lt("Head of delivery"),
        (
            TemplateLine("delivery_late_share", "company", 0.50, 15, 5, 2),
            TemplateLine("delivery_delay_hours", "company", 0.30, 12, 4, 2),
            TemplateLine("promise_moved_share", "company", 0.20, 15, 5, 2),
        ),
    ),
    "shop_seller": Template(
        _lt("Shop seller (with mystery shoppers)"),
        (
            TemplateLine("revenue", "department", 0.50, 4000000, 5000000, 5500000),
            TemplateLine("sale_conversion", "personal", 0.15, 20, 30, 35),
            TemplateLine("visitor_coverage", "personal", 0.15, 80, 95, 100),
            TemplateLine("dissatisfaction_department", "department", 0.15, 5, 2, 1),
            TemplateLine(
                "corporate_standards",
                "personal",
                0.05,
                70,
                85,
                95,
                heir="dissatisfaction_department",
            ),
        ),
    ),
    "shop_seller_plain": Template(
        _lt("Shop seller"),
        (
            TemplateLine("revenue", "department", 0.50, 4000000, 5000000, 5500000),
            TemplateLine("sale_conversion", "personal", 0.15, 20, 30, 35),
            TemplateLine("visitor_coverage", "personal", 0.15, 80, 95, 100),
            TemplateLine("dissatisfaction_department", "department", 0.20, 5, 2, 1),
        ),
    ),
    "front_line": Template(
        _lt("Front-line employee without active sales"),
        (
            TemplateLine("dissatisfaction_staff", "personal", 0.50, 20, 10, 5),
            TemplateLine("share_asked", "personal", 0.25, 50, 80, 95),
            TemplateLine("dissatisfaction_office", "site", 0.15, 25, 15, 8),
            TemplateLine(
                "corporate_standards",
                "personal",
                0.10,
                70,
                85,
                95,
                heir="dissatisfaction_staff",
            ),
        ),
    ),
}
