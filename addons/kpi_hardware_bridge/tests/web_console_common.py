"""Tablets of the shop "Arbat", and a stranger that calls their addresses."""

import json

from odoo import fields
from odoo.tests import HttpCase, new_test_user

from odoo.addons.kpi_quality.tests.feedback_common import FeedbackCommon

MANAGER = "kpi_quality.group_kpi_quality_manager"


class WebConsoleCommon(FeedbackCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.web_manager = new_test_user(cls.env, "web.manager", groups=MANAGER)
        cls.tablet = cls.console(cls.counter)

    @classmethod
    def console(cls, point, **values):
        return cls.env["kpi.console"].create(
            {
                "name": f"Tablet at {point.name}",
                "kind": "web",
                "company_id": point.company_id.id,
                "point_id": point.id,
                **values,
            }
        )

    @classmethod
    def path(cls, console, name=""):
        return f"/kpi/console/{console.sudo().web_token}{name}"

    @classmethod
    def ask(cls, text="Are you satisfied?", **values):
        """A question in force at all points of the company."""
        question = cls.question(text, **values)
        cls.env["kpi.feedback.question.period"].create(
            {
                "company_id": cls.company.id,
                "question_id": question.id,
                "date_from": "2020-01-01",
            }
        )
        return question

    @classmethod
    def question(cls, text, **values):
        return cls.env["kpi.feedback.question"].create(
            {"kind": "staff", "text": text, **values}
        )

    def settings(self, console=None):
        answer = self.url_open(self.path(console or self.tablet, "/settings"))
        self.assertEqual(answer.status_code, 200)
        return answer.json()

    def post(self, path, data):
        """POST as a tablet does: JSON, without a cookie."""
        if not isinstance(data, bytes):
            data = json.dumps(data).encode()
        return self.url_open(
            path,
            data=data,
            headers={"Content-Type": "application/json"},
            method="POST",
        )

    def press_there(self, sender, *buttons, **values):
        """Send presses of a console as its page does."""
        now = fields.Datetime.now().isoformat()
        events = [
            {
                "uuid": f"{sender.identifier}-{number}",
                "console": sender.identifier,
                "button": button,
                "at": f"{now}Z",
                "seq": number,
                **values,
            }
            for number, button in enumerate(buttons, 1)
        ]
        body = {
            "sender": sender.identifier,
            "sent_at": f"{now}Z",
            "events": events,
        }
        return self.post(self.path(sender, "/events"), body)
