"""The calculation of a bonus line in words and numbers."""

from odoo import models
from odoo.tools import format_date, formatLang, get_lang

from ..tools.plain_number import plain_number
from .kpi_bonus_run_line import MANUAL_KINDS


class KpiBonusRunLine(models.Model):
    _inherit = "kpi.bonus.run.line"

    def _explain(self):
        """The calculation in words and numbers, one step a line."""
        self.ensure_one()
        money = self.currency_id.format
        if self.kind in MANUAL_KINDS:
            return [self.reason or ""]
        if self.kind == "adjustment":
            return list(self._explain_adjustment(money))
        return [
            *self._explain_premium(money),
            *self._explain_percent(),
            *self._explain_amount(money),
        ]

    def _explain_adjustment(self, money):
        details = self.details or {}
        yield self.env._(
            "Late corrections: with today's facts the performance coefficient of "
            "%(period)s is %(now)s %% instead of %(before)s %%.",
            period=self.adjusted_line_id.period_id.name,
            now=formatLang(self.env, self.coefficient),
            before=formatLang(self.env, self.adjusted_line_id.coefficient),
        )
        yield self.env._(
            "That gives %(now)s, %(paid)s were paid: %(difference)s",
            now=money(details.get("amount_now", 0.0)),
            paid=money(details.get("amount_paid", 0.0)),
            difference=money(self.amount),
        )

    def _explain_premium(self, money):
        details = self.details or {}
        if details.get("premium_kind") == "wage":
            yield self.env._(
                "Target premium: %(percent)s %% of the wage %(wage)s = %(premium)s",
                percent=self._plain(details.get("premium_percent", 0.0)),
                wage=money(details.get("wage", 0.0)),
                premium=money(self.premium),
            )
        else:
            yield self.env._("Target premium: %s", money(self.premium))
        if self.proration != 1.0:
            yield self.env._(
                "Share of the period: %(share)s (%(date_from)s – %(date_to)s)",
                share=formatLang(self.env, self.proration, digits=4),
                date_from=format_date(self.env, self.scorecard_id.date_from),
                date_to=format_date(self.env, self.scorecard_id.date_to),
            )
        if self.share != 1.0:
            yield self.env._("Share of the function: %s", self._plain(self.share))

    def _explain_percent(self):
        if self.problem:
            problems = dict(self._fields["problem"]._description_selection(self.env))
            yield self.env._("Nothing is paid: %s.", problems[self.problem])
            return
        curve = self._curve()
        if curve.gate is not None and self.coefficient <= curve.gate + 1e-6:
            yield self.env._(
                "Performance coefficient %(coefficient)s %% is not above the gate of "
                "%(gate)s %%: nothing is paid.",
                coefficient=formatLang(self.env, self.coefficient),
                gate=self._plain(curve.gate),
            )
            return
        yield self.env._(
            "Performance coefficient %(coefficient)s %% gives %(percent)s %% of the "
            "target premium",
            coefficient=formatLang(self.env, self.coefficient),
            percent=formatLang(self.env, self.percent),
        )

    def _explain_amount(self, money):
        if self.fund_factor != 1.0:
            yield self.env._(
                "The fund is too small: all bonuses x %s",
                formatLang(self.env, self.fund_factor, digits=6),
            )
        factors = [money(self.premium)]
        for factor in (self.proration, self.share):
            if factor != 1.0:
                factors.append(formatLang(self.env, factor, digits=4))
        factors.append(f"{formatLang(self.env, self.percent)} %")
        if self.fund_factor != 1.0:
            factors.append(formatLang(self.env, self.fund_factor, digits=6))
        yield f"{' × '.join(factors)} = {money(self.amount)}"

    def _plain(self, number):
        return plain_number(number, get_lang(self.env).decimal_point)
