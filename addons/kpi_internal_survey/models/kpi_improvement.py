from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.kpi_quality.models.kpi_improvement_comparison import NO_CASES
from odoo.addons.kpi_quality.tools.change import compare

INDICATOR = "internal_service"


class KpiImprovement(models.Model):
    """An action that follows from a survey: compared are the two cycles.

    Before is the cycle it follows from, after the next one, as soon as that is
    published; what counts are the marks of the unit, or of the whole company.
    """

    _inherit = "kpi.improvement"

    kpi_campaign_id = fields.Many2one(
        "kpi.survey.campaign", string="Survey", check_company=True, index=True
    )
    kpi_meeting_id = fields.Many2one(
        "kpi.survey.meeting",
        string="Planned at",
        check_company=True,
        index="btree_not_null",
    )

    @api.constrains("kpi_meeting_id", "kpi_campaign_id")
    def _check_kpi_meeting(self):
        for action in self:
            meeting = action.kpi_meeting_id.sudo()  # only which survey it belongs to
            if meeting and meeting.campaign_id != action.kpi_campaign_id:
                raise ValidationError(
                    self.env._(
                        "“%(action)s” was planned at a meeting on another survey: "
                        "choose that survey.",
                        action=action.name,
                    )
                )

    # -------------------------------------------------------------- computes
    @api.depends(
        "kpi_campaign_id.date_from",
        "kpi_campaign_id.date_to",
        "kpi_campaign_id.next_ids.date_from",
        "kpi_campaign_id.next_ids.date_to",
    )
    def _compute_stretches(self):
        """The days of both cycles; the next one is expected in a year."""
        result = super()._compute_stretches()
        for action in self.filtered("kpi_campaign_id"):
            campaign = action.kpi_campaign_id
            following = campaign.next_ids[:1]
            year = relativedelta(years=0 if following else 1)
            action.before_date_from = campaign.date_from
            action.before_date_to = campaign.date_to
            action.after_date_from = (following or campaign).date_from + year
            action.after_date_to = (following or campaign).date_to + year
        return result

    # ------------------------------------------------------------------ CRUD
    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            meeting_id = vals.get("kpi_meeting_id") or self.env.context.get(
                "default_kpi_meeting_id"
            )
            if meeting_id:
                meeting = self.env["kpi.survey.meeting"].browse(meeting_id)
                meeting.check_access("write")
                for name, value in meeting._improvement_defaults().items():
                    vals.setdefault(name, value)
        return super().create(vals_list)

    def write(self, vals):
        if vals.get("kpi_meeting_id"):
            meeting = self.env["kpi.survey.meeting"].browse(vals["kpi_meeting_id"])
            meeting.check_access("write")
        return super().write(vals)

    def _check_may_plan(self):
        """The board plans what follows from a survey."""
        others = self
        if self.env.user.has_group("kpi_internal_survey.group_kpi_survey_board"):
            others = self.filtered(lambda action: not action.kpi_campaign_id)
        return super(KpiImprovement, others)._check_may_plan()

    # -------------------------------------------------------------- business
    @api.model
    def _survey_indicator(self):
        """:raise UserError: when somebody removed the indicator"""
        indicator = self.env["kpi.indicator"].search([("code", "=", INDICATOR)])
        if not indicator:
            raise UserError(
                self.env._(
                    "The indicator “%(code)s” is missing: make one with this code, "
                    "then plan actions about the survey.",
                    code=INDICATOR,
                )
            )
        return indicator

    def _compare(self):
        of_surveys = self.filtered("kpi_campaign_id")
        of_surveys._compare_cycles()
        return super(KpiImprovement, self - of_surveys)._compare()

    def _compare_cycles(self):
        """Put the results of both cycles side by side and judge the change."""
        found = self._read_cycles()
        for action in self:
            before_value, before = found[action.id, "before"]
            after_value, after = found[action.id, "after"]
            values = {
                "before_value": before_value or 0.0,
                "before_has_value": before_value is not None,
                "before_sample": before.count,
                "after_value": after_value or 0.0,
                "after_has_value": after_value is not None,
                "after_sample": after.count,
                "change_low": 0.0,
                "change_high": 0.0,
                "has_change": False,
                "verdict": "waiting",
                "is_compared": bool(action._following_cycle()),
            }
            if values["is_compared"]:
                # Fewer people than the survey shows say nothing.
                least = action.kpi_campaign_id.minimum
                change = compare(before, after, rising=True, least_cases=least)
                values["verdict"] = change.verdict
                if change.low is not None:
                    values |= {
                        "change_low": change.low,
                        "change_high": change.high,
                        "has_change": True,
                    }
            if any(action[name] != value for name, value in values.items()):
                action.write(values)

    def _following_cycle(self):
        """:rtype: kpi.survey.campaign"""
        return self.kpi_campaign_id.next_ids.filtered(
            lambda campaign: campaign.state == "published"
        )[:1]

    def _read_stretches(self, stretches):
        """What gave rise to the action is the result of its own cycle."""
        of_surveys = self.filtered("kpi_campaign_id")
        found = super(KpiImprovement, self - of_surveys)._read_stretches(stretches)
        cycles = of_surveys._read_cycles()
        for action in of_surveys:
            for name in stretches:
                side = "after" if name == "after" else "before"
                found[action.id, name] = cycles[action.id, side]
        return found

    def _read_cycles(self):
        """The results before and after these actions.

        Whoever is responsible sees them: so nothing before the survey is published.
        The number of statements does not depend on the number of actions.

        :return: ``{(action id, "before" or "after"): (value or None, Cases)}``
        """
        wanted = {}
        for action in self:
            wanted[action.id, "before"] = action.kpi_campaign_id, action.department_id
            wanted[action.id, "after"] = action._following_cycle(), action.department_id
        campaigns = self.env["kpi.survey.campaign"].union(
            *(campaign for campaign, _department in wanted.values())
        )
        results = self.env["kpi.survey.result"].search(
            [
                ("campaign_id", "in", campaigns.ids),
                ("campaign_id.state", "=", "published"),
                ("department_id", "in", [False, *self.department_id.ids]),
                ("has_score", "=", True),
                ("is_hidden", "=", False),
            ]
        )
        by_place = {
            (result.campaign_id, result.department_id): (
                result.score,
                result._cases(),
            )
            for result in results
        }
        return {
            key: by_place.get(key_at, (None, NO_CASES))
            for key, key_at in wanted.items()
        }
