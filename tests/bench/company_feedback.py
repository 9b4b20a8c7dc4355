"""A chain of shops with a console each, and three months of presses."""

from odoo.tools import SQL

SHOPS = 20
SELLERS = 40  # in a shop
DAYS = 90
LATE = 1_000
FIRST_DAY = "2025-04-02"


def make_shops(env):
    """Shops with a point, sellers who attend, counted doors and a popularity study.

    One seller is on the roster of the point at a time.

    :return: ids of the points
    """
    names = [f"Bench {number:02}" for number in range(SHOPS)]
    sites = env["kpi.site"].create(
        [{"name": name, "kind": "shop", "tz": "Europe/Kyiv"} for name in names]
    )
    departments = env["hr.department"].create(
        [{"name": site.name, "kpi_site_id": site.id} for site in sites]
    )
    points = env["kpi.feedback.point"].create(
        [
            {
                "name": site.name,
                "code": site.name.replace(" ", ""),
                "site_id": site.id,
                "department_id": department.id,
            }
            for site, department in zip(sites, departments, strict=True)
        ]
    )
    entrances = env["kpi.site.entrance"].create(
        [{"name": "Door", "site_id": site.id} for site in sites]
    )
    question = env["kpi.feedback.question"].create(
        {"kind": "staff", "text": "Did we serve you well?"}
    )
    env["kpi.feedback.question.period"].create(
        {
            "company_id": env.company.id,
            "question_id": question.id,
            "date_from": "2025-01-01",
        }
    )
    employees = env["hr.employee"].create(
        [
            {
                "name": f"{department.name} {number:02}",
                "department_id": department.id,
            }
            for department in departments
            for number in range(SELLERS)
        ]
    )
    studies = env["kpi.popularity.study"].create(
        [
            {
                "name": site.name,
                "site_id": site.id,
                "valid_from": FIRST_DAY,
                "line_ids": [
                    (0, 0, {"department_id": department.id, "popularity": 0.6})
                ],
            }
            for site, department in zip(sites, departments, strict=True)
        ]
    )
    env.flush_all()
    env.cr.execute(
        SQL(
            "UPDATE kpi_popularity_study SET state = 'done' WHERE id = ANY(%s)",
            studies.ids,
        )
    )
    env.invalidate_all()
    _insert_rosters(env, points, employees[::SELLERS])
    _insert_attendance(env, employees)
    _insert_visitors(env, entrances)
    return points.ids


def _days():
    return SQL(
        "generate_series(%s::timestamp, %s::timestamp + %s, '1 day') AS day",
        FIRST_DAY,
        FIRST_DAY,
        f"{DAYS - 1} days",
    )


def _insert_rosters(env, points, employees):
    env.cr.execute(
        SQL(
            """
            INSERT INTO kpi_duty (
                kind, role, employee_id, point_id, site_id, department_id, company_id,
                start, stop
            )
            SELECT
                'roster', 'seller', works.employee_id, point.id, point.site_id,
                point.department_id, point.company_id,
                day + INTERVAL '6 hours', day + INTERVAL '17 hours'
            FROM UNNEST(%s, %s) AS works (employee_id, point_id)
            JOIN kpi_feedback_point AS point
                ON point.id = works.point_id
            CROSS JOIN %s
            """,
            employees.ids,
            points.ids,
            _days(),
        )
    )


def _insert_attendance(env, employees):
    env.cr.execute(
        SQL(
            """
            INSERT INTO hr_attendance (
                employee_id, date, check_in, check_out, in_mode, out_mode
            )
            SELECT
                employee_id,
                day::date,
                day + INTERVAL '6 hours' + MOD(employee_id, 3) * INTERVAL '1 hour',
                day + INTERVAL '15 hours' + MOD(employee_id, 3) * INTERVAL '1 hour',
                'manual',
                'manual'
            FROM UNNEST(%s) AS employee_id
            CROSS JOIN %s
            """,
            employees.ids,
            _days(),
        )
    )


def _insert_visitors(env, entrances):
    env.cr.execute(
        SQL(
            """
            INSERT INTO kpi_visitor_count (
                entrance_id, site_id, company_id, date, hour, visitors, source
            )
            SELECT
                entrance.id, entrance.site_id, entrance.company_id, day::date, hour,
                40 + MOD(entrance.id * 7 + hour * 13 + EXTRACT(DAY FROM day)::int4, 60),
                'counter'
            FROM kpi_site_entrance AS entrance
            CROSS JOIN %s
            CROSS JOIN generate_series(9, 20) AS hour
            WHERE entrance.id = ANY(%s)
            """,
            _days(),
            entrances.ids,
        )
    )


def insert_presses(env, point_ids, name, count):
    """Half of the seller, half answers, one in 400 long; ten hours of every day.

    What is drawn depends on the press's number only.
    """
    env.cr.execute(
        SQL(
            """
            INSERT INTO kpi_feedback_event (
                uuid, point_id, company_id, button, pressed_at, pressed_ms, held_ms,
                received_at, source
            )
            SELECT
                %(name)s || number,
                (%(points)s)[1 + MOD(number, %(point_count)s)],
                %(company)s,
                (ARRAY[
                    'seller', 'seller', 'seller', 'seller', 'yes', 'yes', 'no', 'unsure'
                ])[1 + ((draw >> 4) %% 8)::int4],
                %(first_day)s::timestamp + INTERVAL '7 hours'
                    + (number::int8 * %(days)s / %(count)s) * INTERVAL '1 day'
                    + (draw %% 36000) * INTERVAL '1 second',
                (draw >> 7) %% 1000,
                CASE WHEN (draw >> 9) %% 200 = 0 THEN 4000 ELSE 200 END,
                TIMESTAMP '2025-07-01',
                'console'
            FROM generate_series(0, %(count)s - 1) AS number
            CROSS JOIN LATERAL (
                SELECT ABS(HASHTEXTEXTENDED(%(name)s || number, 0)) AS draw
            ) AS drawn
            """,
            name=name,
            points=list(point_ids),
            point_count=len(point_ids),
            company=env.company.id,
            first_day=FIRST_DAY,
            days=DAYS,
            count=count,
        )
    )
