from psycopg2.errors import SerializationFailure

from odoo.tests import tagged
from odoo.tools import SQL

from .feedback_common import FeedbackCommon


@tagged("post_install", "-at_install")
class TestFeedbackDerivation(FeedbackCommon):
    start = "2025-03-05 10:00:00"

    def test_sequence_of_the_formulas(self):
        self.presses(
            self.counter,
            self.start,
            [
                (0, "seller"),
                (12, "yes"),
                (100, "seller"),
                (170, "no"),
                (200, "seller"),
                (205, "no"),
                (207, "yes"),
                (230, "seller"),
                (300, "seller", 3.4),
                (310, "seller"),
                (330, "no"),
                (500, "seller", 4.0),
            ],
        )
        self.assertEqual(
            self.polls(self.counter, self.start),
            [(0, "yes"), (100, "silent"), (200, "no"), (230, "silent"), (310, "no")],
        )
        self.assertEqual(
            self.force_majeures(self.counter, self.start), [(300, 500, "press")]
        )
        last = self.env["kpi.feedback.poll"].search(
            [("point_id", "=", self.counter.id)], limit=1
        )
        self.assertEqual(last.force_majeure_id.ended_by, "press")
        self.assertEqual(last.response_ms, 20_000)

    # ------------------------------------------------------------------ arriving late
    def test_late_press_closes_the_poll_before(self):
        self.presses(self.counter, self.start, [(0, "seller"), (40, "no")])
        self.assertEqual(self.polls(self.counter, self.start), [(0, "no")])
        self.press(self.counter, "2025-03-05 10:00:20", "seller")
        self.assertEqual(
            self.polls(self.counter, self.start), [(0, "silent"), (20, "no")]
        )

    def test_late_answer_goes_before(self):
        self.presses(self.counter, self.start, [(0, "seller"), (40, "no")])
        self.press(self.counter, "2025-03-05 10:00:39.999", "yes")
        self.assertEqual(self.polls(self.counter, self.start), [(0, "yes")])

    def test_late_long_press_turns_the_chain(self):
        day = "2025-03-05 10:00:00"
        minutes = 60
        self.presses(
            self.counter,
            day,
            [(number * 30 * minutes, "seller", 4) for number in range(1, 5)],
        )
        self.assertEqual(
            [found[:2] for found in self.force_majeures(self.counter, day)],
            [(1_800, 3_600), (5_400, 7_200)],
        )
        self.press(self.counter, day, "seller", held=4)
        self.assertEqual(
            self.force_majeures(self.counter, day),
            [(0, 1_800, "press"), (3_600, 5_400, "press"), (7_200, 10_800, "limit")],
        )

    def test_late_long_press_moves_polls_into_force_majeure(self):
        self.presses(self.counter, self.start, [(600, "seller"), (610, "no")])
        poll = self.env["kpi.feedback.poll"].search(
            [("point_id", "=", self.counter.id)]
        )
        self.assertFalse(poll.force_majeure_id)
        self.press(self.counter, self.start, "seller", held=5)
        self.assertTrue(poll.force_majeure_id)
        self.press(self.counter, "2025-03-05 10:09:00", "over")
        self.assertFalse(poll.force_majeure_id)
        self.assertTrue(poll.exists(), "The same row all the time")

    def test_late_presses_touch_their_neighbourhood_only(self):
        """1,000 late answers among 20,000 presses write 1,000 polls."""
        values = {"company": self.company.id, "point": self.counter.id}
        insert = """
            INSERT INTO kpi_feedback_event (
                uuid, point_id, company_id, button, pressed_at, pressed_ms, held_ms,
                received_at, source
            )
            SELECT
                %(name)s || number, %(point)s, %(company)s, %(button)s,
                TIMESTAMP '2025-02-01' + number * INTERVAL '90 seconds'
                    + %(after)s * INTERVAL '1 second',
                0, 200, now(), 'console'
            FROM generate_series(1, 20000) AS number
            WHERE MOD(number, %(every)s) = 0
        """
        self.env.cr.execute(
            SQL(insert, name="s", button="seller", after=0, every=1, **values)
        )
        derivation = self.env["kpi.feedback.derivation"]
        self.assertEqual(derivation._derive_pending()["kpi.feedback.poll"], 20_000)
        before = self._xmins()
        self.env.cr.execute(
            SQL(insert, name="a", button="no", after=30, every=20, **values)
        )
        self.assertEqual(
            dict(derivation._derive_pending()), {"kpi.feedback.poll": 1000}
        )
        self.assertEqual(len(before.keys() & self._xmins().keys()), 19_000)
        self.assertFalse(derivation._derive_all(self.counter.ids))

    def _xmins(self):
        """The stored versions of the polls' rows."""
        rows = self.env.execute_query(
            SQL(
                "SELECT ctid::text, id FROM kpi_feedback_poll WHERE point_id = %s",
                self.counter.id,
            )
        )
        return dict(rows)

    # --------------------------------------------------------------------- verdicts
    def _judge(self, event, kind, verdict):
        """As the expert's desk writes it, without its queue."""
        self.env.flush_all()
        [[check_id]] = self.env.execute_query(
            SQL(
                """
                INSERT INTO kpi_feedback_check (
                    kind, event_id, point_id, company_id, site_id, moment, priority,
                    state
                )
                VALUES (
                    %(kind)s, %(event)s, %(point)s, %(company)s, %(site)s,
                    %(moment)s, 0, 'done'
                )
                ON CONFLICT (kind, event_id) WHERE event_id IS NOT NULL
                DO UPDATE SET state = 'done'
                RETURNING id
                """,
                kind=kind,
                event=event.id,
                point=event.point_id.id,
                company=event.company_id.id,
                site=event.point_id.site_id.id,
                moment=event.pressed_at,
            )
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO kpi_feedback_verdict (
                    check_id, event_id, kind, verdict, company_id, user_id
                )
                VALUES (%s, %s, %s, %s, %s, %s)
                """,
                check_id,
                event.id,
                kind,
                verdict,
                event.company_id.id,
                self.user_expert.id,
            )
        )
        self.env.invalidate_all()

    def test_verdicts_survive(self):
        press, _answer, long_press = self.presses(
            self.counter, self.start, [(0, "seller"), (9, "no"), (100, "seller", 4)]
        )
        self._judge(press, "poll", "rejected")
        self._judge(long_press, "force_majeure", "confirmed")
        self.env["kpi.feedback.derivation"]._derive_all(self.counter.ids)
        polls = self.env["kpi.feedback.poll"].search([("event_id", "=", press.id)])
        majeure = self.env["kpi.force.majeure"].search(
            [("event_id", "=", long_press.id)]
        )
        attempt = self.env["kpi.feedback.attempt"].search([("event_id", "=", press.id)])
        self.assertEqual(
            (polls.state, attempt.state, majeure.state),
            ("rejected", "rejected", "confirmed"),
        )
        self.press(self.counter, "2025-03-05 10:00:05", "yes")
        self.assertEqual((polls.answer, polls.state), ("yes", "rejected"))
        self._judge(press, "poll", "undone")
        self.env["kpi.feedback.derivation"]._derive_all(self.counter.ids)
        self.assertEqual(polls.state, "unchecked")

    def test_press_that_merges_with_a_judged_one_keeps_the_verdict(self):
        judged = self.press(self.counter, "2025-03-05 10:00:02", "seller")
        self._judge(judged, "poll", "rejected")
        first = self.press(self.counter, self.start, "seller")
        poll = self.env["kpi.feedback.poll"].search(
            [("point_id", "=", self.counter.id)]
        )
        self.assertRecordValues(poll, [{"event_id": first.id, "state": "rejected"}])

    # ---------------------------------------------------------------- place and people
    def test_rule_of_then(self):
        """A point that moves to another department, and asks no longer."""
        self.rule(
            self.counter,
            "2025-03-06 00:00",
            department_id=self.wholesale.id,
            seller_meaning="attempt",
        )
        self.press(self.counter, "2025-03-05 10:00:00", "seller")
        self.press(self.counter, "2025-03-06 10:00:00", "seller")
        poll = self.env["kpi.feedback.poll"].search(
            [("point_id", "=", self.counter.id)]
        )
        attempts = self.env["kpi.feedback.attempt"].search(
            [("point_id", "=", self.counter.id)], order="moment"
        )
        self.assertEqual(poll.department_id, self.retail)
        self.assertEqual(attempts.department_id, self.retail | self.wholesale)
        self.assertEqual(
            attempts.mapped("department_id.id"), (self.retail | self.wholesale).ids
        )

    def test_roster_completed_late(self):
        self.press(self.counter, self.start, "seller")
        poll = self.env["kpi.feedback.poll"].search(
            [("point_id", "=", self.counter.id)]
        )
        self.assertFalse(poll.employee_id)
        self.env["kpi.duty"].create(
            {
                "employee_id": self.seller.id,
                "site_id": self.shop.id,
                "point_id": self.counter.id,
                "start": self.utc("2025-03-05 09:00"),
                "stop": self.utc("2025-03-05 18:00"),
            }
        )
        written = self.env["kpi.feedback.derivation"]._derive_all(
            self.counter.ids, self.utc("2025-03-05 00:00")
        )
        self.assertEqual(
            dict(written), {"kpi.feedback.poll": 1, "kpi.feedback.attempt": 1}
        )
        self.assertEqual(poll.employee_id, self.seller)

    # ------------------------------------------------------------------- taking turns
    def test_point_taken_is_left_for_the_scheduled_action(self):
        """What somebody derived meanwhile cannot be seen: a fresh look is needed."""
        derivation = self.env["kpi.feedback.derivation"]
        cron = self.env.ref("kpi_quality.ir_cron_feedback_derive")
        triggers = self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])

        def busy(_self, point_ids, how):
            raise SerializationFailure

        self.patch(type(derivation), "_lock_turns", busy)
        self.press(self.counter, self.start, "seller")
        self.assertEqual(self.polls(self.counter), [])
        self.assertEqual(
            self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)]),
            triggers + 1,
        )

    def test_presses_inserted_by_sql_wait_for_the_scheduled_action(self):
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO kpi_feedback_event (
                    uuid, point_id, company_id, button, pressed_at, received_at, source
                )
                VALUES ('sql', %s, %s, 'seller', %s, %s, 'console')
                """,
                self.counter.id,
                self.company.id,
                self.utc(self.start),
                self.utc(self.start),
            )
        )
        self.assertEqual(self.polls(self.counter), [])
        self.env["kpi.feedback.derivation"]._cron_derive()
        self.assertEqual(self.polls(self.counter, self.start), [(0, "silent")])
        self.env.cr.execute("SELECT COUNT(*) FROM kpi_feedback_pending")
        self.assertEqual(self.env.cr.fetchone(), (0,))
