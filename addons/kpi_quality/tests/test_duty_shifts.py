from random import Random

from odoo.tests import tagged
from odoo.tests.common import freeze_time
from odoo.tools import SQL

from ..models.duty_sql import at_work, seller_of, shifts_of
from .common import NOW
from .test_duty import DutyCommon


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestShifts(DutyCommon):
    def test_between_two_changes_it_is_the_same_person(self):
        """Looking a shift up tells what looking at each moment tells."""
        for seed in range(5):
            with self.subTest(seed=seed), self.env.cr.savepoint() as savepoint:
                self._draw_duties(Random(seed))
                told = self.env.execute_query(self._both_ways(seed))
                self.assertEqual(len(told), 1500)
                self.assertFalse([row for row in told if row[2] != row[3]])
                self.assertGreater(len({row[2] for row in told}), 2)
                self.assertGreater(len({row[0] for row in told if not row[2]}), 1)
                savepoint.rollback()

    def _draw_duties(self, random):
        people = self.seller | self.seller_2 | self.wholesaler
        places = (
            {"point_id": self.counter.id},
            {"point_id": self.desk.id},
            {"department_id": self.counter.department_id.id, "point_id": False},
        )
        for _number in range(40):
            hour = random.randrange(24 * 9)
            start = f"2025-03-{1 + hour // 24:02} {hour % 24:02}:{random.choice('03')}0"
            hours = random.choice((None, 0, 1, 5, 12, 13, 70))
            stop = None
            if hours is not None:
                hour += hours
                stop = f"2025-03-{1 + hour // 24:02} {hour % 24:02}:45"
            place = random.choice(places)
            kind = random.choice(("login", "roster")) if place["point_id"] else "roster"
            self.duty(random.choice(people), start, stop, kind=kind, **place)
        for person, day in ((self.seller, 4), (self.seller_2, 6)):
            self.attend(person, f"2025-03-{day:02} 08:10", f"2025-03-{day:02} 19:20")

    def _both_ways(self, seed):
        """SQL: point, moment, and the seller by each way."""
        self.env.flush_all()
        return SQL(
            """
            WITH moment AS (
                SELECT
                    rule.id AS rule_id,
                    rule.point_id,
                    rule.department_id,
                    NULL::int4 AS employee_id,
                    TIMESTAMP '2025-02-27' + MOD(
                        ABS(HASHTEXTEXTENDED(rule.id || '-' || number, %(seed)s)),
                        13 * 86400 * 2
                    ) * INTERVAL '500 milliseconds' AS moment
                FROM kpi_feedback_point_rule AS rule
                CROSS JOIN generate_series(1, 750) AS number
                WHERE rule.point_id = ANY(%(points)s)
            ),
            shift AS (%(shifts)s)
            SELECT
                moment.point_id,
                moment.moment,
                seller.employee_id,
                COALESCE(shift.employee_id, (%(at_work)s))
            FROM moment
            LEFT JOIN shift
                ON shift.rule_id = moment.rule_id
                AND shift.since <= moment.moment
                AND shift.until > moment.moment
            %(seller)s
            """,
            seed=seed,
            points=(self.counter | self.desk).ids,
            shifts=shifts_of(
                SQL(
                    """
                    SELECT DISTINCT
                        rule_id,
                        point_id,
                        department_id,
                        DATE_TRUNC('day', moment) AS day
                    FROM moment
                    """
                )
            ),
            at_work=at_work(
                SQL("moment.point_id"),
                SQL("moment.department_id"),
                SQL("moment.moment"),
            ),
            seller=seller_of(
                SQL("moment.employee_id"),
                SQL("moment.point_id"),
                SQL("moment.department_id"),
                SQL("moment.moment"),
            ),
        )
