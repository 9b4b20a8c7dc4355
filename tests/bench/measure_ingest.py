"""Presses of consoles over HTTP: what a batch costs, and how many a server takes."""

import http.client
import json
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count, cycle
from statistics import median, quantiles

import databases
from kpienv import procs, settings, venv
from report import seconds
from session import environment

from odoo.tools import SQL

AIM = 2.0
WORKERS = 2
# Requests at once, and consoles that press in turn: each at a point of its own.
CLIENTS = 8
CONSOLES = 200
BATCH = 100
# Requests of a run of what is compared, and seconds of what is sustained.
REQUESTS = 60
DURATION = 8
EVENTS = "/kpi_bridge/v1/events"
# How else a machine would post to Odoo: with an API key.
API = "/json/2/res.users/context_get"
# A browser's request that is authenticated, reads its body, and finds nothing in it.
EMPTY = "/kpi_quality/journal/opened"
JSON = {"Content-Type": "application/json"}
# Without the name Odoo asks for the list of databases first, but not for a session.
DEVICE = {**JSON, "X-Odoo-Database": databases.WORKING}
BUTTONS = ("seller", "yes", "seller", "no", "seller", "unsure", "seller", "seller")
LOGIN = "admin"


def ingest(registry, database, runs, report):
    """:param registry: of a database with the add-ons and nothing in them"""
    keys = make_consoles(registry)
    api_key = make_api_key(registry)
    with serving(database) as port:
        session = log_in(port)
        consoles = [Console(port, *item) for item in keys]
        first, second, *others = consoles
        bearer = {"Authorization": f"bearer {api_key}", **DEVICE}
        tasks = {
            "batch": lambda: first.send(BATCH),
            "heartbeat": lambda: first.send(0),
            "empty POST with an API key": lambda: post(port, API, b"{}", bearer),
            "empty POST of a session": lambda: session.post(EMPTY, b""),
        }
        taken = {name: [] for name in tasks}
        for task in tasks.values():
            task()  # what is loaded once
        for run in range(runs):
            for name in list(tasks)[:: -1 if run % 2 else 1]:
                taken[name] += timed(tasks[name])
        medians = {name: median(times) for name, times in taken.items()}
        for ours, title in (
            ("batch", f"signed batch of {BATCH} presses"),
            ("heartbeat", "signed heartbeat"),
        ):
            for other in list(tasks)[2:]:
                has_aim = ours == "batch" and "API" in other
                report.line(
                    f"{title} | {other}",
                    seconds(medians[ours]),
                    seconds(medians[other]),
                    medians[ours] / medians[other],
                    AIM if has_aim else None,
                )
        second.send(1)
        times = timed(lambda: second.send(1))
        report.line(
            "one press, polls derived: median | 95 of 100 within",
            seconds(median(times)),
            seconds(quantiles(times, n=20)[-1]),
        )
        for size in (1, BATCH):
            presses = sustained(others, size)
            report.line(
                f"sustained, {WORKERS} workers, {CONSOLES} consoles, {size} a request",
                f"{presses / DURATION:,.0f} /s",
            )
    sent = sum(console.sent for console in consoles)
    with environment(registry) as env:
        report.check("presses sent and stored", stored(env) == sent)
        started = time.perf_counter()
        written = env["kpi.feedback.derivation"]._derive_pending()
        report.line(
            "polls of what was left to the scheduled action: time | rows",
            seconds(time.perf_counter() - started),
            f"{sum(written.values()):,}",
        )


# -------------------------------------------------------------------------- the devices
class Console:
    """A device that presses in order, as fast as it is answered."""

    def __init__(self, port, identifier, key):
        self.port = port
        self.identifier = identifier
        self.key = key
        self.sent = 0
        self.began = time.monotonic()
        self.numbers = count()

    def send(self, size):
        from odoo.addons.kpi_hardware_bridge.tools.signing import sign

        uptime = time.monotonic() - self.began
        body = json.dumps(
            {
                "sender": self.identifier,
                "sent_at": datetime.now(UTC).isoformat(),
                "boot_id": self.identifier,
                "sent_boottime": uptime,
                "events": [self.press(uptime) for _press in range(size)],
            }
        ).encode()
        reply = post(
            self.port,
            EVENTS,
            body,
            {"X-KPI-Signature": sign(self.key, body), **DEVICE},
        )
        statuses = [result["status"] for result in json.loads(reply)["results"]]
        if statuses != ["stored"] * size:
            raise RuntimeError(f"not stored: {reply!r}")
        self.sent += size

    def press(self, uptime):
        number = next(self.numbers)
        return {
            "uuid": f"{self.identifier}-{number:012}",
            "button": BUTTONS[number % len(BUTTONS)],
            "boot_id": self.identifier,
            "boottime": uptime,
            "held_ms": 120,
        }


