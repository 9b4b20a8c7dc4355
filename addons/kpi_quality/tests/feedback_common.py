"""Points of a shop, and presses at given local moments."""

from datetime import timedelta

from odoo.tests.common import freeze_time

from .common import NOW, KpiCommon


@freeze_time(NOW)
class FeedbackCommon(KpiCommon):
    """One point of each kind in the shop "Arbat", all of them of Retail.

    ===========  ============  =======================================
    ``counter``  three_button  a seller's press is an attempt and a poll
    ``desk``     seller_button  the same, without buttons for customers
    ``red``      red_button
    ``door``     counting      at the ``entrance``
    ===========  ============  =======================================
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.entrance = cls.env["kpi.site.entrance"].create(
            {"name": "Front door", "site_id": cls.shop.id}
        )
        cls.counter, cls.desk, cls.red, cls.door = (
            cls.point(name, kind=kind, **values)
            for name, kind, values in (
                ("Counter", "three_button", {}),
                ("Desk", "seller_button", {}),
                ("Red", "red_button", {}),
                ("Door", "counting", {"entrance_id": cls.entrance.id}),
            )
        )

    @classmethod
    def point(cls, name, **values):
        """A point of Retail with the standard rule: 60 s, 3 s, 3 s, 60 min."""
        point = cls.env["kpi.feedback.point"].create(
            {
                "name": name,
                "code": name.upper(),
                "site_id": cls.shop.id,
                "department_id": cls.retail.id,
                **values,
            }
        )
        if not point.rule_ids:
            cls.rule(point, "2024-01-01 00:00")
        return point

    @classmethod
    def rule(cls, point, moment, **values):
        """What the point's presses mean from a local moment on."""
        return cls.env["kpi.feedback.point.rule"].create(
            {
                "point_id": point.id,
                "valid_from": cls.utc(moment),
                "department_id": point.department_id.id,
                "seller_meaning": point.seller_meaning,
                "response_window": point.response_window,
                "long_press": point.long_press,
                "bounce": point.bounce,
                "force_majeure_limit": point.force_majeure_limit,
                **values,
            }
        )

    # --------------------------------------------------------------- presses
    @classmethod
    def press(cls, point, moment, button, held=0.2, **values):
        """One press at a local moment, whose seconds may have fractions."""
        return cls.presses(point, moment, [(0, button, held)], **values)

    @classmethod
    def presses(cls, point, moment, items, **values):
        """Presses that arrive together.

        :param moment: local, e.g. ``2025-03-05 10:00:00``
        :param items: ``(seconds after the moment, button[, held seconds])``
        :param values: further values of all of them
        """
        moment = cls.utc(moment)
        return cls.env["kpi.feedback.event"].create(
            [cls._press_values(point, moment, *item, **values) for item in items]
        )

    @classmethod
    def _press_values(cls, point, moment, seconds, button, held=0.2, **values):
        moment += timedelta(milliseconds=round(seconds * 1000))
        return {
            "point_id": point.id,
            "button": button,
            "pressed_at": moment.replace(microsecond=0),
            "pressed_ms": moment.microsecond // 1000,
            "held_ms": round(held * 1000),
            "source": "console",
            **values,
        }

    @classmethod
    def derive(cls):
        """Derive what was not derived yet, e.g. presses inserted by SQL."""
        cls.env["kpi.feedback.derivation"]._derive_pending()

    @classmethod
    def polls(cls, point, since=None):
        """What was derived at a point.

        :param since: local moment; the polls' moments are seconds after it, else local
            datetimes
        :return: ``[(moment, answer)]`` in the order of time
        """
        polls = cls.env["kpi.feedback.poll"].search(
            [("point_id", "=", point.id)], order="moment, moment_ms, id"
        )
        return [
            (cls._shown(poll.moment, poll.moment_ms, since), poll.answer)
            for poll in polls
        ]

    @classmethod
    def force_majeures(cls, point, since=None):
        """:return: ``[(start, stop, what ended it)]``, moments like in ``polls``"""
        found = cls.env["kpi.force.majeure"].search(
            [("point_id", "=", point.id)], order="start_at, start_ms, id"
        )
        return [
            (
                cls._shown(record.start_at, record.start_ms, since),
                cls._shown(record.stop_at, record.stop_ms, since),
                record.ended_by,
            )
            for record in found
        ]

    @classmethod
    def _shown(cls, moment, milliseconds, since):
        moment += timedelta(milliseconds=milliseconds)
        if since is None:
            return moment + timedelta(hours=3)
        seconds = (moment - cls.utc(since)) / timedelta(seconds=1)
        return int(seconds) if seconds.is_integer() else seconds
