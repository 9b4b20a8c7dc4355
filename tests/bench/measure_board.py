"""The delays board of a month: what a manager and the lead of a warehouse wait for."""

import time
from contextlib import contextmanager
from unittest.mock import patch

from company import LAST_DAY, NOW
from report import seconds
from session import environment
from timing import Stopwatch, alternate

from odoo import fields

from odoo.addons.kpi_quality.models.kpi_delays_board import PROCESSES

AIM = 0.3  # seconds


@contextmanager
def _evening_of_last_day():
    """Late now and due next are read by Odoo's own clock."""
    with (
        patch.object(fields.Datetime, "now", lambda: NOW),
        patch.object(fields.Date, "context_today", lambda *_args, **_kwargs: LAST_DAY),
    ):
        yield


def board(registry, window, runs, report):
    """The figures of the month; what is late now is apart."""
    with environment(registry) as env:
        lead = env["hr.department"].search([("manager_id", "!=", False)])
        logins = ("bench_manager", lead.manager_id.user_id.login)
    filters = {
        "period": "custom",
        "date_from": str(window.date_from),
        "date_to": str(window.date_to),
    }
    for who, login in zip(("manager", "lead"), logins, strict=True):
        for method, aim in (("get_board", AIM), ("get_late_now", None)):
            for process in PROCESSES:
                name = f"{method} of {process}, {who}"
                watch, size = _measure(
                    registry, runs, login, method, filters | {"process": process}
                )
                report.line(
                    f"{name}: {size}",
                    seconds(watch.seconds),
                    f"{watch.statements} statements",
                    watch.seconds / aim if aim else None,
                    1.0 if aim else None,
                )


def _measure(registry, runs, login, method, filters):
    """:return: a stopwatch with the median, and what was shown"""
    watch = Stopwatch()
    sizes = []

    def call():
        with _evening_of_last_day(), environment(registry, login) as env:
            started = time.perf_counter()
            with watch.running(env.cr):
                shown = getattr(env["kpi.delays.board"], method)(filters)
            sizes.append(_size(shown))
            return time.perf_counter() - started

    call()  # caches of a server that has been up for a while
    [watch.seconds] = alternate(runs, call)
    return watch, sizes[-1]


def _size(shown):
    if "lists" in shown:
        return f"{sum(live['count'] for live in shown['lists']):,} open"
    return f"{shown['total']['due']:,} due, {shown['total']['late']:,} late"
