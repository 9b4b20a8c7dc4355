"""``make bench``: measure the engine on generated months of a busy shop.

See README.md for what the figures mean.
"""

import argparse
import sys
import time

import bootstrap  # noqa: F401
import databases
import measure_board
import measure_engine
import measure_feedback
import measure_figures
import measure_gamification
import measure_ingest
import measure_journal
import measure_people
import measure_survey
from company import PICKERS, SELLERS
from kpienv.util import EnvError, fail
from purchases import RECEIPTS_A_DAY
from report import Report, machine, seconds
from sales import ORDERS_A_DAY
from session import connect, disconnect, environment
from timing import peak_of_backend, peak_of_process

GROWN = 4
AIM = 1.25


def parse(arguments):
    parser = argparse.ArgumentParser(prog="make bench ARGS=...", description=__doc__)
    parser.add_argument("--months", type=int, default=1, help="months of data")
    parser.add_argument("--runs", type=int, default=3, help="runs of each measurement")
    parser.add_argument(
        "--growth", action="store_true", help=f"instead: from 1 month to {GROWN}"
    )
    parser.add_argument(
        "--feedback",
        type=int,
        nargs="?",
        const=1_000_000,
        metavar="EVENTS",
        help="instead: polls out of so many presses (default a million)",
    )
    parser.add_argument(
        "--ingest", action="store_true", help="instead: presses of consoles over HTTP"
    )
    parser.add_argument(
        "--survey", action="store_true", help="instead: an internal survey of 5,000"
    )
    return parser.parse_args(arguments)


def main(arguments):
    options = parse(arguments)
    report = Report()
    started = time.monotonic()
    try:
        with databases.lock():
            if options.growth:
                grow(options, report)
            elif options.feedback:
                registry = connect(databases.plain_copy())
                with environment(registry) as env:
                    report.title(machine(env.cr))
                report.title(
                    f"polls out of {options.feedback:,} presses: ours | SELECT"
                )
                measure_feedback.feedback(
                    registry, options.feedback, options.runs, report
                )
                disconnect(registry)
            elif options.ingest:
                ingest(options, report)
            elif options.survey:
                survey(options, report)
            else:
                registry = connect(databases.working_copy(options.months))
                measure(registry, options, report)
                disconnect(registry)
    finally:
        report.show()
    print(f"\n{time.monotonic() - started:.0f} s in all")
    return 1 if report.missed else 0


def measure(registry, options, report):
    with environment(registry) as env:
        report.title(machine(env.cr))
    report.title(
        f"{options.months} month(s) of {ORDERS_A_DAY:,} orders and"
        f" {RECEIPTS_A_DAY:,} receipts a day,"
        f" {SELLERS + PICKERS} employees; medians of {options.runs}"
    )
    loaded = peak_of_process()
    window = measure_engine.whole_window(options.months)
    report.title("first fill: engine | INSERT ... SELECT | ratio")
    measure_engine.first_fill(registry, window, options.runs, report)
    measure_engine.fill(registry, window)
    report.title("recomputed, nothing changed: engine | SELECT | ratio")
    measure_engine.recompute(registry, window, options.runs, report)
    report.title("figures against plain SQL")
    measure_figures.check_figures(registry, window, report)
    report.title("scorecards and bonus run: all | few | ratio of statements")
    measure_people.scorecards_and_bonus(registry, report)
    measure_people.make_scorecards(registry)
    report.title("documents behind a figure, first page")
    measure_people.drill_down(registry, options.runs, report)
    report.title("delays board of the month")
    measure_board.board(registry, window, options.runs, report)
    report.title("scheduled runs, 800 live scorecards with them")
    measure_engine.scheduled_runs(registry, window, report)
    report.title("peak memory")
    memory(registry, window, loaded, report)
    report.title("the same figures: engine | gamification | ratio")
    measure_gamification.compare(registry, options.runs, report)
    report.title(f"{measure_journal.DOCUMENTS} orders confirmed and delivered")
    measure_journal.journal(registry, options.runs, report)


def ingest(options, report):
    database = databases.plain_copy()
    registry = connect(database)
    with environment(registry) as env:
        report.title(machine(env.cr))
    report.title(f"presses of consoles over HTTP; medians of {options.runs} runs")
    measure_ingest.ingest(registry, database, options.runs, report)
    disconnect(registry)


def survey(options, report):
    database = databases.plain_copy()
    registry = connect(database)
    with environment(registry) as env:
        report.title(machine(env.cr))
    report.title(
        f"internal survey: {measure_survey.PEOPLE:,} employees, {measure_survey.UNITS}"
        f" units, {measure_survey.ANSWERS * measure_survey.RATED:,} unit ratings"
    )
    measure_survey.survey(registry, database, options.runs, report)
    disconnect(registry)


def memory(registry, window, loaded, report):
    report.line(
        "Odoo process, loaded and at its peak",
        f"{peak_of_process():,.0f} MB",
        f"{loaded:,.0f} MB",
    )
    with environment(registry) as env:
        for code in measure_engine.measured_codes(registry):
            env["kpi.engine"]._measure(measure_engine.indicator_of(env, code), window)
        backend = peak_of_backend(env.cr)
    if backend:
        report.line("PostgreSQL process, all sources", f"{backend:,.0f} MB")


def grow(options, report):
    """From one month to several: the work per day must not rise."""
    days, taken = {}, {}
    for months in (1, GROWN):
        registry = connect(databases.working_copy(months))
        window = measure_engine.whole_window(months)
        days[months] = (window.date_to - window.date_from).days + 1
        taken[months] = measure_engine.taken(registry, window)
        disconnect(registry)
    for field, title, aim in (
        ("filled", "first fill", AIM),
        ("again", "recomputed, nothing changed", AIM),
        ("bare", "the bare SELECT", None),
    ):
        report.title(f"{title}: {GROWN} months | 1 month | ratio per day")
        few = {code: getattr(times, field) for code, times in taken[1].items()}
        many = {code: getattr(times, field) for code, times in taken[GROWN].items()}
        for code, seconds_of_one in few.items():
            _growth_line(report, code, many[code], seconds_of_one, days)
        _growth_line(
            report, "all sources", sum(many.values()), sum(few.values()), days, aim
        )


def _growth_line(report, name, many, few, days, aim=None):
    ratio = many / days[GROWN] / (few / days[1])
    report.line(name, seconds(many), seconds(few), ratio, aim)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except EnvError as error:
        sys.exit(fail(str(error)))
