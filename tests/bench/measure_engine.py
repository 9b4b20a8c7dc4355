"""The engine against the bare SQL of the same sources, and its scheduled runs."""

import time
from typing import NamedTuple

from company import LAST_DAY, NOW, month_starts
from report import seconds
from session import environment
from timing import Stopwatch, alternate, processor_seconds

from odoo.tools import SQL

from odoo.addons.kpi_quality.models.kpi_engine_documents import KEY
from odoo.addons.kpi_quality.models.kpi_measurement import FIGURES
from odoo.addons.kpi_quality.tools.window import Window

AIM = 1.25
COLUMNS = SQL(", ").join(map(SQL.identifier, KEY + FIGURES))


def whole_window(months):
    return Window(month_starts(months)[0], LAST_DAY, NOW)


def measured_codes(registry):
    """:return: codes of the indicators that the engine measures from documents"""
    with environment(registry) as env:
        indicators = env["kpi.indicator"].search([("state", "=", "active")])
        return [i.code for i in indicators if i.source not in ("formula", "manual")]


def indicator_of(env, code):
    return env["kpi.indicator"].search([("code", "=", code)])


def _timed(registry, work):
    """:return: seconds of work in a transaction, its commit included"""
    started = time.perf_counter()
    with environment(registry) as env:
        work(env)
    return time.perf_counter() - started


def _measure(registry, code, window):
    return _timed(
        registry,
        lambda env: env["kpi.engine"]._measure(indicator_of(env, code), window),
    )


def _bare(registry, code, window, wrap):
    """Run the source's own SELECT, prepared outside of the measured time."""
    with environment(registry) as env:
        indicator = indicator_of(env, code)
        query = wrap(indicator, env["kpi.engine"]._atoms(indicator, window))
        started = time.perf_counter()
        env.cr.execute(query)
        env.cr.commit()
        return time.perf_counter() - started


def fill(registry, window):
    with environment(registry) as env:
        env.cr.execute("TRUNCATE kpi_measurement")
    for code in measured_codes(registry):
        _measure(registry, code, window)
    _vacuum(registry)


def _vacuum(registry):
    """What autovacuum does within a minute."""
    with registry.cursor() as cr:
        cr.commit()
        cr._cnx.autocommit = True
        cr.execute("VACUUM ANALYZE kpi_measurement")
        cr._cnx.autocommit = False


# --------------------------------------------------------------------- first fill
TWIN = """
    CREATE TABLE bench_measurement (LIKE kpi_measurement INCLUDING ALL)
"""
TWIN_KEYS = """
    SELECT
        'ALTER TABLE bench_measurement ADD CONSTRAINT bench_' || conname || ' '
            || pg_get_constraintdef(oid)
    FROM pg_constraint
    WHERE conrelid = 'kpi_measurement'::regclass
        AND contype = 'f'
"""


def make_twin(registry):
    """An empty table with the same columns, constraints, foreign keys and indexes."""
    with environment(registry) as env:
        env.cr.execute("DROP TABLE IF EXISTS bench_measurement")
        env.cr.execute(TWIN)
        env.cr.execute(TWIN_KEYS)
        for [statement] in env.cr.fetchall():
            env.cr.execute(SQL(statement))


def _insert(indicator, atoms):
    return SQL(
        "INSERT INTO bench_measurement (indicator_id, %(columns)s)"
        " SELECT %(indicator)s, %(columns)s FROM (%(atoms)s) AS atom",
        columns=COLUMNS,
        indicator=indicator.id,
        atoms=atoms,
    )


def first_fill(registry, window, runs, report):
    """Into an empty table: the engine against INSERT ... SELECT."""
    make_twin(registry)
    totals = [0.0, 0.0]
    for code in measured_codes(registry):

        def ours(code=code):
            _truncate(registry, "kpi_measurement")
            return _measure(registry, code, window)

        def theirs(code=code):
            _truncate(registry, "bench_measurement")
            return _bare(registry, code, window, _insert)

        medians = alternate(runs, ours, theirs)
        totals = [total + value for total, value in zip(totals, medians, strict=True)]
        _compare_line(report, code, *medians)
    _compare_line(report, "all sources", *totals, aim=AIM)


def _truncate(registry, table):
    with environment(registry) as env:
        env.cr.execute(SQL("TRUNCATE %s", SQL.identifier(table)))


def _compare_line(report, name, ours, bare, aim=None):
    report.line(name, seconds(ours), seconds(bare), ours / bare, aim)


# ---------------------------------------------------------------------- recompute
def _sums(_indicator, atoms):
    """The sums make the planner compute all columns; the rows stay in the server."""
    return SQL(
        """
        SELECT
            COUNT(*), SUM(numerator), SUM(denominator), SUM(squares), SUM(sample)
        FROM (%s) AS atom
        """,
        atoms,
    )


