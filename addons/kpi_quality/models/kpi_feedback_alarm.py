from datetime import timedelta

from odoo import api, fields, models

# A site that does not open within so many days does not tell its hours truly.
DAYS_AHEAD = 31


class KpiFeedbackAlarm(models.Model):
    """Who was told of a held red button, and when: written by the alarm only."""

    _name = "kpi.feedback.alarm"
    _description = "Red Alarm"
    _order = "told_at, id"
    _rec_name = "complaint_id"

    complaint_id = fields.Many2one(
        "kpi.feedback.complaint", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="complaint_id.company_id", store=True)
    recipient_id = fields.Many2one("kpi.feedback.recipient", ondelete="set null")
    level = fields.Integer(required=True, aggregator=None)
    user_id = fields.Many2one("res.users", index="btree_not_null")
    employee_id = fields.Many2one("hr.employee")
    told_at = fields.Datetime(required=True)
    in_odoo = fields.Boolean()
    number = fields.Char(string="SMS to")
    sms_due_at = fields.Datetime(
        string="SMS waits until", help="The site was closed: until it opens."
    )
    sms_at = fields.Datetime(string="SMS handed over at")
    message_id = fields.Many2one(
        "mail.message", string="SMS in the chatter", ondelete="set null"
    )
    problem = fields.Char(readonly=True)

    _person_unique = models.UniqueIndex(
        "(complaint_id, level, COALESCE(recipient_id, 0), COALESCE(user_id, 0),"
        " COALESCE(employee_id, 0))",
        "This person was told already.",
    )

    @property
    def _reached(self):
        """Somebody knows, or will when the site opens."""
        return self.filtered(lambda a: a.in_odoo or a.sms_at or a.sms_due_at)

    def _of_person(self, person, level):
        """What somebody was told at a level already, as another recipient."""
        name = "user_id" if person.user else "employee_id"
        somebody = person.user or person.employee
        return self.filtered(
            lambda alarm: alarm.level == level and alarm[name] == somebody
        )

    @api.model
    def _opens_at(self, site, now):
        """When messages may go out: now while the site is open, else its opening.

        :param now: naive UTC
        :return: naive UTC, not before ``now``
        """
        month = now + timedelta(days=DAYS_AHEAD)
        hours = site._opening_times(now, month)[site]
        return min((opened for opened, _closed in hours), default=now)
