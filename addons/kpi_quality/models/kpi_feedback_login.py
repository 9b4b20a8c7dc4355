"""Who stands at a console: by PIN or badge."""

from datetime import datetime, timedelta

from odoo import fields, models
from odoo.tools import consteq

# So many wrong PINs at a point in so many minutes, and it waits.
WRONG_PINS = 5
WRONG_MINUTES = 5


class KpiFeedbackPoint(models.Model):
    _inherit = "kpi.feedback.point"

    # Moments of the latest wrong PINs, ISO, UTC.
    wrong_pins = fields.Json(copy=False, groups=fields.NO_ACCESS)

    def _login(self, pin, badge=None):
        """Log an employee of the point's site in.

        Nothing is raised for a wrong PIN: that would undo its count.

        :param str pin: as in hr.employee.pin; may be empty together with a badge
        :param str badge: as in hr.employee.barcode; says who it is, instead of the PIN
        :return: ``(hr.employee, None)``, else (empty, what to tell the person)
        """
        self.ensure_one()
        point = self.sudo()  # consoles have no user; PINs are for nobody to read
        nobody = point.env["hr.employee"]
        since = fields.Datetime.now() - timedelta(minutes=WRONG_MINUTES)
        wrong = [
            moment
            for moment in point.wrong_pins or []
            if datetime.fromisoformat(moment) > since
        ]
        if len(wrong) >= WRONG_PINS:
            return nobody, self.env._(
                "Too many wrong PINs at this console. Wait %(minutes)s minutes, then "
                "try again.",
                minutes=WRONG_MINUTES,
            )
        found = point._find_employees(pin, badge)
        if len(found) == 1:
            point.wrong_pins = False
            point.env["kpi.duty"]._log_in(point, found)
            return found, None
        point.wrong_pins = [*wrong, fields.Datetime.now().isoformat()]
        if found:
            return nobody, self.env._(
                "Several people here have this PIN. Use your badge, or ask for another "
                "PIN."
            )
        if badge:
            return nobody, self.env._("Nobody of this site has this badge and PIN.")
        return nobody, self.env._("Nobody of this site has this PIN.")

    def _find_employees(self, pin, badge):
        """Employees of the site's departments with a PIN, a badge, or both."""
        if not (pin or badge):
            return self.env["hr.employee"]
        people = self.env["hr.employee"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("department_id", "in", self.site_id.department_ids.ids),
                *([("barcode", "=", badge)] if badge else []),
            ]
        )
        return people.filtered(
            lambda person: (
                consteq(person.pin or "", pin) if pin else badge and not person.pin
            )
        )

    def _logout(self):
        """End the login at the point, if there is one.

        :return: hr.employee who left, empty when nobody was there
        """
        self.ensure_one()
        point = self.sudo()  # consoles have no user
        return point._log_out()

    def _log_out(self):
        logins = self.env["kpi.duty"]._logins([("point_id", "=", self.id)])
        logins.stop = fields.Datetime.now()
        return logins.employee_id
