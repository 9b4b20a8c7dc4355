from odoo import api, fields, models
from odoo.exceptions import UserError


class KpiPromiseMixin(models.AbstractModel):
    """A line of an order that keeps the first date it was promised for."""

    _name = "kpi.promise.mixin"
    _description = "Line With a Promise"

    kpi_promised_at = fields.Datetime(
        string="First promised for",
        readonly=True,
        copy=False,
        help="The date given at the first confirmation. A new date, a cancellation "
        "and a second confirmation leave it as it is.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        # Said outright, so that no default of the context steps in.
        vals_list = [vals | {"kpi_promised_at": False} for vals in vals_list]
        lines = super().create(vals_list)
        lines.filtered(lambda line: line._kpi_is_confirmed())._kpi_freeze_promise()
        return lines

    def write(self, vals):
        if "kpi_promised_at" in vals and not self.env.su:
            raise UserError(
                self.env._(
                    "The first promise is a fact and cannot be changed. A new date "
                    "goes on the order; delays are measured against the first one."
                )
            )
        return super().write(vals)

    def _kpi_is_confirmed(self):
        """Whether the promise was given to the other side by now."""
        raise NotImplementedError

    def _kpi_promise(self):
        """The date promised for this line as things stand."""
        raise NotImplementedError

    def _kpi_freeze_promise(self):
        for line in self.sudo():  # a fact, whoever confirms
            if not line.kpi_promised_at and not line.display_type:
                line.kpi_promised_at = line._kpi_promise()
