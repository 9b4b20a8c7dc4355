"""Polls out of many presses, and what reads them: sources, hours, desk, signs."""

import time
from datetime import timedelta

from company import LAST_DAY, NOW
from company_feedback import LATE, insert_presses, make_shops
from measure_engine import indicator_of
from report import seconds
from session import environment
from timing import Stopwatch, alternate, peak_of_backend, peak_of_process

from odoo.tools import SQL

from odoo.addons.kpi_quality.tools.window import Window

AIM = 3.0
LATE_AIM = 1.0  # of reading all presses
SOURCES = (
    "site_visitors",
    "visitor_coverage",
    "sale_conversion",
    "dissatisfaction_staff",
    "share_asked",
)
# Rows that the reader takes from the server at a time.
CHUNK = 10_000


def feedback(registry, events, runs, report):
    """:param events: how many presses there are"""
    with environment(registry) as env:
        point_ids = make_shops(env)
        insert_presses(env, point_ids, "press", events)
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
        insert_presses(env, point_ids, "late", LATE)
        started = time.perf_counter()
        written = env["kpi.feedback.derivation"]._derive_pending()
        taken = time.perf_counter() - started
        report.line(
            f"{LATE:,} late presses: time | rows written",
            seconds(taken),
            f"{sum(written.values()):,}",
            taken / reading,
            LATE_AIM,
        )
        after = _figures(env)
        again = env["kpi.feedback.derivation"]._derive_all()
        report.check("the same as all at once", not again and before != after)
        backend = peak_of_backend(env.cr)
    if backend:
        report.line("PostgreSQL process", f"{backend:,.0f} MB")
    _read_by_others(registry, report)


def _read_by_others(registry, report):
    """The last month, as the night and those who open a board ask for it."""
    month = Window(LAST_DAY.replace(day=1), LAST_DAY, NOW)
    week = Window(LAST_DAY - timedelta(days=6), LAST_DAY, NOW)

    def timed(name, work, times=2):
        """First and again: what is unchanged is read, but not written."""
        watches = []
        for _time in range(times):
            watch = Stopwatch()
            with environment(registry) as env, watch.running(env.cr):
                work(env)
            watches.append(watch)
        report.line(
            name,
            *(seconds(watch.seconds) for watch in watches),
        )

    report.title("who reads them: first | again")
    for code in SOURCES:
        timed(
            f"{code}, a month",
            lambda env, code=code: env["kpi.engine"]._measure(
                indicator_of(env, code), month
            ),
        )
    timed(
        "hours with too few sellers, 20 shops",
        lambda env: [
            env["kpi.reader"]._thin_hours(site, month.date_from, month.date_to)
            for site in env["kpi.site"].search([("name", "=like", "Bench%")])
        ],
    )
    timed("the expert's desk filled", lambda env: env["kpi.feedback.check"]._fill())
    timed(
        "signs of foul play, a week", lambda env: env["kpi.feedback.sign"]._find(week)
    )


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
