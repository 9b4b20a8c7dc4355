from odoo import fields, models

from ..const import (
    CAMPAIGN_STATES,
    COMMENT_RULES,
    MOST_VOTES,
    USUAL_PEOPLE,
    VOTE_SCOPES,
)


class KpiSurveyCampaign(models.Model):
    """One cycle in which the units rate each other.

    What is agreed on stands here and is frozen once it runs; see
    ``kpi_survey_campaign_workflow.py`` for the way from draft to published.
    """

    _name = "kpi.survey.campaign"
    _description = "Internal Survey Campaign"
    _inherit = ["kpi.guarded.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "date_to DESC, id DESC"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    state = fields.Selection(
        CAMPAIGN_STATES,
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
    )
    is_counted = fields.Boolean(
        readonly=True,
        copy=False,
        help="The boxes are opened, counted and gone.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
    )
    date_from = fields.Date(string="Start", required=True)
    date_to = fields.Date(string="End", required=True)
    user_id = fields.Many2one(
        "res.users",
        string="Contact for questions",
        default=lambda self: self.env.user,
    )
    previous_id = fields.Many2one(
        "kpi.survey.campaign",
        string="Cycle before",
        readonly=True,
        copy=False,
        check_company=True,
        index="btree_not_null",
    )
    access_token = fields.Char(
        copy=False,
        readonly=True,
        help="In the address of the form; says which campaign, opens nothing.",
    )
    group_ids = fields.One2many("kpi.survey.criterion.group", "campaign_id")
    criterion_ids = fields.One2many("kpi.survey.criterion", "campaign_id")
    band_ids = fields.One2many("kpi.survey.band", "campaign_id")
    rule_ids = fields.One2many("kpi.survey.rule", "campaign_id")
    agreement_ids = fields.One2many("kpi.survey.agreement", "campaign_id")
    unit_ids = fields.One2many("kpi.survey.unit", "campaign_id")
    minimum = fields.Integer(
        string="Fewest people behind a figure", required=True, default=USUAL_PEOPLE
    )
    comment_rule = fields.Selection(
        COMMENT_RULES, string="Extreme marks", required=True, default="optional"
    )
    low_limit = fields.Integer(string="Extremely low up to", required=True, default=2)
    high_limit = fields.Integer(string="Extremely high from", required=True, default=10)
    vote_count = fields.Integer(
        string="Votes for colleagues", required=True, default=MOST_VOTES
    )
    vote_scope = fields.Selection(VOTE_SCOPES, required=True, default="head_office")
    opening_text = fields.Html(translate=True)
