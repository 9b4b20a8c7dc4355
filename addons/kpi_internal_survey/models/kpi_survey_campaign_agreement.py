"""The directors agree on criteria and scale before anybody is rated by them."""

from odoo import api, fields, models


class KpiSurveyCampaign(models.Model):
    _inherit = "kpi.survey.campaign"

    unasked_ids = fields.Many2many(
        "hr.department",
        string="Nobody to ask",
        compute="_compute_unasked_ids",
        groups="kpi_quality.group_kpi_quality_manager",
        help="Units without a director, or whose director has no access to the survey.",
    )

    @api.depends("agreement_ids.department_id", "state", "company_id")
    def _compute_unasked_ids(self):
        for campaign in self:
            directors = self.env["hr.department"].union(*campaign._directors())
            campaign.unasked_ids = campaign._units_to_be() - directors

    def action_ask_directors(self):
        """Once for each unit: whoever was asked is not asked again."""
        self.ensure_one()
        self.check_access("write")
        self._check_is_draft()
        asked = self._ask_directors()
        unasked = self.unasked_ids
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if unasked or not asked else "success",
                "message": self._words_on_asking(asked, unasked),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _ask_directors(self):
        """:return: the agreements that wait for an answer from now on"""
        rows_sudo = self.env["kpi.survey.agreement"].sudo()  # nobody adds one by hand
        rows = self.sudo().agreement_ids.grouped("department_id")
        for department, director in self._directors().items():
            row = rows.get(department)
            if not row:
                rows_sudo += rows_sudo.create(
                    {
                        "campaign_id": self.id,
                        "department_id": department.id,
                        "user_id": director.id,
                    }
                )
            elif row.state == "waiting" and row.user_id != director:
                row.activity_ids.unlink()
                row.user_id = director
                rows_sudo += row
        rows_sudo._ask()
        return rows_sudo

    def _words_on_asking(self, asked, unasked):
        words = (
            self.env._("Directors asked: %(count)s.", count=len(asked))
            if asked
            else self.env._("There is nobody left to ask.")
        )
        if not unasked:
            return words
        return self.env._(
            "%(asked)s Nobody to ask in: %(units)s. Give each a director with a user "
            "of the KPI app, or go on without.",
            asked=words,
            units=", ".join(unasked.mapped("name")),
        )

    def _units_to_be(self):
        self.ensure_one()
        return self.env["hr.department"].search(
            [("kpi_is_unit", "=", True), ("company_id", "=", self.company_id.id)]
        )

    def _directors(self):
        """:return: ``{unit's department: user}``, where there is one who can answer"""
        group = "kpi_quality.group_kpi_quality_user"
        directors = {}
        for department in self._units_to_be():
            user = department.sudo().manager_id.user_id  # employees are HR's
            if user.active and user.has_group(group):
                directors[department] = user.sudo(False)
        return directors

    def _obstacle_of_agreements(self):
        """Whose word is missing; None when all have agreed or got an answer."""
        self.ensure_one()
        rows = self.agreement_ids
        if not rows:
            if not self._directors():
                return None
            return self.env._("No director was asked yet: press “Ask the Directors”.")
        waiting = rows.filtered(lambda row: row.state == "waiting")
        if waiting:
            return self.env._(
                "These directors have not answered: %(names)s. Remind them, or remove "
                "the row of whoever you will not wait for.",
                names=", ".join(waiting.user_id.mapped("name")),
            )
        remarks = rows.filtered(
            lambda row: row.state == "remark" and not (row.answer or "").strip()
        )
        if remarks:
            return self.env._(
                "Answer the remarks of %(names)s.",
                names=", ".join(remarks.user_id.mapped("name")),
            )
        return None

    def _ask_anew(self):
        """Reopened: who agreed to something else has to be asked again."""
        rows_sudo = self.sudo().agreement_ids  # not HR's to answer
        rows_sudo.write({"state": "waiting"})
        rows_sudo._ask()
