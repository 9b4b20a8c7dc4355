"""pytest plugin: writes what happened to a JSON file for ``config/kpienv/testrun.py``.

Counts tests, keeps the reason of each skip, and names the browser tours that ran to
their end. The file's path comes from ``KPI_REPORT``; without it the plugin is idle.
"""

import json
import os
import time
from pathlib import Path

import pytest

REPORT = os.environ.get("KPI_REPORT")


class Recorder:
    def __init__(self):
        self.passed = 0
        self.failed = []
        self.skipped = []
        self.tours = []
        self.pages = []
        self.started = time.monotonic()

    @staticmethod
    def _reason(report):
        if isinstance(report.longrepr, tuple):
            return str(report.longrepr[2]).removeprefix("Skipped: ")
        return getattr(report, "wasxfail", "") or str(report.longrepr)

    def pytest_runtest_logreport(self, report):
        part = getattr(report, "context", None) is not None  # of self.subTest()
        if part and report.passed:
            return
        if report.failed:
            name = report.nodeid
            if report.when != "call":
                name += f" ({report.when})"
            self.failed.append(name)
        elif report.skipped:
            self.skipped.append([report.nodeid, self._reason(report)])
        elif report.when == "call":
            self.passed += 1

    def pytest_collectreport(self, report):
        if report.failed:
            self.failed.append(f"{report.nodeid} (collection)")
        elif report.skipped:
            self.skipped.append([report.nodeid, self._reason(report)])

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session, exitstatus):
        data = {
            "passed": self.passed,
            "failed": self.failed,
            "skipped": self.skipped,
            "tours": sorted(set(self.tours)),
            "pages": sorted(set(self.pages)),
            "seconds": round(time.monotonic() - self.started, 1),
            "exitstatus": int(exitstatus),
        }
        Path(REPORT).write_text(json.dumps(data, indent=1), encoding="utf-8")

    def watch_tours(self):
        """Note each tour and each page of JavaScript tests that did not raise."""
        try:
            from odoo.tests.common import HttpCase
        except ImportError:
            return
        original = HttpCase.start_tour

        def start_tour(case, url_path, tour_name, *args, **kwargs):
            result = original(case, url_path, tour_name, *args, **kwargs)
            self.tours.append(tour_name)
            return result

        HttpCase.start_tour = start_tour
        original_js = HttpCase.browser_js

        def browser_js(case, url_path, *args, **kwargs):
            result = original_js(case, url_path, *args, **kwargs)
            self.pages.append(url_path)
            return result

        HttpCase.browser_js = browser_js


def pytest_configure(config):
    if REPORT:
        recorder = Recorder()
        config.pluginmanager.register(recorder, "kpi-recorder")
        if config.pluginmanager.hasplugin("odoo"):
            recorder.watch_tours()
