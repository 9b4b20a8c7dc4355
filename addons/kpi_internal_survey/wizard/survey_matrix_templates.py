"""Matrices of directors, in which the mark of their colleagues has a share.

Seed 001: 20 to 25 % of the yearly bonus of who supports (accounting, finance, HR, IT),
10 to 15 % of who does business. The first earn and deliver nothing themselves, so their
results are the company's. All are of a year; 7 is "meets expectations" and about the
mean of the bank in the seed (7.09), 5 the least that is met in part, 9 above it.
"""

from odoo.tools.translate import LazyTranslate

from odoo.addons.kpi_quality.wizard.matrix_templates import Template, TemplateLine

_lt = LazyTranslate(__name__)

TEMPLATES = {
    "support_director": Template(
        _lt("Director of a support department"),
        (
            TemplateLine(
                "revenue", "company", 0.30, 240_000_000, 300_000_000, 330_000_000
            ),
            TemplateLine("delivery_late_share", "company", 0.20, 15, 5, 2),
            TemplateLine("internal_service", "department", 0.25, 5, 7, 9),
            TemplateLine("promise_moved_share", "company", 0.25, 15, 5, 2),
        ),
        "year",
    ),
    "business_director": Template(
        _lt("Director of a business department"),
        (
            TemplateLine(
                "revenue", "department", 0.40, 48_000_000, 60_000_000, 66_000_000
            ),
            TemplateLine("complaint_share", "department", 0.10, 3, 1, 0.5),
            TemplateLine("internal_service", "department", 0.15, 5, 7, 9),
            TemplateLine("average_check", "department", 0.20, 8000, 10000, 12000),
            TemplateLine("lines_per_sale", "department", 0.15, 1.5, 2, 2.5),
        ),
        "year",
    ),
}
