from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..const import (
    CAMPAIGN_STATES,
    COMMENT_RULES,
    FEWEST_PEOPLE,
    HIGHEST_MARK,
    LOWEST_MARK,
    MOST_VOTES,
    USUAL_PEOPLE,
    VOTE_SCOPES,
)
from .survey_template import SurveyTemplate

# What only buttons and the counting change.
KEPT_FIELDS = {
    "state",
    "is_counted",
    "previous_id",
    "access_token",
}
# What the directors agree to.
AGREED_FIELDS = {
    "company_id",
    "group_ids",
    "criterion_ids",
    "band_ids",
    "rule_ids",
    "minimum",
    "comment_rule",
    "low_limit",
    "high_limit",
    "vote_count",
    "vote_scope",
}
# What those who fill in the form have been told.
TOLD_FIELDS = {"date_from", "opening_text"}


class KpiSurveyCampaign(models.Model):
    """One cycle in which the units rate each other.

    What is agreed on stands here and is frozen once the directors agreed; see
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
    date_from = fields.Date(string="Start", required=True, tracking=True)
    date_to = fields.Date(string="End", required=True, tracking=True)
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
    group_ids = fields.One2many(
        "kpi.survey.criterion.group", "campaign_id", string="Groups", copy=True
    )
    criterion_ids = fields.One2many(
        "kpi.survey.criterion", "campaign_id", string="Criteria"
    )
    band_ids = fields.One2many(
        "kpi.survey.band", "campaign_id", string="Scale", copy=True
    )
    rule_ids = fields.One2many(
        "kpi.survey.rule", "campaign_id", string="Who rates whom", copy=True
    )
    agreement_ids = fields.One2many(
        "kpi.survey.agreement", "campaign_id", string="Agreements"
    )
    unit_ids = fields.One2many("kpi.survey.unit", "campaign_id", string="Units")
    minimum = fields.Integer(
        string="Fewest people behind a figure",
        required=True,
        default=USUAL_PEOPLE,
        tracking=True,
        help="Figures of fewer people are never shown, nor kept: nobody shall be "
        "told by a mark.",
    )
    comment_rule = fields.Selection(
        COMMENT_RULES, string="Extreme marks", required=True, default="optional"
    )
    low_limit = fields.Integer(string="Extremely low up to", required=True, default=2)
    high_limit = fields.Integer(string="Extremely high from", required=True, default=10)
    vote_count = fields.Integer(
        string="Votes for colleagues", required=True, default=MOST_VOTES
    )
    vote_scope = fields.Selection(
        VOTE_SCOPES, string="Votes for", required=True, default="head_office"
    )
    opening_text = fields.Html(
        string="Opening address",
        translate=True,
        help="What people read before they begin.",
    )

    _dates_order = models.Constraint(
        "CHECK (date_from <= date_to)",
        "A campaign ends on a day after its start: change one of the dates.",
    )
    _one_runs = models.UniqueIndex(
        "(company_id) WHERE state = 'running'",
        "Another campaign of the company is running: people would not know which one "
        "to answer. Close it first.",
    )

    # ---------------------------------------------------------------- checks
    @api.constrains("minimum", "low_limit", "high_limit", "vote_count")
    def _check_numbers(self):
        for campaign in self:
            if campaign.minimum < FEWEST_PEOPLE:
                raise ValidationError(
                    self.env._(
                        "At least %(least)s people have to stand behind a figure: of "
                        "fewer, each would know what the others said.",
                        least=FEWEST_PEOPLE,
                    )
                )
            if not (
                LOWEST_MARK - 1
                <= campaign.low_limit
                < campaign.high_limit
                <= HIGHEST_MARK + 1
            ):
                raise ValidationError(
                    self.env._(
                        "Extremely low ends before extremely high begins, both within "
                        "the scale of %(lowest)s to %(highest)s (0 and 11: no mark is "
                        "extreme).",
                        lowest=LOWEST_MARK,
                        highest=HIGHEST_MARK,
                    )
                )
            if not 1 <= campaign.vote_count <= MOST_VOTES:
                raise ValidationError(
                    self.env._(
                        "Everybody has one to %(most)s votes.",
                        most=MOST_VOTES,
                    )
                )

    @api.constrains("band_ids")
    def _check_bands(self):
        for campaign in self:
            reason = campaign._wrong_scale()
            if reason:
                raise ValidationError(reason)

    def _wrong_scale(self):
        """Which mark has no band, or two; None when each has one."""
        self.ensure_one()
        for mark in range(LOWEST_MARK, HIGHEST_MARK + 1):
            bands = self.band_ids.filtered(
                lambda band, mark=mark: band.mark_from <= mark <= band.mark_to
            )
            if not bands:
                return self.env._(
                    "The mark %(mark)s belongs to no band of the scale: the bands have "
                    "to cover %(lowest)s to %(highest)s.",
                    mark=mark,
                    lowest=LOWEST_MARK,
                    highest=HIGHEST_MARK,
                )
            if len(bands) > 1:
                return self.env._(
                    "The mark %(mark)s belongs to several bands of the scale: "
                    "%(bands)s. Let each mark have one.",
                    mark=mark,
                    bands=", ".join(bands.mapped("name")),
                )
        return None

    # ------------------------------------------------------------------ CRUD
    @api.model_create_multi
    def create(self, vals_list):
        """A campaign begins with the template where nothing else is said."""
        template = SurveyTemplate(self.env)
        clean = self._without_kept_defaults()
        campaigns = self.browse()
        for vals in vals_list:
            self._check_not_by_hand(vals)
            missing = {
                part: value
                for part, value in template.values().items()
                if not vals.get(part)
            }
            if vals.get("criterion_ids"):
                missing.pop("group_ids", None)
            campaign = super(KpiSurveyCampaign, clean).create({**vals, **missing})
            template.translate(campaign.with_context(lang="en_US"), missing)
            campaigns |= campaign
        return campaigns

    def write(self, vals):
        self._check_not_by_hand(vals)
        self._check_not_agreed(vals.keys())
        return super().write(vals)

    def _update_field_translations(self, field_name, translations, *args, **kwargs):
        # Does not pass through write().
        self._check_not_agreed({field_name})
        return super()._update_field_translations(
            field_name, translations, *args, **kwargs
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_started(self):
        for campaign in self:
            if campaign.state not in ("draft", "agreed"):
                raise UserError(
                    self.env._(
                        "“%(campaign)s” has started and is kept.",
                        campaign=campaign.name,
                    )
                )

    def _without_kept_defaults(self):
        """The + of a kanban's column sends its state with the context."""
        kept = {f"default_{name}" for name in KEPT_FIELDS}
        context = self.env.context
        return self.with_env(
            self.env(context={key: context[key] for key in context if key not in kept})
        )

    def _check_not_by_hand(self, vals):
        if not self.env.su and vals.keys() & KEPT_FIELDS:
            raise UserError(
                self.env._(
                    "The state of a campaign and what comes of it are not written "
                    "by hand: use the buttons."
                )
            )

    def _check_not_agreed(self, names):
        """Nobody moves what others have agreed to, or have been told."""
        if self.env.su:
            return
        if names & AGREED_FIELDS:
            self._check_is_draft()
        for campaign in self:
            if names & TOLD_FIELDS and campaign.state not in ("draft", "agreed"):
                raise UserError(
                    self.env._(
                        "“%(campaign)s” has started: what people were told at the "
                        "start stays as it is.",
                        campaign=campaign.name,
                    )
                )
            if "date_to" in names and campaign.state in ("closed", "published"):
                raise UserError(
                    self.env._(
                        "“%(campaign)s” is closed: its last day stays as it is.",
                        campaign=campaign.name,
                    )
                )

    def _check_is_draft(self):
        for campaign in self:
            if campaign.state != "draft":
                raise UserError(
                    self.env._(
                        "“%(campaign)s” is agreed on: criteria, scale, rules and "
                        "limits stay as they are. Reopen it to change them; the "
                        "directors are asked again then.",
                        campaign=campaign.name,
                    )
                    if campaign.state == "agreed"
                    else self.env._(
                        "“%(campaign)s” has started: criteria, scale, rules and "
                        "limits stay as they are. Change them in the next cycle.",
                        campaign=campaign.name,
                    )
                )
