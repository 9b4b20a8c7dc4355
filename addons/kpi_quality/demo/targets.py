"""Targets of the months: from what was sold, as plans are made."""

from . import chance
from .company import FLOORS, SHOPS

# How far base and challenge lie from the plan.
SPREADS = {
    "revenue": (0.80, 1.15),
    "average_check": (0.75, 1.20),
    "lines_per_sale": (0.85, 1.12),
    "orders_processed": (0.70, 1.15),
    "lines_picked": (0.60, 1.25),
    "revenue_share": (0.55, 1.40),
}


class Targets:
    """Makes the targets of one period from the figures of a month."""

    def __init__(self, demo, period, measured, growth):
        """
        :param period: whose targets
        :param measured: the period whose figures they rest on
        :param growth: how much more is asked for
        """
        self.demo = demo
        self.period = period
        self.measured = measured
        self.growth = growth
        self.rows = []

    def make(self):
        demo = self.demo
        for shop in SHOPS:
            site = demo.sites[shop.code]
            for code in ("revenue", "average_check", "lines_per_sale"):
                self._add(code, site, 1)
            for floor, count in zip(FLOORS, shop.sellers, strict=True):
                department = demo.departments[f"{shop.code}_{floor}"]
                for code in ("revenue", "average_check", "lines_per_sale"):
                    self._add(code, department, 1)
                self._set("revenue_share", department, 92.0 / count)
        web = demo.departments["web"]
        operators = sum(p.job == "operator" for p in demo.people.values())
        pickers = sum(p.job == "picker" for p in demo.people.values())
        for code in ("revenue", "average_check", "lines_per_sale"):
            self._add(code, web, 1)
        self._add("orders_processed", web, operators)
        central = demo.departments["central"]
        self._add("lines_picked", central, pickers)
        self._add("lines_picked", demo.people["warehouse"].employee, 1, central)
        demo.env["kpi.target"].create(self.rows)

    def _add(self, code, place, heads, figure_of=None):
        """A plan near the figure of a place, by head where it is a personal one."""
        fact = self.demo.fact(code, figure_of or place, self.measured)
        wish = chance.between(
            0.90, 1.06, code, place.display_name, self.period.date_from
        )
        grown = self.growth if code in ("revenue", "orders_processed") else 1.0
        self._set(code, place, fact / heads * wish * grown)

    def _set(self, code, place, plan):
        low, high = SPREADS[code]
        field = {
            "kpi.site": "site_id",
            "hr.department": "department_id",
            "hr.employee": "employee_id",
        }[place._name]
        digits = 1 if plan < 100 else -int(len(str(int(plan))) - 3)
        self.rows.append(
            {
                "indicator_id": self.demo.indicators[code].id,
                "period_id": self.period.id,
                field: place.id,
                "base": round(plan * low, digits),
                "plan": round(plan, digits),
                "challenge": round(plan * high, digits),
            }
        )
