"""Polls as the derivation leaves them, without pressing buttons for each."""

from datetime import timedelta
from itertools import count

from odoo.tools import SQL

from .feedback_common import FeedbackCommon


class PollCommon(FeedbackCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.numbers = count(1)
        cls.questions = {
            kind: cls.env["kpi.feedback.question"].create(
                {"kind": kind, "text": f"Are you pleased with {kind}?"}
            )
            for kind in ("staff", "office", "recommend")
        }

    @classmethod
    def add_polls(cls, answers, moment="2025-03-05 10:00:00", **values):
        """Polls that begin at a local moment, one each minute.

        :param answers: ``{answer: how many}`` or a list
        :param values: of the polls; ``kind`` of the question (staff), ``point``
        :return: the polls
        """
        if isinstance(answers, dict):
            answers = [key for key, number in answers.items() for _n in range(number)]
        point = values.pop("point", cls.counter)
        kind = values.pop("kind", "staff")
        tz = values.pop("tz", "Europe/Moscow")
        start = cls.utc(moment, tz)
        rows = []
        for number, answer in enumerate(answers):
            pressed = start + timedelta(minutes=number)
            rows.append(
                {
                    "event_id": cls._add_event(point, pressed),
                    "point_id": point.id,
                    "company_id": point.company_id.id,
                    "site_id": point.site_id.id,
                    "department_id": point.department_id.id or None,
                    "employee_id": cls.seller.id,
                    "moment": pressed,
                    "closes_at": pressed + timedelta(seconds=60),
                    "question_id": cls.questions[kind].id if kind else None,
                    "question_kind": kind,
                    "answer": answer,
                    "state": "unchecked",
                    **values,
                }
            )
        return cls._insert(cls.env["kpi.feedback.poll"], rows)

    @classmethod
    def force_majeure(cls, moment, hours=1, state="confirmed", point=None):
        start = cls.utc(moment)
        point = point or cls.counter
        return cls._insert(
            cls.env["kpi.force.majeure"],
            [
                {
                    "event_id": cls._add_event(point, start),
                    "point_id": point.id,
                    "company_id": point.company_id.id,
                    "site_id": point.site_id.id,
                    "department_id": point.department_id.id or None,
                    "start_at": start,
                    "stop_at": start + timedelta(hours=hours),
                    "ended_by": "limit",
                    "state": state,
                }
            ],
        )

    @classmethod
    def _add_event(cls, point, moment):
        events = cls.env["kpi.feedback.event"]
        return cls._insert(
            events,
            [
                {
                    "uuid": f"poll-{next(cls.numbers)}",
                    "point_id": point.id,
                    "company_id": point.company_id.id,
                    "button": "seller",
                    "pressed_at": moment,
                    "pressed_ms": 0,
                    "held_ms": 200,
                    "received_at": moment,
                    "source": "console",
                }
            ],
        ).id

    @classmethod
    def _insert(cls, model, rows):
        """By SQL, as the derivation does."""
        model.env.flush_all()
        ids = []
        for row in rows:
            [[row_id]] = model.env.execute_query(
                SQL(
                    "INSERT INTO %s (%s) VALUES %s RETURNING id",
                    SQL.identifier(model._table),
                    SQL(", ").join(map(SQL.identifier, row)),
                    tuple(row.values()),
                )
            )
            ids.append(row_id)
        model.invalidate_model(flush=False)
        return model.browse(ids)
