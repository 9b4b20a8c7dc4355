"""pytest plugin: writes what happened to a JSON file for ``config/kpienv/testrun.py``.

Counts tests, keeps what became of each and the reason of each skip, and names the
browser tours that ran to their end. The file's path comes from ``KPI_REPORT``; without
it the plugin is idle.
"""

import json
import os
import time
from pathlib import Path

import pytest

REPORT = os.environ.get("KPI_REPORT")


# what becomes of a test that has several reports (set-up, parts): the worst
ORDER = ("passed", "skipped", "failed")


class Recorder:
    def __init__(self):
        self.tests = {}
        self.running = None
        self.in_browser = set()
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

    @staticmethod
    def _failure(report):
        """:return: where a test failed and the first lines of what it said"""
        crash = getattr(report.longrepr, "reprcrash", None)
        if not crash:
            return "\n".join(report.longreprtext.strip().split("\n")[-4:])
        lines = [line for line in crash.message.split("\n") if line.strip()][:4]
        return "\n".join([*lines, f"{crash.path}:{crash.lineno}"])

    def _note(self, report):
        known = self.tests.get(report.nodeid)
        if known and ORDER.index(report.outcome) <= ORDER.index(known[0]):
            return
        text = ""
        if report.failed:
            text = self._failure(report)
        elif report.skipped:
            text = self._reason(report)
        self.tests[report.nodeid] = [report.outcome, text]

    def pytest_runtest_logstart(self, nodeid):
        self.running = nodeid

    def pytest_runtest_logreport(self, report):
        self._note(report)
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
            self._note(report)
            self.failed.append(f"{report.nodeid} (collection)")
        elif report.skipped:
            self.skipped.append([report.nodeid, self._reason(report)])

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session, exitstatus):
        data = {
            "tests": self.tests,
            "in_browser": sorted(self.in_browser),
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
            self.in_browser.add(self.running)
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