class Session:
    """A browser that is logged in."""

    def __init__(self, port, cookie):
        self.port = port
        self.headers = {"Cookie": cookie, **JSON}

    def post(self, path, body):
        return post(self.port, path, body, self.headers, expected=400)


def log_in(port):
    body = json.dumps(
        {"params": {"db": databases.WORKING, "login": LOGIN, "password": LOGIN}}
    )
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request(
        "POST",
        "/web/session/authenticate",
        body,
        JSON,
    )
    answer = connection.getresponse()
    if b'"uid"' not in answer.read():
        raise RuntimeError("nobody is logged in")
    return Session(port, answer.headers["Set-Cookie"].split(";")[0])


def post(port, path, body, headers, expected=200):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        text = answer.read()
    finally:
        connection.close()
    if answer.status != expected:
        raise RuntimeError(f"{path}: {answer.status} {text[:200]!r}")
    return text


def timed(send, requests=REQUESTS):
    times = []
    for _request in range(requests):
        started = time.perf_counter()
        send()
        times.append(time.perf_counter() - started)
    return times


def sustained(consoles, size):
    """Some consoles at once, all of them in turn.

    :return: presses stored in ``DURATION`` seconds
    """
    before = sum(console.sent for console in consoles)
    until = time.monotonic() + DURATION
    failures = []

    def press(mine):
        try:
            while time.monotonic() < until:
                next(mine).send(size)
        except Exception as error:
            failures.append(error)

    threads = [
        threading.Thread(target=press, args=(cycle(consoles[number::CLIENTS]),))
        for number in range(CLIENTS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return sum(console.sent for console in consoles) - before


# --------------------------------------------------------------------------- the server
def make_consoles(registry):
    """:return: ``[(identifier, key)]``, each console at a point of its own"""
    with environment(registry) as env:
        env["ir.config_parameter"].set_param(
            "kpi_hardware_bridge.requests_per_minute", str(10**6)
        )
        site = env["kpi.site"].create({"name": "Bench", "kind": "shop"})
        department = env["hr.department"].create(
            {"name": "Bench", "kpi_site_id": site.id}
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
        points = env["kpi.feedback.point"].create(
            [
                {
                    "name": f"Counter {number}",
                    "site_id": site.id,
                    "department_id": department.id,
                }
                for number in range(CONSOLES)
            ]
        )
        consoles = env["kpi.console"].create(
            [{"name": point.name, "point_id": point.id} for point in points]
        )
        return [
            (console.identifier, console.action_new_key()["context"]["default_key"])
            for console in consoles
        ]


def make_api_key(registry):
    with environment(registry, LOGIN) as env:
        return env["res.users.apikeys"]._generate(None, "Bench", None)


@contextmanager
def serving(database):
    """An Odoo with workers, as in production. Gives its port."""
    port, other = procs.free_port(), procs.free_port()
    log = databases.LOGS / "ingest.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [
        *(venv.python(), "-m", "odoo", "server", "-d", database),
        *(f"--db-filter=^{database}$", f"--workers={WORKERS}"),
        *("--max-cron-threads=0", "--http-interface=127.0.0.1"),
        *(f"--http-port={port}", f"--gevent-port={other}"),
        *("--log-level=warn", f"--logfile={log}"),
    ]
    output = log.with_name("ingest.out")
    with procs.started(command, output=output, cwd=settings.REPO) as process:
        procs.wait_for(f"http://127.0.0.1:{port}/web/health", process)
        yield port


def stored(env):
    [[number]] = env.execute_query(SQL("SELECT COUNT(*) FROM kpi_feedback_event"))
    return number
