from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError


class KpiFeedbackQuestionConfirmation(models.Model):
    """Somebody on the spot changed the printed plate.

    From then on the plate shows this question, until the next change.
    """

    _name = "kpi.feedback.question.confirmation"
    _description = "Changed Plate"
    _order = "confirmed_at DESC, id DESC"
    _rec_name = "confirmed_at"

    period_id = fields.Many2one(
        "kpi.feedback.question.period", required=True, index=True, ondelete="cascade"
    )
    point_id = fields.Many2one("kpi.feedback.point", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="period_id.company_id", store=True)
    confirmed_at = fields.Datetime(required=True, default=fields.Datetime.now)
    user_id = fields.Many2one(
        "res.users", readonly=True, default=lambda self: self.env.user
    )

    # A plate may come back to a question: the same period again.
    _moment_unique = models.UniqueIndex(
        "(point_id, confirmed_at)", "The plate of this point is confirmed already."
    )

    @api.constrains("period_id", "point_id", "confirmed_at")
    def _check_period(self):
        for confirmation in self:
            point, period = confirmation.point_id, confirmation.period_id
            if (
                point.company_id != period.company_id
                or period.point_id
                and period.point_id != point
            ):
                raise ValidationError(
                    self.env._(
                        "“%(question)s” is not planned for “%(point)s”.",
                        question=period.question_id.text,
                        point=point.name,
                    )
                )
            if confirmation.confirmed_at > fields.Datetime.now():
                raise ValidationError(
                    self.env._("A plate cannot be changed in the future.")
                )

    @api.model
    def _confirm(self, point):
        """The plate of a point was changed to the planned question just now.

        :raise AccessError: for users who neither lead the place nor work there
        """
        point.ensure_one()
        user = self.env.user
        if not (
            self.env.su
            or user.has_group("kpi_quality.group_kpi_quality_manager")
            or any(point.site_id.department_ids.mapped("kpi_is_led"))
            or self._works_there(point)
        ):
            raise AccessError(
                self.env._(
                    "Only those who work at “%(point)s”, or lead its site, can confirm "
                    "that the plate was changed.",
                    point=point.name,
                )
            )
        period = self.env["kpi.feedback.question.period"]._planned(point)
        if not point.has_plate or not period:
            raise UserError(
                self.env._(
                    "“%(point)s” has no printed question to change.", point=point.name
                )
            )
        if not point.is_plate_old:
            raise UserError(
                self.env._(
                    "It is confirmed already: the plate shows “%(question)s”.",
                    question=period.question_id.text,
                )
            )
        # Those who work there have no right to create; it was checked above.
        return self.sudo().create({"period_id": period.id, "point_id": point.id})

    @api.model
    def _works_there(self, point):
        """The user is on duty at the point, or belongs to its department."""
        employee = self.env.user.sudo().employee_ids.filtered(
            lambda person: person.company_id == point.company_id
        )
        return bool(employee) and (
            point.sudo().worker_id in employee
            or point.sudo().department_id in employee.department_id
        )
