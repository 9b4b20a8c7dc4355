"""The server dies in the middle of a batch, again and again: sent = stored."""

import json
import os
import random
import signal
import sys
import threading
import time
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests
from kpienv import conf, procs, settings, venv

sys.path.insert(0, str(settings.ADDONS / "kpi_hardware_bridge" / "iot_handlers"))

from kpi_lib import forwarder as forwarder_module  # noqa: E402
from kpi_lib.clock import Clock  # noqa: E402
from kpi_lib.forwarder import Forwarder  # noqa: E402
from kpi_lib.pairing import Pairing  # noqa: E402
from kpi_lib.spool import Spool  # noqa: E402

PRESSES, KILLS, BATCH = 4_000, 3, 200
USER = "kpi"  # of the demo company; the password is the login


class Server:
    """An Odoo of our own on the same database."""

    def __init__(self, folder):
        self.folder = folder
        self.port = procs.free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.stack = ExitStack()

    def start(self):
        database = os.environ["KPI_E2E_DB"]
        log = self.folder / "server.log"
        self.process = self.stack.enter_context(
            procs.started(
                [venv.python(), "-m", "odoo", "server", "-d", database]
                + [f"--db-filter=^{database}$", f"--http-port={self.port}"]
                + ["--max-cron-threads=0", "--http-interface=127.0.0.1"]
                + [f"--logfile={log}", "-c", conf.file()],
                output=log.with_suffix(".out"),
            )
        )
        procs.wait_for(f"{self.url}/web/health", self.process)

    def kill(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.stack.close()


class Manager:
    """What the KPI manager does in the back office."""

    def __init__(self, server):
        self.url = server.url
        self.session = requests.Session()
        self.post(
            "/web/session/authenticate",
            db=os.environ["KPI_E2E_DB"],
            login=USER,
            password=USER,
        )

    def post(self, path, **params):
        answer = self.session.post(self.url + path, json={"params": params}).json()
        assert "error" not in answer, answer
        return answer["result"]

    def call(self, model, method, *args, **kwargs):
        return self.post(
            f"/web/dataset/call_kw/{model}/{method}",
            model=model,
            method=method,
            args=args,
            kwargs=kwargs,
        )

    def console(self):
        """:return: a new point, its console's identifier and key"""
        [site] = self.call("kpi.site", "search_read", [], ["company_id"], limit=1)
        values = {"name": "Killed", "kind": "three_button", "site_id": site["id"]}
        [point] = self.call("kpi.feedback.point", "create", [values])
        company, _name = site["company_id"]
        values = {"name": "Killed", "kind": "other", "point_id": point}
        values["company_id"] = company
        [console] = self.call("kpi.console", "create", [values])
        shown = self.call("kpi.console", "action_new_key", [console])["context"]
        [values] = self.call("kpi.console", "read", [console], ["identifier"])
        return point, values["identifier"], shown["default_key"]

    def stored(self, point):
        """:return: held times of the presses, in the order of their arrival"""
        events = self.call(
            "kpi.feedback.event",
            "search_read",
            [["point_id", "=", point]],
            ["held_ms"],
            order="id",
        )
        return [event["held_ms"] for event in events]


@pytest.fixture
def server(tmp_path):
    server = Server(tmp_path)
    server.start()
    yield server
    server.stack.close()


def device(folder, url, identifier, key) -> Forwarder:
    """A device of ours that has a key without having been paired as a box."""
    told = {"url": url, "token": "none", "database": "", "identifier": identifier}
    (folder / "pairing.json").write_text(json.dumps({**told, "keys": [key]}))
    conf_path = Path(folder, "odoo.conf")
    conf_path.write_text(
        f"[iot.box]\nremote_server = {url}\ntoken = none\n"
        f"[kpi_bridge]\nidentifier = {identifier}\nfolder = {folder}\n"
    )
    return Forwarder(Spool(folder / "spool.db", Clock()), Pairing(conf_path))


def wait_until(condition):
    deadline = time.monotonic() + 90
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_killed_in_the_middle_of_a_batch(server, tmp_path, monkeypatch):
    point, identifier, key = Manager(server).console()
    forwarder = device(tmp_path, server.url, identifier, key)
    for number in range(1, PRESSES + 1):
        forwarder.spool.add(identifier, 4, number)
    posting, post = threading.Event(), forwarder._post

    def noted_post(body):
        posting.set()
        return post(body)

    forwarder._post = noted_post
    monkeypatch.setattr(forwarder_module, "MOST", BATCH)
    forwarder._size = BATCH
    forwarder.start()
    moments, waiting = random.Random(5), []
    for _kill in range(KILLS):
        left = len(forwarder.spool)
        wait_until(lambda before=left: len(forwarder.spool) < before)
        posting.clear()
        assert posting.wait(60)
        # somewhere in a request, be it before or after its commit
        time.sleep(moments.uniform(0, 0.1))
        server.kill()
        waiting.append(len(forwarder.spool))
        server.start()
    wait_until(lambda: not len(forwarder.spool))
    forwarder.stop()
    forwarder.join(60)
    stored = Manager(server).stored(point)
    assert stored == list(range(1, PRESSES + 1))
    assert PRESSES > waiting[0] > waiting[-1] > 0  # it was under way at each kill
    print(
        f"{PRESSES} sent, {len(stored)} stored, {KILLS} kills; left at each: {waiting}"
    )
