"""What late corrections of closed periods change in bonuses that were paid."""

from odoo import api, models
from odoo.tools import SQL

from ..const import BONUS_RUN_FROZEN
from ..tools.money import round_money


class KpiBonusRunLine(models.Model):
    _inherit = "kpi.bonus.run.line"

    @api.model
    def _carry_corrections(self, run):
        """Turn late corrections into adjustments of the lines they concern.

        Each approved line of the corrected periods is computed again with the
        corrected facts; the difference to what was paid, earlier adjustments
        included, becomes one adjustment line of this run. Those that the run carries
        already are computed anew with the others.

        :return: the corrections carried now
        """
        corrections = self.env["kpi.late.correction"].search(
            [
                "|",
                ("state", "=", "open"),
                ("bonus_run_id", "=", run.id),
                ("company_id", "=", run.company_id.id),
                ("period_id.date_to", "<=", run.period_id.date_to),
            ]
        )
        corrections = self._settled_corrections(corrections)
        carried = corrections.filtered(lambda correction: correction.state == "open")
        if not carried:
            return carried
        rows = self._adjustment_rows(run, corrections._get_periods())
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "DELETE FROM kpi_bonus_run_line"
                " WHERE run_id = %s AND kind = 'adjustment'",
                run.id,
            )
        )
        if rows:
            self._insert_rows(run, rows, kind="adjustment")
        self.invalidate_model(flush=False)
        run.invalidate_recordset(flush=False)
        carried.write(
            {
                "state": "carried",
                "bonus_run_id": run.id,
                "decided_by_id": self.env.uid,
            }
        )
        return carried

    @api.model
    def _settled_corrections(self, corrections):
        """Those of days that were paid for, in runs that are all approved.

        Before that there is nothing to compare with, and a correction that counts as
        carried would be lost.
        """
        runs = dict(
            self._read_group(
                [
                    ("kind", "=", "bonus"),
                    ("period_id", "in", corrections._get_periods().ids),
                ],
                ["period_id"],
                ["run_id:recordset"],
            )
        )

        def is_settled(correction):
            states = {
                run.state
                for period, paid_in in runs.items()
                for run in paid_in
                if period.date_from <= correction.date <= period.date_to
            }
            return bool(states) and states <= set(BONUS_RUN_FROZEN)

        return corrections.filtered(is_settled)

    @api.model
    def _adjustment_rows(self, run, periods):
        """What the approved lines of some periods lack by now, as values by column."""
        paid = self.search(
            [
                ("kind", "=", "bonus"),
                ("problem", "in", (False, "no_coefficient")),
                ("period_id", "in", periods.ids),
                ("run_id", "!=", run.id),
                ("run_id.state", "in", BONUS_RUN_FROZEN),
            ]
        )
        adjusted = dict(
            self._read_group(
                [("adjusted_line_id", "in", paid.ids), ("run_id", "!=", run.id)],
                ["adjusted_line_id"],
                ["amount:sum"],
            )
        )
        coefficients = self._corrected_coefficients(paid.scorecard_id)
        decimals = run.currency_id.decimal_places
        rows = []
        for line in paid:
            coefficient = coefficients[line.scorecard_id]
            amount = round_money(
                line._amount_for(coefficient) * line.fund_factor, decimals
            )
            before = round_money(line.amount + adjusted.get(line, 0.0), decimals)
            difference = round_money(amount - before, decimals)
            if difference:
                rows.append(
                    {
                        "employee_id": line.employee_id.id,
                        "department_id": line.department_id.id or None,
                        "job_id": line.job_id.id or None,
                        "adjusted_line_id": line.id,
                        "coefficient": coefficient or 0.0,
                        "has_coefficient": coefficient is not None,
                        "premium": 0.0,
                        "proration": line.proration,
                        "share": line.share,
                        "percent": 0.0,
                        "amount_before_fund": difference,
                        "amount": difference,
                        "problem": None,
                        "details": {"amount_now": amount, "amount_paid": before},
                    }
                )
        return rows

    @api.model
    def _corrected_coefficients(self, cards):
        """What the coefficients of closed scorecards would be with all corrections.

        :return: ``{scorecard: coefficient or None}``
        """
        lines = cards.line_ids
        figures = {line: line._figure() for line in lines}
        facts = self.env["kpi.reader"]._read_facts(figures.values(), corrected=True)
        coefficients = {}
        for card, own in lines.grouped("scorecard_id").items():
            scores = {
                line: line._line_score(facts[figures[line]].value)
                if facts[figures[line]].value is not None
                else None
                for line in own
            }
            coefficients[card] = own._coefficient(scores).value
        return coefficients
