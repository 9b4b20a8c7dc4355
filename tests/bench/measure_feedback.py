"""Polls out of many presses: all, once more, and a thousand late ones."""

import time

from report import seconds
from session import environment
from timing import alternate, peak_of_backend, peak_of_process

from odoo.tools import SQL

AIM = 3.0
POINTS = 20
DAYS = 90
LATE = 1_000
# Rows that the reader takes from the server at a time.
CHUNK = 10_000


def feedback(registry, events, runs, report):
    """:param events: how many presses there are"""
    with environment(registry) as env:
        point_ids = _make_points(env)
        _insert_presses(env, point_ids, "press", events)
        env.cr.execute("TRUNCATE kpi_feedback_pending")
    _analyse(registry)
    loaded = peak_of_process()

    def read():
        with environment(registry) as env:
            started = time.perf_counter()
            _read(env)
            return time.perf_counter() - started

    def derive():
        with environment(registry) as env:
            started = time.perf_counter()
            env["kpi.feedback.derivation"]._derive_all()
            return time.perf_counter() - started

    reading = read()
    report.line(
        "first derivation, all rows written", seconds(derive()), seconds(reading)
    )
    _analyse(registry)
    derived, reading = alternate(runs, derive, read)
    report.line(
        "derived anew, nothing changed",
        seconds(derived),
        seconds(reading),
        derived / reading,
        AIM,
    )
    report.line(
        "Odoo process, loaded and at its peak",
        f"{peak_of_process():,.0f} MB",
        f"{loaded:,.0f} MB",
    )
    with environment(registry) as env:
        before = _figures(env)
        _insert_presses(env, point_ids, "late", LATE)
        started = time.perf_counter()
        written = env["kpi.feedback.derivation"]._derive_pending()
        taken = time.perf_counter() - started
        report.line(
            f"{LATE:,} late presses: time | rows written",
            seconds(taken),
            f"{sum(written.values()):,}",
        )
        after = _figures(env)
        again = env["kpi.feedback.derivation"]._derive_all()
        report.check("the same as all at once", not again and before != after)
        backend = peak_of_backend(env.cr)
    if backend:
        report.line("PostgreSQL process", f"{backend:,.0f} MB")


def _read(env):
    """All columns in the order of time, as a program that derives polls reads them."""
    with env.cr._cnx.cursor(name="kpi_bench_presses") as cursor:
        cursor.itersize = CHUNK
        cursor.execute(
            "SELECT * FROM kpi_feedback_event ORDER BY point_id, pressed_at, pressed_ms"
        )
        for _row in cursor:
            pass


def _figures(env):
    return env.execute_query(
        SQL(
            """
            SELECT answer, COUNT(*), SUM(response_ms)
            FROM kpi_feedback_poll
            GROUP BY answer
            ORDER BY answer
            """
        )
    )


def _analyse(registry):
    """As an autovacuum leaves it."""
    with environment(registry) as env:
        for table in ("event", "poll", "attempt"):
            env.cr.execute(SQL("ANALYZE %s", SQL.identifier(f"kpi_feedback_{table}")))


def _make_points(env):
    """A shop with consoles, a question, and a roster of every day."""
    company = env.company
    site = env["kpi.site"].create(
        {"name": "Bench", "kind": "shop", "tz": "Europe/Kyiv"}
    )
    department = env["hr.department"].create({"name": "Bench", "kpi_site_id": site.id})
    points = env["kpi.feedback.point"].create(
        [
            {
                "name": f"Counter {number}",
                "code": f"BENCH{number}",
                "site_id": site.id,
                "department_id": department.id,
            }
            for number in range(POINTS)
        ]
    )
    question = env["kpi.feedback.question"].create(
        {"kind": "staff", "text": "Did we serve you well?"}
    )
    env["kpi.feedback.question.period"].create(
        {
            "company_id": company.id,
            "question_id": question.id,
            "date_from": "2025-01-01",
        }
    )
    employees = env["hr.employee"].create(
        [
            {"name": f"Bench {point.code}", "department_id": department.id}
            for point in points
        ]
    )
    env.flush_all()
    env.cr.execute(
        SQL(
            """
            INSERT INTO kpi_duty (
                kind, role, employee_id, point_id, site_id, department_id, company_id,
                start, stop
            )
            SELECT
                'roster', 'seller', employee_id, point_id, %s, %s, %s,
                day + INTERVAL '6 hours', day + INTERVAL '17 hours'
            FROM UNNEST(%s, %s) AS works (employee_id, point_id)
            CROSS JOIN generate_series(
                TIMESTAMP '2025-04-02', TIMESTAMP '2025-06-30', INTERVAL '1 day'
            ) AS day
            """,
            site.id,
            department.id,
            company.id,
            employees.ids,
            points.ids,
        )
    )
    return points.ids


def _insert_presses(env, point_ids, name, count):
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
                TIMESTAMP '2025-04-02 07:00'
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
            days=DAYS,
            count=count,
        )
    )
