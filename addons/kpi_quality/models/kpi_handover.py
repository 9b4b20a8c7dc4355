from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_datetime

from ..const import HANDOVER_KINDS, HANDOVER_SOURCES, PERSONAL_HANDOVER_SOURCES

# What a person enters; the rest is known by the server.
ENTERED = {"picking_id", "kind", "moment"}
# How long who marked may take it back without a team lead, and without a reason.
SECOND_THOUGHT = timedelta(minutes=15)
SLIP = timedelta(minutes=2)


class KpiHandover(models.Model):
    """Goods changed hands: a truck arrived at the dock, a customer got the parcel.

    Rows are only added. One that was wrong is revoked with a reason and stays; the
    transfer's own field holds what the one valid row of each kind says.
    """

    _name = "kpi.handover"
    _description = "Handover of Goods"
    _order = "moment DESC, id DESC"
    _rec_name = "picking_id"

    picking_id = fields.Many2one(
        "stock.picking",
        string="Transfer",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="picking_id.company_id", store=True)
    kind = fields.Selection(HANDOVER_KINDS, required=True)
    moment = fields.Datetime(required=True, help="When it happened.")
    user_id = fields.Many2one(
        "res.users",
        string="Marked by",
        readonly=True,
        ondelete="restrict",
        help="Who tapped, scanned or imported; empty when a connector reported it.",
    )
    source = fields.Selection(HANDOVER_SOURCES, required=True, readonly=True)
    revoked_at = fields.Datetime(string="Taken back on", readonly=True)
    revoked_by_id = fields.Many2one(
        "res.users", string="Taken back by", readonly=True, ondelete="restrict"
    )
    reason = fields.Char(readonly=True, help="Why the mark was taken back.")

    _valid_unique = models.UniqueIndex(
        "(picking_id, kind) WHERE revoked_at IS NULL",
        "Somebody else marked this transfer a moment ago.",
    )

    # --------------------------------------------------------- constraints
    @api.constrains("picking_id", "kind", "moment")
    def _check_moment(self):
        """The order of things: arrived, booked in; shipped, delivered; not yet."""
        for mark in self:
            if mark.moment > fields.Datetime.now():
                raise ValidationError(
                    self.env._(
                        "%(transfer)s: %(moment)s is still to come.",
                        transfer=mark.picking_id.name,
                        moment=self._format(mark.moment),
                    )
                )
            if mark.kind == "arrival":
                mark._check_arrival()
            else:
                mark._check_delivery()

    def _check_arrival(self):
        picking = self.picking_id
        if picking.picking_type_code not in ("incoming", "dropship"):
            raise ValidationError(
                self.env._("%s is not a receipt: nothing arrives.", picking.name)
            )
        if picking.state in ("draft", "cancel"):
            raise ValidationError(
                self.env._("%s is not confirmed or is cancelled.", picking.name)
            )
        booked = picking.state == "done" and picking._kpi_moved_at(min)
        if booked and self.moment > booked:
            raise ValidationError(
                self.env._(
                    "The goods of %(transfer)s were booked in on %(moment)s: they "
                    "cannot have arrived later. If the mark was forgotten, a team lead "
                    "can enter when the truck really came.",
                    transfer=picking.name,
                    moment=self._format(booked),
                )
            )

    def _check_delivery(self):
        picking = self.picking_id
        if picking.picking_type_code not in ("outgoing", "dropship"):
            raise ValidationError(
                self.env._("%s does not go to a customer.", picking.name)
            )
        if picking.state != "done":
            raise ValidationError(
                self.env._(
                    "%s has not left the warehouse: validate it first.", picking.name
                )
            )
        shipped = picking._kpi_moved_at(max)
        if shipped and self.moment < shipped:
            raise ValidationError(
                self.env._(
                    "%(transfer)s was shipped on %(moment)s: it cannot have been "
                    "delivered earlier.",
                    transfer=picking.name,
                    moment=self._format(shipped),
                )
            )

    # ---------------------------------------------------------------- CRUD
    @api.model_create_multi
    def create(self, vals_list):
        """Entered or imported by a person, or made by a transfer's ``_kpi_mark``."""
        if not self.env.su:
            vals_list = self._imported(vals_list)
        self._check_unmarked(vals_list)
        marks = super().create(vals_list)
        marks._write_facts()
        return marks

    def _imported(self, vals_list):
        """The values of rows that a person gives, and nothing else."""
        for vals in vals_list:
            typed = {name for name, value in vals.items() if value} - ENTERED
            if typed - {"source"}:
                raise UserError(
                    self.env._(
                        "Only the transfer, the kind and the moment are entered; the "
                        "rest is recorded."
                    )
                )
        pickings = self.env["stock.picking"].browse(
            vals["picking_id"] for vals in vals_list if vals.get("picking_id")
        )
        pickings._kpi_check_may_mark()
        return [
            {name: vals[name] for name in ENTERED & vals.keys()}
            | {"source": "import", "user_id": self.env.uid}
            for vals in vals_list
        ]

    def _check_unmarked(self, vals_list):
        """A message that names the first mark, instead of the index's."""
        taken = self.sudo().search(
            [
                ("picking_id", "in", [vals.get("picking_id") for vals in vals_list]),
                ("revoked_at", "=", False),
            ]
        )
        taken = {(mark.picking_id.id, mark.kind): mark for mark in taken}
        for vals in vals_list:
            mark = taken.get((vals.get("picking_id"), vals.get("kind")))
            if mark:
                raise UserError(
                    self.env._(
                        "%(transfer)s is marked already: %(moment)s, %(who)s.",
                        transfer=mark.picking_id.name,
                        moment=self._format(mark.moment),
                        who=mark.user_id.name or mark._source_label(),
                    )
                )

    # ------------------------------------------------------------- actions
    def action_take_back(self):
        """Ask for the reason."""
        self._check_can_revoke()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Take a mark back"),
            "res_model": "kpi.handover.revocation",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_handover_id": self.id},
        }

    # ------------------------------------------------------------ business
    def _can_revoke(self):
        """Who marked, for a while; a lead of the warehouse or of who marked."""
        self.ensure_one()
        user = self.env.user
        if self._is_own(SECOND_THOUGHT):
            return True
        if user.has_group("kpi_quality.group_kpi_quality_manager"):
            return True
        if not user.has_group("kpi_quality.group_kpi_quality_lead"):
            return False
        mark = self.sudo()  # a lead need not see the people of a warehouse
        if mark.picking_id.picking_type_id.warehouse_id.kpi_is_led:
            return True
        employees = mark.user_id.employee_ids.filtered(
            lambda employee: employee.company_id == mark.company_id
        )
        return any(department.kpi_is_led for department in employees.department_id)

    def _is_own(self, age):
        """Whether the user tapped or scanned this, not longer ago than that."""
        return (
            self.source in PERSONAL_HANDOVER_SOURCES
            and self.user_id == self.env.user
            and fields.Datetime.now() - self.moment <= age
        )

    def _check_can_revoke(self):
        self.picking_id._kpi_check_may_mark()
        for mark in self:
            if mark.revoked_at:
                raise UserError(
                    self.env._(
                        "The mark of %s was taken back already.", mark.picking_id.name
                    )
                )
            if not mark._can_revoke():
                raise AccessError(
                    self.env._(
                        "Who marked may take it back within %(minutes)s minutes; later "
                        "a team lead of the warehouse or of who marked.",
                        minutes=SECOND_THOUGHT.seconds // 60,
                    )
                )

    def _revoke(self, reason):
        """Take marks back: the rows stay, and the transfers are unmarked again."""
        self._check_can_revoke()
        if not (reason or "").strip():
            raise UserError(self.env._("Write why the mark is taken back."))
        self.sudo().write(  # nobody may write rows; this is the one change of theirs
            {
                "revoked_at": fields.Datetime.now(),
                "revoked_by_id": self.env.uid,
                "reason": reason.strip(),
            }
        )
        self._write_facts()

    def _undo(self):
        """Take back a slip of the finger of just now."""
        self.ensure_one()
        if not self._is_own(SLIP):
            raise UserError(
                self.env._("Too late to undo: take the mark back with a reason.")
            )
        self._revoke(self.env._("Undone right after it was marked"))

    def _write_facts(self):
        """Put valid marks on their transfers, and take revoked ones off."""
        for mark in self.sudo():  # facts: nobody may write them
            valid = not mark.revoked_at
            if mark.kind == "arrival":
                mark.picking_id.kpi_arrived_at = valid and mark.moment
                continue
            person = valid and mark.source in PERSONAL_HANDOVER_SOURCES
            mark.picking_id.write(
                {
                    "kpi_delivered_at": valid and mark.moment,
                    "kpi_delivered_by_id": person and mark.user_id.id,
                }
            )

    def _format(self, moment):
        return format_datetime(self.env, moment, dt_format="short")

    def _source_label(self):
        labels = dict(self._fields["source"]._description_selection(self.env))
        return labels[self.source]