def recompute(registry, window, runs, report):
    """Nothing changed: the engine against the bare SELECT of the atoms."""
    totals = [0.0, 0.0]
    for code in measured_codes(registry):
        medians = alternate(
            runs,
            lambda code=code: _measure(registry, code, window),
            lambda code=code: _bare(registry, code, window, _sums),
        )
        totals = [total + value for total, value in zip(totals, medians, strict=True)]
        _compare_line(report, code, *medians)
    _compare_line(report, "all sources", *totals, aim=AIM)
    return totals


class Taken(NamedTuple):
    """Seconds of work that a source took."""

    filled: float
    again: float
    bare: float


def taken(registry, window):
    """First fill, recomputation and the bare SELECT of each source.

    In seconds of the processor: minutes lie between the months that are compared, in
    which the machine may become busy.

    :rtype: dict[str, Taken]
    """
    codes = measured_codes(registry)
    _truncate(registry, "kpi_measurement")

    def measure(env, code):
        env["kpi.engine"]._measure(indicator_of(env, code), window)

    def select(env, code):
        indicator = indicator_of(env, code)
        env.cr.execute(
            _sums(indicator, env["kpi.engine"]._atoms(indicator, window)),
        )

    filled = {code: _worked(registry, measure, code) for code in codes}
    _vacuum(registry)
    return {
        code: Taken(
            filled[code],
            _worked(registry, measure, code),
            _worked(registry, select, code),
        )
        for code in codes
    }


def _worked(registry, work, code):
    """:return: seconds of the processor, without helpers of the server's process"""
    with environment(registry) as env:
        env.cr.execute("SET LOCAL max_parallel_workers_per_gather = 0")
        before = processor_seconds(env.cr)
        work(env, code)
        env.flush_all()
        return processor_seconds(env.cr) - before


# ------------------------------------------------------------------ scheduled runs
CHANGES = (
    """
    UPDATE account_move
    SET amount_untaxed_signed = amount_untaxed_signed * 1.1
    WHERE id %% 100 = 0 AND invoice_date BETWEEN %(date_from)s AND %(date_to)s
    """,
    """
    UPDATE sale_order
    SET state = 'cancel'
    WHERE id %% 100 = 0 AND date_order >= %(utc_from)s AND date_order < %(utc_to)s
    """,
    """
    UPDATE stock_move
    SET kpi_done_at = kpi_done_at + INTERVAL '5 hours'
    WHERE id %% 100 = 0 AND kpi_due_at >= %(utc_from)s AND kpi_due_at < %(utc_to)s
    """,
    """
    UPDATE stock_picking
    SET
        kpi_arrived_at = kpi_arrived_at - INTERVAL '2 hours',
        kpi_delivered_at = kpi_delivered_at + INTERVAL '2 hours'
    WHERE id %% 100 = 0 AND (
        kpi_arrived_at >= %(utc_from)s AND kpi_arrived_at < %(utc_to)s
        OR kpi_delivered_at >= %(utc_from)s AND kpi_delivered_at < %(utc_to)s
    )
    """,
)
SLOWEST = 5


def scheduled_runs(registry, window, report):
    """Today's run, a quiet night, and a night after 1 % of the documents changed."""
    watch = Stopwatch()

    def run(method):
        with environment(registry) as env, watch.running(env.cr):
            getattr(env["kpi.indicator"], method)()
        return f"{watch.statements} statements"

    for name, method in (
        ("every 15 minutes: today", "_cron_measure_today"),
        ("first night (fixes the days)", "_cron_measure_night"),
        ("night, nothing changed", "_cron_measure_night"),
    ):
        statements = run(method)
        report.line(name, seconds(watch.seconds), statements)
        if method == "_cron_measure_today":
            _show_slowest(registry, report)
    changed = 0
    with environment(registry) as env:
        for query in CHANGES:
            env.cr.execute(
                SQL(
                    query,
                    date_from=window.date_from,
                    date_to=window.date_to,
                    utc_from=window.utc_from,
                    utc_to=window.utc_to,
                )
            )
            changed += env.cr.rowcount
        before = env["kpi.measurement.change"].search_count([])
    _vacuum(registry)
    statements = run("_cron_measure_night")
    with environment(registry) as env:
        recorded = env["kpi.measurement.change"].search_count([]) - before
        failed = env["kpi.indicator"].search([("error_message", "!=", False)])
    report.line(
        f"night, {changed:,} documents changed", seconds(watch.seconds), statements
    )
    report.line("changes of past days recorded", f"{recorded:,}")
    report.check("no indicator failed", not failed)


def _show_slowest(registry, report):
    """Today once more, by source: nothing has changed since the run."""
    with environment(registry) as env:
        today = env["kpi.engine"]._today_window()
    taken = {code: _measure(registry, code, today) for code in measured_codes(registry)}
    for code in sorted(taken, key=taken.get, reverse=True)[:SLOWEST]:
        report.line(f"  of it {code}", seconds(taken[code]))
