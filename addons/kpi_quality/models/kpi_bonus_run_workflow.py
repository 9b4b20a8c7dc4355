"""How a bonus run goes from draft to paid, and who may press what."""

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date

from ..tools.money import scale_to_fund


class KpiBonusRun(models.Model):
    _inherit = "kpi.bonus.run"

    # ------------------------------------------------------------- actions
    def action_compute(self):
        """Compute all lines anew from the scorecards as they are."""
        for run in self:
            run._check_payroll()
            run._lock()
            run._check_can_compute()
            run._do_compute()

    def action_submit(self):
        """Hand the run over to the second pair of eyes."""
        for run in self:
            run._check_payroll()
            run._lock()
            if not run.line_ids:
                raise UserError(
                    self.env._(
                        "“%(run)s” has no lines. %(reason)s",
                        run=run.name,
                        reason=run.empty_reason or "",
                    )
                )
            run._set_state(
                "submitted",
                submitted_by_id=self.env.uid,
                submitted_at=fields.Datetime.now(),
            )

    def action_approve(self):
        """Approve: by somebody else than who computed it; final."""
        for run in self:
            run._check_payroll()
            run._lock()
            reason = run._cannot_approve()
            if reason:
                raise UserError(reason)
            run._set_state(
                "approved",
                approved_by_id=self.env.uid,
                approved_at=fields.Datetime.now(),
            )

    def action_pay(self):
        """Note that the money was paid out."""
        for run in self:
            run._check_payroll()
            run._lock()
            run._set_state(
                "paid", paid_by_id=self.env.uid, paid_at=fields.Datetime.now()
            )

    def action_reset(self):
        """Back to draft, as long as it is not approved."""
        for run in self:
            run._check_payroll()
            run._lock()
            if run.state == "submitted":
                run._set_state("computed")
            run._set_state("draft")

    def action_carry_corrections(self):
        """Pay or take back what late corrections changed in earlier runs."""
        self.ensure_one()
        self._check_payroll()
        self._lock()
        self._check_can_change()
        carried = self.env["kpi.bonus.run.line"].sudo()._carry_corrections(self.sudo())
        if not carried:
            raise UserError(
                self.env._(
                    "There are no open late corrections to carry over into this run. "
                    "Those of a period wait until its own bonuses are approved."
                )
            )
        self._note_hand()

    def action_drop_corrections(self):
        """Take the carried corrections out of this run again."""
        self.ensure_one()
        self._check_payroll()
        self._lock()
        self._check_can_change()
        corrections = self._carried_corrections()
        adjustments = self.line_ids.filtered(lambda line: line.kind == "adjustment")
        adjustments.sudo()._delete()  # computed, so nobody's to delete by hand
        corrections._reopen()
        self._note_hand()

    def action_open_lines(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "kpi_quality.kpi_bonus_run_line_action"
        )
        action["domain"] = [("run_id", "=", self.id)]
        action["context"] = {"default_run_id": self.id}
        action["display_name"] = self.name
        return action

    def action_open_late_corrections(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "kpi_quality.kpi_late_correction_action"
        )
        action["domain"] = [("company_id", "=", self.company_id.id)]
        return action

    def action_export_xlsx(self):
        return self._export("xlsx")

    def action_export_csv(self):
        return self._export("csv")

    def _export(self, extension):
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/kpi_quality/bonus_run/{self.id}.{extension}",
            "target": "download",
        }

    # -------------------------------------------------------------- checks
    def _check_payroll(self):
        self.ensure_one()
        self.check_access("write")
        if not self.env.user.has_group("kpi_quality.group_kpi_quality_payroll"):
            raise UserError(
                self.env._("Only a payroll officer can compute and approve bonuses.")
            )

    def _lock(self):
        """One writer at a time: who comes second gets a message, not double lines."""
        self.ensure_one()
        self.flush_recordset()
        if not self.try_lock_for_update(allow_referencing=True):
            raise UserError(
                self.env._(
                    "Somebody else is working on “%(run)s” right now. Wait a moment "
                    "and open it again.",
                    run=self.name,
                )
            )
        # A flushed write: under REPEATABLE READ a second writer fails on it instead
        # of going on with what it read before.
        self.env.cr.execute(
            SQL(
                "UPDATE kpi_bonus_run SET write_date = write_date WHERE id = %s",
                self.id,
            )
        )

    def _check_can_compute(self):
        self.ensure_one()
        self._check_can_change()
        self._schemes()._check_curve()
        if self.period_id.state == "open":
            raise UserError(
                self.env._(
                    "“%(period)s” is not measured yet: its figures still move. Let a "
                    "KPI manager measure it (it ends on %(date_to)s), then compute.",
                    period=self.period_id.name,
                    date_to=format_date(self.env, self.period_id.date_to),
                )
            )

    def _cannot_approve(self):
        """Why the current user cannot approve this run; None when nothing is wrong.

        The one place for the rule: button, check and message.
        """
        self.ensure_one()
        if self.state != "submitted":
            return self.env._("Only a submitted run can be approved.")
        by_hand = self.line_ids.filtered(lambda line: line.kind != "bonus")
        hands = self.computed_by_id | by_hand.create_uid | by_hand.write_uid
        if self.env.user in hands:
            return self.env._(
                "You computed this run or entered a part of it, so somebody else has "
                "to approve it (four eyes)."
            )
        if self.period_id.state != "closed":
            return self.env._(
                "“%(period)s” is not closed: its figures could still change. Let a KPI "
                "manager close it first.",
                period=self.period_id.name,
            )
        outdated = self.line_ids.filtered("is_outdated")
        if outdated:
            return self.env._(
                "The scorecards of %(names)s were measured again since: reset the run "
                "to draft and compute it again.",
                names=", ".join(outdated[:10].employee_id.mapped("name")),
            )
        return None

    # ------------------------------------------------------------ business
    def _begin_change(self):
        """One writer at a time, and none while the run is with its approver."""
        for run in self:
            run._lock()
        self._check_can_change()

    def _do_compute(self):
        self.ensure_one()
        lines = self.env["kpi.bonus.run.line"].sudo()  # reads wages of everybody
        lines._compute_run(self.sudo())
        factor = self._apply_fund()
        self._set_state(
            "computed",
            computed_by_id=self.env.uid,
            computed_at=fields.Datetime.now(),
            fund_factor=factor,
            empty_reason=self._explain_empty(),
        )

    def _apply_fund(self):
        """Scale the bonuses of the period to the fund.

        :return: the factor, 1.0 when the fund suffices
        """
        self.ensure_one()
        lines = self.line_ids.filtered(lambda line: line.kind == "bonus").sorted("id")
        amounts = lines.mapped("amount_before_fund")
        factor = 1.0
        if self.has_fund:
            factor, amounts = scale_to_fund(
                amounts, self.fund, self.currency_id.decimal_places
            )
        lines.sudo()._write_amounts(amounts, factor)
        return factor

    def _explain_empty(self):
        """In words: why there is nothing to pay, and what to do."""
        self.ensure_one()
        if any(line.kind == "bonus" for line in self.line_ids):
            return False
        schemes = self._schemes()
        if not schemes:
            return self.env._(
                "There is no bonus scheme. Make one under Configuration > Schemes."
            )
        matrices = schemes.matrix_ids
        if not matrices:
            return self.env._(
                "No matrix is chosen on the schemes (%(schemes)s): choose whose "
                "scorecards they pay.",
                schemes=", ".join(schemes.mapped("name")),
            )
        cards = self.env["kpi.scorecard"].sudo()  # counted only
        domain = [("period_id", "=", self.period_id.id)]
        if not cards.search_count(domain, limit=1):
            return self.env._(
                "“%(period)s” has no scorecards. Open the period and press “Make "
                "scorecards”.",
                period=self.period_id.name,
            )
        domain.append(("matrix_id", "in", matrices.ids))
        if not cards.search_count(domain, limit=1):
            return self.env._(
                "The scorecards of “%(period)s” belong to other matrices than the "
                "schemes pay.",
                period=self.period_id.name,
            )
        if self.department_ids:
            domain.append(("department_id", "child_of", self.department_ids.ids))
        payable = cards.search(domain)
        if not payable:
            return self.env._(
                "Nobody in the chosen departments has a scorecard that the schemes pay."
            )
        others = self.env["kpi.bonus.run.line"].search(
            [("scorecard_id", "in", payable.ids), ("scheme_id", "in", schemes.ids)]
        )
        return self.env._(
            "Every scorecard is in another run: %(runs)s.",
            runs=", ".join(others.run_id.mapped("name")),
        )
