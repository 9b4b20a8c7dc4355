from odoo import fields, models


class KpiBonusSchemePoint(models.Model):
    _name = "kpi.bonus.scheme.point"
    _description = "Break Point of a Bonus Curve"
    _order = "scheme_id, coefficient"
    _rec_name = "coefficient"

    scheme_id = fields.Many2one(
        "kpi.bonus.scheme", required=True, ondelete="cascade", index=True
    )
    coefficient = fields.Float(string="Coefficient (%)", required=True)
    percent = fields.Float(
        string="Bonus (%)", required=True, help="Of the target premium."
    )

    _coefficient_unique = models.Constraint(
        "UNIQUE (scheme_id, coefficient)",
        "Two points have the same coefficient; every point needs its own.",
    )
