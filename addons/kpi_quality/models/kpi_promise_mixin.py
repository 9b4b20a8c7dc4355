from odoo import api, fields, models
from odoo.exceptions import UserError

# What was promised, and what of it nobody waits for any more: nobody types it.
PROMISE = {
    "kpi_confirmed_at",
    "kpi_promised_at",
    "kpi_promised_qty",
    "kpi_withdrawn_qty",
    "kpi_withdrawn_at",
}


class KpiPromiseMixin(models.AbstractModel):
    """A line of an order that keeps the first date it was promised for.

    What was promised is the most that was on the line until that date. What is
    cancelled or reduced is *withdrawn*: before the date nobody waits for it, after the
    date it was late until then. Whatever is ordered on top of it after the date
    belongs to no promise.
    """

    _name = "kpi.promise.mixin"
    _description = "Line With a Promise"

    kpi_confirmed_at = fields.Datetime(
        string="First confirmed on",
        readonly=True,
        copy=False,
        help="A cancellation and a second confirmation leave it as it is.",
    )
    kpi_promised_at = fields.Datetime(
        string="First promised for",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The date given at the first confirmation. A new date, a cancellation "
        "and a second confirmation leave it as it is.",
    )
    kpi_promised_qty = fields.Float(
        string="Promised quantity",
        digits="Product Unit",
        readonly=True,
        copy=False,
        help="In the unit of the product; services are not counted.",
    )
    kpi_withdrawn_qty = fields.Float(
        string="Withdrawn quantity",
        digits="Product Unit",
        readonly=True,
        copy=False,
        help="What of the promise was cancelled or reduced.",
    )
    kpi_withdrawn_at = fields.Datetime(string="Withdrawn on", readonly=True, copy=False)

    @api.model_create_multi
    def create(self, vals_list):
        # Said outright, so that no default of the context steps in.
        nothing = dict.fromkeys(PROMISE, False)
        lines = super().create([vals | nothing for vals in vals_list])
        lines.filtered(lambda line: line._kpi_is_confirmed())._kpi_freeze_promise()
        return lines

    def write(self, vals):
        if not self.env.su and PROMISE & vals.keys():
            raise UserError(
                self.env._(
                    "The first promise is a fact and cannot be changed. A new date "
                    "goes on the order; delays are measured against the first one."
                )
            )
        result = super().write(vals)
        if self._kpi_quantity_fields() & vals.keys():
            self._kpi_follow_quantity()
        return result

    def _kpi_is_confirmed(self):
        """Whether the promise was given to the other side by now."""
        raise NotImplementedError

    def _kpi_promise(self):
        """The date promised for this line as things stand."""
        raise NotImplementedError

    def _kpi_quantity_fields(self):
        """:return: names of the fields that say how much is wanted"""
        raise NotImplementedError

    def _kpi_ordered_qty(self):
        """What the line asks for, in the unit of the product."""
        raise NotImplementedError

    def _kpi_freeze_promise(self):
        """Keep the first promise; called whenever the lines are confirmed."""
        now = fields.Datetime.now()
        for line in self.sudo():  # a fact, whoever confirms
            if not line.kpi_promised_at and not line.display_type:
                line.kpi_promised_at = line._kpi_promise()
                line.kpi_confirmed_at = now
        self._kpi_follow_quantity()

    def _kpi_follow_quantity(self):
        """Note what was promised and what was withdrawn of it, and when."""
        now = fields.Datetime.now()
        for line in self.sudo():  # a fact, whoever changes the order
            if not line.kpi_promised_at or line.product_id.type != "consu":
                continue
            wanted = (
                max(line._kpi_ordered_qty(), 0.0) if line._kpi_is_confirmed() else 0.0
            )
            promised = line.kpi_promised_qty
            if now <= line.kpi_promised_at or not promised:
                promised = max(promised, wanted)
            withdrawn = max(promised - wanted, 0.0)
            unit = line.product_id.uom_id
            if unit.compare(promised, line.kpi_promised_qty):
                line.kpi_promised_qty = promised
            if change := unit.compare(withdrawn, line.kpi_withdrawn_qty):
                line.kpi_withdrawn_qty = withdrawn
                if change > 0:
                    line.kpi_withdrawn_at = now
