from datetime import datetime

from odoo import api, fields, models

from ..const import SELLER_MEANINGS

# What a point's presses mean; the newest rule is what the point itself shows.
RULE_FIELDS = (
    "department_id",
    "seller_meaning",
    "response_window",
    "long_press",
    "bounce",
    "force_majeure_limit",
)
BEGINNING = datetime(1970, 1, 1)


class KpiFeedbackPointRule(models.Model):
    """What the presses of a point meant, from a moment on.

    A changed setting counts for later presses; earlier ones that arrive late, or are
    derived again, keep what was in force when they were made.
    """

    _name = "kpi.feedback.point.rule"
    _description = "Rule of a Feedback Point"
    _order = "valid_from DESC, id DESC"

    point_id = fields.Many2one(
        "kpi.feedback.point", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="point_id.company_id", store=True)
    valid_from = fields.Datetime(required=True)
    department_id = fields.Many2one("hr.department")
    seller_meaning = fields.Selection(SELLER_MEANINGS, required=True)
    response_window = fields.Float(required=True, digits=0)
    long_press = fields.Float(required=True, digits=0)
    bounce = fields.Float(required=True, digits=0)
    force_majeure_limit = fields.Float(required=True, digits=0)

    _moment_unique = models.UniqueIndex(
        "(point_id, valid_from)", "A point has one rule at a time."
    )

    @api.model
    def _keep(self, points):
        """Note what the points' presses mean from now on, where that changed.

        The first rule of a point reaches back to the beginning. What is changed at
        once, in several steps, is one rule.
        """
        now = fields.Datetime.now()
        fresh = self.env.cr.precommit.data.setdefault("kpi_feedback_point_rules", {})
        rules = self.sudo()  # nobody writes the history but the points themselves
        latest = {
            rule.point_id: rule
            for rule in rules.search(
                [("point_id", "in", points.ids)], order="valid_from, id"
            )
        }
        for point in points:
            values = {name: point[name] for name in RULE_FIELDS}
            values["department_id"] = point.department_id.id
            rule = latest.get(point)
            if rule and all(rule[name] == point[name] for name in RULE_FIELDS):
                continue
            if rule and (fresh.get(rule.id) == now or rule.valid_from >= now):
                rule.write(values)
                continue
            rule = rules.create(
                {
                    "point_id": point.id,
                    "valid_from": now if rule else BEGINNING,
                    **values,
                }
            )
            fresh[rule.id] = now
