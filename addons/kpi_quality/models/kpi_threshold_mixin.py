import math

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import get_lang

from ..tools.plain_number import plain_number
from ..tools.score import Thresholds, check_thresholds


class KpiThresholdMixin(models.AbstractModel):
    """Base, plan and challenge: three figures that run in one direction."""

    _name = "kpi.threshold.mixin"
    _description = "Base, Plan and Challenge"

    base = fields.Float(digits=0, required=True)
    plan = fields.Float(digits=0, required=True, default=100.0)
    challenge = fields.Float(digits=0, required=True, default=120.0)

    def _thresholds(self):
        self.ensure_one()
        return Thresholds(self.base, self.plan, self.challenge)

    @api.constrains("base", "plan", "challenge", "indicator_id")
    def _check_thresholds(self):
        for record in self:
            thresholds = record._thresholds()
            if not all(map(math.isfinite, thresholds)):
                raise ValidationError(
                    self.env._(
                        "“%(name)s”: base, plan and challenge have to be finite "
                        "numbers.",
                        name=record.indicator_id.name,
                    )
                )
            point = get_lang(self.env).decimal_point
            figures = {
                "name": record.indicator_id.name,
                "base": plain_number(record.base, point),
                "plan": plain_number(record.plan, point),
                "challenge": plain_number(record.challenge, point),
            }
            reason = check_thresholds(thresholds)
            if reason == "base_equals_plan":
                raise ValidationError(
                    self.env._(
                        "“%(name)s”: base and plan are both %(plan)s. Between them the "
                        "score rises, so they have to differ.",
                        **figures,
                    )
                )
            if reason:
                raise ValidationError(
                    self.env._(
                        "“%(name)s”: base %(base)s, plan %(plan)s and challenge "
                        "%(challenge)s have to run in one direction: rising when more "
                        "is better, falling when less is better.",
                        **figures,
                    )
                )
            if thresholds.rising != (record.indicator_id.direction == "rising"):
                raise ValidationError(
                    self.env._(
                        "“%(name)s” is better when it is higher: base %(base)s has to "
                        "lie below plan %(plan)s.",
                        **figures,
                    )
                    if record.indicator_id.direction == "rising"
                    else self.env._(
                        "“%(name)s” is better when it is lower: base %(base)s has to "
                        "lie above plan %(plan)s.",
                        **figures,
                    )
                )
