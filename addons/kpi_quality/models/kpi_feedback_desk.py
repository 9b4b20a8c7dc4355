from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..const import KIND_VERDICTS

# The one that is looked at, and the next one so that it is there at once.
AT_HAND = 2
# Presses shown before and after.
AROUND = timedelta(minutes=1)


class KpiFeedbackDesk(models.AbstractModel):
    """What the expert's desk shows and does, with the rights of who sits there.

    Every call gives what is on the desk after it, so one round trip does.
    """

    _name = "kpi.feedback.desk"
    _description = "Expert's Desk"

    # -------------------------------------------------------------------- calls
    @api.model
    def get_desk(self, skipped=()):
        """Open the desk.

        :param skipped: ids of items that the user does not want now
        :return: ``items`` (the first one is looked at), counts, and the ``reasons`` by
            kind and verdict
        :rtype: dict
        """
        self._check_expert()
        self.env["kpi.feedback.check"]._fill()
        return {**self._desk(skipped), "reasons": self._reasons()}

    @api.model
    def judge(self, check_id, values, skipped=()):
        """Record a verdict and go on.

        :param dict values: ``verdict``, ``reason_id``, ``served``, ``missed``, ``note``
        """
        self._check_expert()
        if not self._is_repeated(check_id, values):
            self.env["kpi.feedback.verdict"].create({**values, "check_id": check_id})
        return self._desk(skipped)

    @api.model
    def undo(self, skipped=()):
        """Take back the user's last verdict of today, and look at its item again."""
        self._check_expert()
        last = self._verdicts_of_today().filtered("can_undo")[:1]
        if not last:
            return self._desk(skipped)
        last.action_undo()
        check = last.check_id
        return self._desk([i for i in skipped if i != check.id], first=check)

    @api.model
    def skip(self, check_id, skipped=()):
        """Leave an item to others, or for later.

        :param skipped: with this one
        """
        self._check_expert()
        self.env["kpi.feedback.check"].sudo().browse(check_id)._release()
        return self._desk(skipped)

    @api.model
    def renew(self, check_ids):
        """The user is still there.

        :return: ids of the items that he still has
        """
        self._check_expert()
        return self.env["kpi.feedback.check"].sudo().browse(check_ids)._renew().ids

    # ------------------------------------------------------------------- rights
    @api.model
    def _check_expert(self):
        if not self.env.user.has_group("kpi_quality.group_kpi_quality_expert"):
            raise AccessError(self.env._("Only quality experts check presses."))

    @api.model
    def _is_repeated(self, check_id, values):
        """The answer got lost on its way, and the same verdict comes once more."""
        last = self.env["kpi.feedback.verdict"].search(
            [("check_id", "=", check_id)], limit=1
        )
        return last.user_id == self.env.user and last.verdict == values.get("verdict")

    # ------------------------------------------------------------------ progress
    @api.model
    def _desk(self, skipped, first=None):
        """:param first: the item to begin with"""
        checks = self.env["kpi.feedback.check"].sudo()  # writes leases, reads names
        skipped = [item for item in skipped if isinstance(item, int)]
        claimed = checks._claim(AT_HAND + bool(first), skipped)
        if first:
            claimed = first.sudo() | claimed
        done = len(self._verdicts_of_today().check_id)
        return {
            "items": self._items(claimed),
            "done": done,
            "total": done + checks._count_waiting(),
            "next_fill": self._next_fill(),
        }

    @api.model
    def _verdicts_of_today(self):
        """:return: the user's verdicts that are in force, the last one first"""
        zone = pytz.timezone(self.env.user.tz or "UTC")
        today = datetime.combine(fields.Date.context_today(self), time.min)
        since = zone.localize(today).astimezone(pytz.utc).replace(tzinfo=None)
        verdicts = self.env["kpi.feedback.verdict"].search(
            [("user_id", "=", self.env.uid), ("create_date", ">=", since)]
        )
        return verdicts.filtered("is_in_force")

    @api.model
    def _next_fill(self):
        cron = self.env.ref("kpi_quality.ir_cron_fill_desk", raise_if_not_found=False)
        cron = cron and cron.sudo()  # nobody else reads them
        return bool(cron) and cron.active and fields.Datetime.to_string(cron.nextcall)

    # --------------------------------------------------------------------- items
    @api.model
    def _reasons(self):
        reasons = self.env["kpi.feedback.reason"].search([("kind", "!=", False)])
        return {
            kind: {
                verdict: [
                    {"id": reason.id, "name": reason.name}
                    for reason in reasons
                    if (reason.kind, reason.verdict) == (kind, verdict)
                ]
                for verdict in verdicts
            }
            for kind, verdicts in KIND_VERDICTS.items()
        }

    @api.model
    def _items(self, checks):
        """What, where, when, who, and the presses around it."""
        presses = self._presses_around(checks)
        derived = {
            model: {
                record.event_id.id: record
                for record in self.env[model]
                .sudo()  # the names of employees and customers
                .search([("event_id", "in", checks.event_id.ids)])
            }
            for model in (
                "kpi.feedback.poll",
                "kpi.force.majeure",
                "kpi.feedback.complaint",
            )
        }
        return [
            {
                **self._place(check),
                **self._content(check, derived),
                "presses": presses.get(check.id, []),
                "video": self._video(check),
            }
            for check in checks
        ]

    @api.model
    def _place(self, check):
        return {
            "id": check.id,
            "kind": check.kind,
            "point": check.point_id.name,
            "site": check.site_id.name,
            "department": check.department_id.name or "",
            "tz": check.site_id.tz,
            "moment": fields.Datetime.to_string(check.moment),
            "stop": fields.Datetime.to_string(check.stop) or False,
        }

    @api.model
    def _content(self, check, derived):
        """Of the kind of item only."""
        event_id = check.event_id.id
        if check.kind == "poll":
            poll = derived["kpi.feedback.poll"].get(event_id)
            return (
                poll
                and {
                    "employee": poll.employee_id.name or "",
                    "question": poll.question_id.text or "",
                    "answer": poll.answer,
                    "response_ms": poll.response_ms if poll.answer_event_id else False,
                }
                or {}
            )
        if check.kind == "force_majeure":
            trouble = derived["kpi.force.majeure"].get(event_id)
            return (
                trouble
                and {
                    "employee": trouble.employee_id.name or "",
                    "ended_by": trouble.ended_by,
                }
                or {}
            )
        if check.kind == "complaint":
            complaint = derived["kpi.feedback.complaint"].get(event_id)
            return (
                complaint
                and {
                    "employee": complaint.employee_id.name or "",
                    "complaint": complaint.kind,
                    "description": complaint.description or "",
                }
                or {}
            )
        return {}

    @api.model
    def _presses_around(self, checks):
        """:return: per item what was pressed at its point, and when, in seconds"""
        self.env["kpi.feedback.event"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT
                    item.id,
                    press.button,
                    press.held_ms,
                    press.id = own.id,
                    EXTRACT(EPOCH FROM press.pressed_at - item.moment)
                        + (
                            COALESCE(press.pressed_ms, 0)
                            - COALESCE(own.pressed_ms, 0)
                        ) / 1000.0
                FROM kpi_feedback_check AS item
                LEFT JOIN kpi_feedback_event AS own ON own.id = item.event_id
                JOIN kpi_feedback_event AS press
                    ON press.point_id = item.point_id
                    AND press.pressed_at >= item.moment - %(around)s
                    AND press.pressed_at
                        <= COALESCE(item.stop, item.moment) + %(around)s
                WHERE item.id = ANY(%(items)s)
                ORDER BY item.id, press.pressed_at, press.pressed_ms, press.id
                """,
                around=AROUND,
                items=checks.ids,
            )
        )
        presses = {}
        for check_id, button, held_ms, is_item, seconds in rows:
            presses.setdefault(check_id, []).append(
                {
                    "button": button,
                    "held_ms": held_ms or 0,
                    "is_item": bool(is_item),
                    "seconds": float(seconds),
                }
            )
        return presses

    @api.model
    def _video(self, check):
        """:return: ``clip``, ``archive`` (either may be missing), seconds ``before``"""
        camera = check.point_id.camera_id
        if not camera:
            return {}
        links = camera._links(check.moment, check.stop or check.moment)
        return {**links, "before": camera.seconds_before}
