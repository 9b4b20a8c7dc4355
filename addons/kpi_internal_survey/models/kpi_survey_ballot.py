from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.codes import code_hash


class KpiSurveyBallot(models.Model):
    """The right to answer once: it knows the unit, not the person.

    No author and no time: those columns would say who and when.
    """

    _name = "kpi.survey.ballot"
    _description = "Ballot of a Survey"
    _log_access = False
    _order = "id"

    campaign_id = fields.Many2one(
        "kpi.survey.campaign", required=True, index=True, ondelete="cascade"
    )
    unit_id = fields.Many2one(
        "kpi.survey.unit", required=True, index=True, ondelete="cascade"
    )
    code_hash = fields.Char(required=True, groups=fields.NO_ACCESS)
    is_submitted = fields.Boolean()

    _code_unique = models.UniqueIndex("(campaign_id, code_hash)")

    @api.model
    def _issue(self, campaign):
        """One ballot for each who is invited: by letter, or by a slip of paper.

        All in one statement and in the order of their hashes, which say nothing: a
        ballot's place is not its owner's among the participants.
        """
        campaign.ensure_one()
        key = self.env["kpi.survey.key"]
        participants = (
            self.env["kpi.survey.participant"]
            .sudo()
            .search([("campaign_id", "=", campaign.id)])
        )
        with_email = participants.filtered("email")
        codes = [
            (participant.unit_id.id, code)
            for participant, code in key._codes(campaign, with_email).items()
        ]
        for unit, people in (participants - with_email).grouped("unit_id").items():
            slips = key._slip_codes(campaign, unit, len(people))
            codes += [(unit.id, code) for code in slips]
        token = campaign.access_token
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO kpi_survey_ballot (
                    campaign_id,
                    unit_id,
                    code_hash,
                    is_submitted
                )
                SELECT
                    %(campaign)s,
                    unit_id,
                    code_hash,
                    FALSE
                FROM unnest(%(units)s::INTEGER[], %(hashes)s::VARCHAR[])
                    AS issued (unit_id, code_hash)
                ORDER BY code_hash
                """,
                campaign=campaign.id,
                units=[unit for unit, _code in codes],
                hashes=[code_hash(token, code) for _unit, code in codes],
            )
        )
        self.invalidate_model()

    @api.model
    def _submitted_by_unit(self, campaigns):
        """:return: ``{unit id: submitted ballots}``; units without any are left out"""
        # Nobody reads ballots; a number says nothing of any of them.
        groups = self.sudo()._read_group(
            [("campaign_id", "in", campaigns.ids), ("is_submitted", "=", True)],
            ["unit_id"],
            ["__count"],
        )
        return {unit.id: count for unit, count in groups}
