from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..const import SCORECARD_STATES, SCORECARD_TRANSITIONS


class KpiScorecard(models.Model):
    """One employee's agreement on targets for one period, position and matrix.

    Live from its first day; fixed when the period is measured, frozen when it is
    closed.
    """

    _name = "kpi.scorecard"
    _description = "KPI Scorecard"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _mail_post_access = "read"  # who may see it may talk about it
    _order = "period_id, department_id, employee_id, date_from"
    _rec_names_search = ["employee_id", "period_id"]

    employee_id = fields.Many2one(
        "hr.employee", required=True, readonly=True, ondelete="restrict", index=True
    )
    period_id = fields.Many2one(
        "kpi.period", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    matrix_id = fields.Many2one(
        "kpi.matrix", required=True, readonly=True, ondelete="restrict", index=True
    )
    # The position in this period: a plain user may not read the employee's own.
    date_from = fields.Date(string="From", required=True, readonly=True)
    date_to = fields.Date(string="To", required=True, readonly=True)
    department_id = fields.Many2one("hr.department", readonly=True, index=True)
    job_id = fields.Many2one("hr.job", string="Position", readonly=True)
    site_id = fields.Many2one("kpi.site", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True)
    share = fields.Float(
        string="Share of the function", readonly=True, default=1.0, aggregator=None
    )
    proration = fields.Float(
        string="Share of the period",
        readonly=True,
        default=1.0,
        digits=(6, 4),
        aggregator=None,
        help="Calendar days in the position by days of the period.",
    )
    score_at_base = fields.Float(readonly=True, aggregator=None)
    score_at_plan = fields.Float(readonly=True, default=100.0, aggregator=None)
    score_at_challenge = fields.Float(readonly=True, default=120.0, aggregator=None)
    line_ids = fields.One2many("kpi.scorecard.line", "scorecard_id")

    state = fields.Selection(
        SCORECARD_STATES, default="draft", required=True, readonly=True, tracking=True
    )
    agreed_at = fields.Datetime(readonly=True, copy=False)
    agreed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    coefficient = fields.Float(
        string="Performance coefficient", readonly=True, digits=0, aggregator="avg"
    )
    has_coefficient = fields.Boolean(readonly=True)
    is_blocked = fields.Boolean(
        readonly=True, help="A line that must have a figure has none."
    )
    missing_count = fields.Integer(
        string="Lines without a figure", readonly=True, aggregator="sum"
    )
    measured_at = fields.Datetime(string="Figures of", readonly=True)
    is_mine = fields.Boolean(compute="_compute_is_mine", search="_search_is_mine")
    can_lead = fields.Boolean(
        compute="_compute_can_lead",
        help="The current user leads this employee or is a KPI manager.",
    )

    _position_unique = models.UniqueIndex(
        "(employee_id, period_id, matrix_id, date_from)",
        "This employee has a scorecard for this period and matrix already.",
    )

    @api.depends("employee_id", "period_id")
    def _compute_display_name(self):
        for card in self:
            card.display_name = " · ".join(
                filter(None, [card.employee_id.name, card.period_id.name])
            )

    @api.depends_context("uid")
    @api.depends("employee_id")
    def _compute_is_mine(self):
        for card in self:
            card.is_mine = card.employee_id.user_id == self.env.user

    def _search_is_mine(self, operator, value):
        if operator != "in":
            return NotImplemented
        own = "in" if True in value else "not in"
        return [("employee_id", own, self.env.user.employee_ids.ids)]

    @api.depends_context("uid")
    @api.depends("department_id", "employee_id")
    def _compute_can_lead(self):
        user = self.env.user
        is_manager = user.has_group("kpi_quality.group_kpi_quality_manager")
        is_lead = user.has_group("kpi_quality.group_kpi_quality_lead")
        for card in self:
            led = is_lead and card.department_id.sudo(False).kpi_is_led
            card.can_lead = is_manager or (led and not card.is_mine)

    # ---------------------------------------------------------------- CRUD
    def write(self, vals):
        """Everything but the conversation comes from positions, matrices and facts."""
        if any(self._fields[name].readonly for name in vals if name in self._fields):
            raise UserError(
                self.env._(
                    "A scorecard changes by its buttons and its draft lines only."
                )
            )
        return super().write(vals)

    def unlink(self):
        self._check_draft()
        return super().unlink()

    def _check_draft(self):
        if any(card.state != "draft" for card in self):
            raise UserError(
                self.env._("Only a draft scorecard can be deleted: it is an agreement.")
            )

    # ------------------------------------------------------------- actions
    def action_agree(self):
        """The employee agrees to the targets; a lead enters an agreement on paper."""
        for card in self:
            card._check_can_agree()
            card.sudo()._set_state(  # the employee may not write otherwise
                "agreed", agreed_at=fields.Datetime.now(), agreed_by_id=self.env.uid
            )
            if not card.is_mine:
                card.sudo().message_post(
                    body=self.env._(
                        "Agreed on paper, entered by %s.", self.env.user.name
                    )
                )

    def action_reset(self):
        """Back to draft, to talk about the targets again."""
        for card in self:
            card._check_is_lead()
            card.sudo()._set_state("draft", agreed_at=False, agreed_by_id=False)

    def action_update_from_matrix(self):
        """Take thresholds, weights and lines from the matrix again."""
        for card in self:
            card._check_is_lead()
            if card.state != "draft":
                raise UserError(
                    self.env._(
                        "“%(card)s” is agreed; reset it to draft first.",
                        card=card.display_name,
                    )
                )
        self.sudo()._copy_matrix()

    def action_refresh(self):
        """Bring the live figures up to date with what is measured."""
        live = self.filtered(lambda card: card.state in ("draft", "agreed"))
        live.line_ids.sudo()._refresh_facts()  # facts are nobody's to write

    def _check_can_agree(self):
        self.ensure_one()
        self.check_access("read")
        if not (self.is_mine or self.can_lead):
            raise UserError(
                self.env._(
                    "Only the employee, the team lead or a KPI manager can do this."
                )
            )
        self._check_open()

    def _check_is_lead(self):
        """Nobody but a KPI manager has a say in the own targets."""
        self.ensure_one()
        self.check_access("read")
        if not self.can_lead:
            raise UserError(
                self.env._(
                    "Only the team lead of the employee or a KPI manager can do this."
                )
            )
        self._check_open()

    def _check_open(self):
        """Who knows the facts does not choose the targets any more."""
        if self.period_id.state != "open":
            states = dict(
                self.period_id._fields["state"]._description_selection(self.env)
            )
            raise UserError(
                self.env._(
                    "“%(period)s” is %(state)s: targets are agreed on before the "
                    "figures are known.",
                    period=self.period_id.name,
                    state=states[self.period_id.state].lower(),
                )
            )

    # ------------------------------------------------------------ business
    def _set_state(self, state, **values):
        """The only way one scorecard changes its state."""
        for card in self:
            if state not in SCORECARD_TRANSITIONS[card.state]:
                states = dict(self._fields["state"]._description_selection(self.env))
                raise UserError(
                    self.env._(
                        "“%(card)s” is %(now)s; it cannot become %(wanted)s.",
                        card=card.display_name,
                        now=states[card.state].lower(),
                        wanted=states[state].lower(),
                    )
                )
        return super().write({"state": state, **values})

    def _set_state_in_bulk(self, state, if_agreed=None):
        """Change the state of a whole period's scorecards in one statement.

        :param if_agreed: the state for those that were agreed on, when it differs
        """
        origins = [
            origin for origin, reach in SCORECARD_TRANSITIONS.items() if state in reach
        ]
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE kpi_scorecard
                SET state = CASE
                        WHEN agreed_at IS NULL THEN %(state)s ELSE %(agreed)s
                    END
                WHERE id = ANY(%(ids)s)
                    AND state = ANY(%(origins)s)
                """,
                state=state,
                agreed=if_agreed or state,
                ids=self.ids,
                origins=origins,
            )
        )
        self.invalidate_model(["state"], flush=False)
