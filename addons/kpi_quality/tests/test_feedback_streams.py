"""Random streams of presses: the database derives what the slow reference says."""

from collections import defaultdict
from datetime import datetime, timedelta
from random import Random

from odoo.tests import tagged
from odoo.tools import SQL

from ..tools.polls import Press, Rule, derive
from .feedback_common import FeedbackCommon

STREAMS = 10_000
ARRIVALS = 3
START = datetime(2025, 3, 5, 6)
BUTTONS = ("seller",) * 6 + ("yes", "no", "no", "unsure", "over", "visitor")
# Presses that follow each other: at once, within the bounce time, exactly at one of the
# limits of some rule, and later. Milliseconds.
STEPS = (0, 0, 1, 400, 500, 1_000, 2_999, 3_000, 3_001, 7_000, 20_000, 59_000, 60_000)
PAUSES = (60_001, 300_000, 600_000, 1_200_000, 3_600_000, 9_000_000)
HELD = (0, 200, 200, 200, 200, 2_999, 3_000, 4_000)


@tagged("post_install", "-at_install")
class TestFeedbackStreams(FeedbackCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.chance = Random(20_250_305)

    def test_streams_like_the_reference(self):
        """Also when they come late, twice and in disorder; and all over again."""
        streams = self._create_streams()
        arrivals = [[] for _number in range(ARRIVALS)]
        for point_id, (_rules, presses) in streams.items():
            for press in presses:
                for number in {self.chance.randrange(ARRIVALS) for _try in range(2)}:
                    arrivals[number].append((point_id, press))
        derivation = self.env["kpi.feedback.derivation"]
        for arrival in arrivals:
            self.chance.shuffle(arrival)
            self._insert(arrival)
            self.assertTrue(derivation._derive_pending())
        self._compare(streams)
        self.assertFalse(derivation._derive_all(list(streams)), "Nothing more to write")
        self._compare(streams)

    def test_press_by_press(self):
        """A long stream that arrives in disorder, a few presses at a time."""
        streams = self._create_streams(count=3, length=(300, 400))
        derivation = self.env["kpi.feedback.derivation"]
        presses = [
            (point_id, press)
            for point_id, (_rules, of_point) in streams.items()
            for press in of_point
        ]
        self.chance.shuffle(presses)
        while presses:
            few = [presses.pop() for _number in range(min(len(presses), 7))]
            self._insert(few)
            derivation._derive_pending()
        self._compare(streams)
        self.assertFalse(derivation._derive_all(list(streams)))

    # -------------------------------------------------------------------- streams
    def _create_streams(self, count=STREAMS, length=(0, 25)):
        """:return: rules and presses by point"""
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO kpi_feedback_point (
                    name, code, active, site_id, company_id, kind, seller_meaning,
                    response_window, long_press, bounce, force_majeure_limit
                )
                SELECT
                    'Stream', 'S' || number, TRUE, %(site)s, %(company)s,
                    'three_button', 'both', 60, 3, 3, 60
                FROM generate_series(1, %(count)s) AS number
                RETURNING id
                """,
                site=self.shop.id,
                company=self.company.id,
                count=count,
            )
        )
        streams = {
            point_id: (self._rules(), self._presses(self.chance.randint(*length)))
            for [point_id] in rows
        }
        self._insert_rules(
            (point_id, rule)
            for point_id, (rules, _) in streams.items()
            for rule in rules
        )
        return streams

    def _rules(self):
        rules = [self._rule(0)]
        if self.chance.random() < 0.3:
            rules.append(self._rule(self.chance.randrange(1, 4_000) * 1_000))
        return rules

    def _rule(self, valid_from):
        choice = self.chance.choice
        return Rule(
            valid_from,
            choice(("poll", "attempt", "both", "both")),
            choice((60_000, 60_000, 7_000, 500)),
            choice((3_000, 3_000, 200)),
            choice((3_000, 3_000, 500, 0)),
            choice((3_600_000, 1_200_000, 60_000)),
        )

    def _presses(self, count):
        moment, presses = self.chance.randrange(3_600_000), []
        for _number in range(count):
            is_burst = self.chance.random() < 0.8
            moment += self.chance.choice(STEPS if is_burst else PAUSES)
            presses.append(
                Press(
                    f"{self.chance.getrandbits(64):x}",
                    moment,
                    self.chance.choice(BUTTONS),
                    self.chance.choice(HELD),
                )
            )
        return presses

    # -------------------------------------------------------------------- database
    def _insert_rules(self, rules):
        columns = zip(
            *(
                (
                    point_id,
                    START + timedelta(milliseconds=rule.valid_from),
                    rule.meaning,
                    rule.window / 1_000,
                    rule.long_press / 1_000,
                    rule.bounce / 1_000,
                    rule.limit / 60_000,
                )
                for point_id, rule in rules
            ),
            strict=True,
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO kpi_feedback_point_rule (
                    point_id, valid_from, seller_meaning, response_window, long_press,
                    bounce, force_majeure_limit
                )
                SELECT *
                FROM UNNEST(%s, %s::timestamp[], %s, %s, %s, %s, %s)
                """,
                *map(list, columns),
            )
        )

    def _insert(self, presses):
        columns = zip(
            *(
                (
                    press.uuid,
                    point_id,
                    press.button,
                    START + timedelta(seconds=press.moment // 1_000),
                    press.moment % 1_000,
                    press.held,
                )
                for point_id, press in presses
            ),
            strict=True,
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO kpi_feedback_event (
                    company_id, received_at, source, uuid, point_id, button, pressed_at,
                    pressed_ms, held_ms
                )
                SELECT %s, now() AT TIME ZONE 'UTC', 'console', arrived.*
                FROM UNNEST(%s, %s, %s, %s::timestamp[], %s, %s) AS arrived
                ON CONFLICT (uuid) DO NOTHING
                """,
                self.company.id,
                *map(list, columns),
            )
        )

    # ------------------------------------------------------------------ comparison
    def _compare(self, streams):
        polls = self._read(
            """
            SELECT
                poll.point_id, event.uuid, (poll.moment, poll.moment_ms)::text,
                poll.closes_at, poll.answer, answer.uuid, poll.response_ms, opened.uuid
            FROM kpi_feedback_poll AS poll
            JOIN kpi_feedback_event AS event ON event.id = poll.event_id
            LEFT JOIN kpi_feedback_event AS answer ON answer.id = poll.answer_event_id
            LEFT JOIN kpi_force_majeure AS majeure
                ON majeure.id = poll.force_majeure_id
            LEFT JOIN kpi_feedback_event AS opened ON opened.id = majeure.event_id
            WHERE poll.point_id = ANY(%s)
            """,
            streams,
        )
        attempts = self._read(
            """
            SELECT attempt.point_id, event.uuid
            FROM kpi_feedback_attempt AS attempt
            JOIN kpi_feedback_event AS event ON event.id = attempt.event_id
            WHERE attempt.point_id = ANY(%s)
            """,
            streams,
        )
        force_majeures = self._read(
            """
            SELECT
                majeure.point_id, event.uuid,
                start_at + start_ms * INTERVAL '1 millisecond',
                stop_at + stop_ms * INTERVAL '1 millisecond', ended_by
            FROM kpi_force_majeure AS majeure
            JOIN kpi_feedback_event AS event ON event.id = majeure.event_id
            WHERE majeure.point_id = ANY(%s)
            """,
            streams,
        )
        self.assertGreater(len(polls), len(streams) // 2)
        self.assertGreater(len(force_majeures), len(streams) // 4)
        for point_id, (rules, presses) in streams.items():
            derived = derive(presses, rules)
            expected = (
                sorted(self._poll_row(poll) for poll in derived.polls),
                sorted((uuid,) for uuid in derived.attempts),
                sorted(
                    (item.uuid, at(item.start), at(item.stop), item.ended_by)
                    for item in derived.force_majeures
                ),
            )
            found = tuple(
                sorted(rows[point_id]) for rows in (polls, attempts, force_majeures)
            )
            if found != expected:
                self.assertEqual(found, expected, f"{rules}\n{presses}")

    def _poll_row(self, poll):
        moment, milliseconds = divmod(poll.moment, 1_000)
        return (
            poll.uuid,
            f'("{START + timedelta(seconds=moment)}",{milliseconds})',
            START + timedelta(seconds=-(-poll.closes // 1_000)),
            poll.answer,
            poll.answer_uuid,
            poll.response,
            poll.force_majeure,
        )

    def _read(self, query, streams):
        rows = defaultdict(list)
        for point_id, *row in self.env.execute_query(SQL(query, list(streams))):
            rows[point_id].append(tuple(row))
        return rows


def at(moment):
    return START + timedelta(milliseconds=moment)
