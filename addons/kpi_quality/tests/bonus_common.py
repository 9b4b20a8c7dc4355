"""Sellers with wages, facts in percent, and a scheme: March 2025 ready to be paid."""

from odoo.tests.common import freeze_time

from .common import NOW
from .scorecard_common import AFTER_MARCH, KpiScorecardCommon


@freeze_time(NOW)
class KpiBonusCommon(KpiScorecardCommon):
    """One line 80 / 100 / 120, 30 % of the wage, points (85, 70) (100, 100) (120, 160).

    ==========  ======  ====  ===========  =======  =====================
    employee    wage    fact  coefficient  bonus %  bonus
    ==========  ======  ====  ===========  =======  =====================
    seller      50,000  110   110          130      15,000 x 1.3 = 19,500
    seller_2    40,000   98    90           80      12,000 x 0.8 = 9,600
    wholesaler  30,000   97    85            0      at the gate, not above
    nobody      20,000    -     -            -      no fact
    ==========  ======  ====  ===========  =======  =====================
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.simple_matrix("Sellers", jobs=[cls.job_seller])
        cls.curve = cls.scheme("Sellers", cls.template)
        for employee, wage in (
            (cls.seller, 50000),
            (cls.seller_2, 40000),
            (cls.wholesaler, 30000),
            (cls.nobody, 20000),
        ):
            employee.wage = wage
        cls.facts = {
            employee: cls.give("t_conversion", fact, employee)
            for employee, fact in (
                (cls.seller, 110),
                (cls.seller_2, 98),
                (cls.wholesaler, 97),
            )
        }
        cls.generate()

    @classmethod
    def create_run(cls, user=None, **values):
        run = cls.env["kpi.bonus.run"].with_user(user or cls.user_payroll)
        return run.create(
            {"period_id": cls.march.id, "company_id": cls.company.id, **values}
        )

    @classmethod
    def computed_run(cls, **values):
        """Computed by ``payroll`` from a closed month."""
        if cls.march.state != "closed":
            cls.close_period()
        run = cls.create_run(**values)
        run.action_compute()
        return run

    @classmethod
    def approved_run(cls, **values):
        """Computed by ``payroll``, approved by ``payroll_2``."""
        run = cls.computed_run(**values)
        run.action_submit()
        run.with_user(cls.user_payroll_2).action_approve()
        return run

    @classmethod
    def line(cls, run, employee, kind="bonus"):
        return run.line_ids.filtered(
            lambda line: line.employee_id == employee and line.kind == kind
        )

    @classmethod
    def amounts(cls, run):
        """:return: the sum of the lines by employee"""
        amounts = {}
        for line in run.line_ids:
            amounts[line.employee_id.name] = (
                amounts.get(line.employee_id.name, 0.0) + line.amount
            )
        return {name: round(amount, 2) for name, amount in amounts.items()}

    @classmethod
    def add_item(cls, run, amount, employee=None, user=None, **values):
        """A one-off item, or a deduction when the amount is below 0."""
        return (
            cls.env["kpi.bonus.run.line"]
            .with_user(user or cls.user_payroll)
            .create(
                {
                    "run_id": run.id,
                    "employee_id": (employee or cls.seller).id,
                    "kind": "deduction" if amount < 0 else "one_off",
                    "amount": amount,
                    "reason": "Found a lost purse",
                    **values,
                }
            )
        )

    @classmethod
    def correct_late(cls, employee, fact):
        """Documents of the closed March give another fact by now."""
        atom = cls.facts[employee]
        cls.env.flush_all()
        change = fact - atom.numerator
        change -= sum(
            cls.env["kpi.late.correction"]
            .search([("employee_id", "=", employee.id), ("state", "!=", "dismissed")])
            .mapped("numerator")
        )
        return cls.env["kpi.late.correction"].create(
            {
                "period_id": cls.march.id,
                "indicator_id": cls.conversion.id,
                "date": atom.date,
                "company_id": cls.company.id,
                "employee_id": employee.id,
                "department_id": atom.department_id.id,
                "site_id": atom.site_id.id,
                "numerator": change,
                "denominator": 0.0,
            }
        )

    @classmethod
    def april_run(cls, **values):
        """A run of the next month, which has no scorecards of its own."""
        april = cls.env["kpi.period"].search(
            [("company_id", "=", cls.company.id), ("date_from", "=", "2025-04-01")]
        ) or cls.period("2025-04-01")
        if april.state == "open":
            cls.measure_period(april, "2025-05-05 10:00")
        return cls.create_run(period_id=april.id, **values)


__all__ = ["AFTER_MARCH", "KpiBonusCommon"]
