from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import format_date


class KpiSurveyReward(models.TransientModel):
    """Reward the best: one-off items of a bonus run for who served colleagues best."""

    _name = "kpi.survey.reward"
    _description = "Reward the Best of a Survey"

    run_id = fields.Many2one(
        "kpi.bonus.run", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="run_id.company_id")
    currency_id = fields.Many2one(related="run_id.currency_id")
    campaign_ids = fields.Many2many(
        "kpi.survey.campaign",
        string="Surveys",
        compute="_compute_campaign_ids",
        store=True,
        readonly=False,
        domain="[('id', 'in', possible_campaign_ids)]",
        help="Published surveys of the run's year that ended in its period or before.",
    )
    possible_campaign_ids = fields.Many2many(
        "kpi.survey.campaign", compute="_compute_possible_campaign_ids"
    )
    person_amount = fields.Monetary(string="For each of the best colleagues")
    unit_amount = fields.Monetary(
        string="For each employee of the best unit",
        help="The mark is earned by all of its people.",
    )
    line_ids = fields.One2many(
        "kpi.survey.reward.line",
        "reward_id",
        string="Rewards",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )

    # ------------------------------------------------------------ computes
    @api.depends("run_id")
    def _compute_possible_campaign_ids(self):
        campaigns = self.env["kpi.survey.campaign"]
        for reward in self:
            last = reward.run_id.period_id.date_to
            reward.possible_campaign_ids = last and campaigns.search(
                Domain("company_id", "=", reward.run_id.company_id.id)
                & Domain("state", "=", "published")
                & Domain("date_to", ">=", last.replace(month=1, day=1))
                & Domain("date_to", "<=", last)
            )

    @api.depends("possible_campaign_ids")
    def _compute_campaign_ids(self):
        for reward in self:
            reward.campaign_ids = reward.possible_campaign_ids

    @api.depends("campaign_ids", "person_amount", "unit_amount")
    def _compute_line_ids(self):
        for reward in self:
            amounts = {"person": reward.person_amount, "unit": reward.unit_amount}
            reward.line_ids = [Command.clear()] + [
                Command.create(
                    {
                        "campaign_id": award.campaign.id,
                        "award": award.kind,
                        "place": award.place,
                        "employee_id": award.employee.id,
                        "unit_id": award.unit.id,
                        "amount": amounts[award.kind],
                    }
                )
                for award in reward._awards()
                if amounts[award.kind] > 0
            ]

    # ------------------------------------------------------------- actions
    def action_reward(self):
        """Add the items to the run; whom to leave out was taken off the list."""
        self.ensure_one()
        run = self.run_id
        run._check_payroll()
        self._check_lines()
        items = self.env["kpi.bonus.run.line"].create(
            [
                {
                    "run_id": run.id,
                    "employee_id": line.employee_id.id,
                    "kind": "one_off",
                    "amount": line.amount,
                    "reason": line._reason(),
                }
                for line in self.line_ids
            ]
        )
        for item, line in zip(items, self.line_ids, strict=True):
            item._write_unguarded(
                {"kpi_campaign_id": line.campaign_id.id, "kpi_award": line.award}
            )
        items.flush_recordset()  # somebody else may have been quicker: say so here
        return {"type": "ir.actions.act_window_close"}

    # ------------------------------------------------------------ business
    def _awards(self):
        """Those of the chosen surveys that no run has rewarded yet."""
        self.ensure_one()
        campaigns = self.campaign_ids & self.possible_campaign_ids
        campaigns = campaigns._origin
        items = self.env["kpi.bonus.run.line"].sudo()  # of all runs, whoever made them
        given = {
            (item.kpi_campaign_id.id, item.kpi_award, item.employee_id.id)
            for item in items.search([("kpi_campaign_id", "in", campaigns.ids)])
        }
        return [
            award
            for award in campaigns._awards()
            if (award.campaign.id, award.kind, award.employee.id) not in given
        ]

    def _check_lines(self):
        """:raise UserError: nothing to give, or somebody who is not among the best"""
        self.ensure_one()
        awards = {
            (award.campaign, award.kind, award.employee) for award in self._awards()
        }
        if not awards:
            raise UserError(
                self.env._(
                    "There is nobody to reward: no survey of the year up to %(date)s "
                    "is published, or its best have their rewards already.",
                    date=format_date(self.env, self.run_id.period_id.date_to),
                )
            )
        if not self.line_ids or any(line.amount <= 0 for line in self.line_ids):
            raise UserError(
                self.env._("Enter how much the best are to get, as positive amounts.")
            )
        for line in self.line_ids:
            if (line.campaign_id, line.award, line.employee_id) not in awards:
                raise UserError(
                    self.env._(
                        "%(employee)s is not among the best of “%(campaign)s”, or is "
                        "rewarded for it already.",
                        employee=line.employee_id.name,
                        campaign=line.campaign_id.name,
                    )
                )
