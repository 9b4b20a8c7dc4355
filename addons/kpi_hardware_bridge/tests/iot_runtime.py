"""Odoo's real IoT Box as a process of its own, and the web proxy before the server."""

import contextlib
import http.client
import json
import os
import pty
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from odoo.tools import config

import odoo.addons

IDENTIFIER = "test_identifier"  # how a box that is no Raspberry Pi calls itself
EVENTS = "/kpi_bridge/v1/events"

# Off a Raspberry Pi the list of handlers is empty by design, and without a default
# route a box takes itself for unconnected. Nothing else of it is touched.
SITECUSTOMIZE = """
import importlib.abc
import importlib.util
import sys
from pathlib import Path

NAME = "odoo.addons.iot_drivers.tools.helpers"


class Hook(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name != NAME:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        load = spec.loader.exec_module

        def exec_module(module):
            load(module)
            get_ip = module.get_ip
            module.get_ip = lambda: get_ip() or "127.0.0.1"
            module.get_handlers_files_to_load = lambda folder: [
                path.name for path in Path(folder).glob("*[!W].*")
            ]

        spec.loader.exec_module = exec_module
        return spec


sys.meta_path.insert(0, Hook())
"""
ODOO_BIN = "import odoo.cli\n\nif __name__ == '__main__':\n    odoo.cli.main()\n"


def wait_until(condition, what, timeout=30):
    """Wait for something that another process does."""
    deadline = time.monotonic() + timeout
    while not (result := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {timeout} s: {what}")
        time.sleep(0.02)
    return result


class Box:
    """A box in a folder that is laid out as its system's ``/home/pi``."""

    def __init__(self, home, port):
        self.home = home
        self.port = port
        self.process = None
        self.conf = home / "odoo.conf"
        self.log = home / "box.log"
        self.handlers = home / "odoo/addons/iot_drivers/iot_handlers"
        self._lay_out()
        self.console = home / "dev" / "console"
        self.console.parent.mkdir()
        self._master, self._slave = pty.openpty()
        self.console.symlink_to(os.ttyname(self._slave))
        self.write_conf()

    def _lay_out(self):
        """A checkout of Odoo as a box has it, of what our own Odoo consists of."""
        core = Path(config.root_path)
        top = self.home / "odoo"
        shutil.copytree(
            core,
            top / "odoo",
            ignore=lambda folder, names: (
                {"addons", "__pycache__", "tests"}
                if Path(folder) == core
                else {"__pycache__"}
            ),
        )
        (top / "odoo-bin").write_text(ODOO_BIN)
        found = {
            name: next(
                Path(folder, name)
                for folder in odoo.addons.__path__
                if Path(folder, name).is_dir()
            )
            for name in ("base", "web", "iot_drivers")
        }
        (top / "odoo" / "addons").mkdir()
        (top / "odoo" / "addons" / "base").symlink_to(found["base"])
        (top / "addons").mkdir()
        (top / "addons" / "web").symlink_to(found["web"])
        shutil.copytree(found["iot_drivers"], top / "addons" / "iot_drivers")
        (self.home / "site").mkdir()
        (self.home / "site" / "sitecustomize.py").write_text(SITECUSTOMIZE)

    def write_conf(self, **sections):
        """Write ``odoo.conf`` anew; the pairing in it stays when it is given."""
        sections = {
            "options": {
                "http_interface": "127.0.0.1",
                "http_port": self.port,
                "max_cron_threads": 0,
                "data_dir": self.home / "data",
                "logfile": self.log,
            },
            "kpi_bridge": {
                "identifier": IDENTIFIER,
                "folder": self.home / "kpi_bridge",
                "claims": self.console,
            },
            **sections,
        }
        self.conf.write_text(
            "\n".join(
                f"[{section}]\n"
                + "".join(f"{key} = {value}\n" for key, value in values.items())
                for section, values in sections.items()
            )
        )

    # ------------------------------------------------------------------- its life
    def start(self):
        python = os.environ.get("KPI_BOX_PYTHON", sys.executable)
        self.process = subprocess.Popen(
            [python, self.home / "odoo" / "odoo-bin"]
            + ["--config", self.conf, "--load=web,iot_drivers"],
            cwd=self.home,
            env={
                # Odoo starts itself anew by the mere name of its Python
                "PATH": f"{os.path.dirname(python)}:{os.environ['PATH']}",
                "HOME": str(self.home),
                "PYTHONPATH": str(self.home / "site"),
            },
            stdin=subprocess.DEVNULL,
            stdout=(self.home / "box.out").open("a"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.wait_for_page()

    def wait_for_page(self):
        def answers():
            if self.process.poll() is not None:
                raise AssertionError(f"the box ended\n{self.said()}")
            with contextlib.suppress(OSError, http.client.HTTPException):
                return self.call("GET", "/hw_proxy/hello") is not None

        wait_until(answers, "the box's page")

    def kill(self):
        """As a power cut ends it: without a word."""
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def close(self):
        self.kill()
        os.close(self._master)
        os.close(self._slave)

    # -------------------------------------------------------------- from outside
    def call(self, method, path, body=None):
        """:return: the answer of the box's own page, as bytes"""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        with contextlib.closing(connection):
            headers = {"Content-Type": "application/json"}
            connection.request(method, path, body and json.dumps(body), headers)
            return connection.getresponse().read()

    def pair(self, text):
        """Paste a token into the box's page, as a user does; the box starts anew."""
        answer = self.call(
            "POST", "/iot_drivers/connect_to_server", {"params": {"token": text}}
        )
        return json.loads(answer)["result"]["status"]

    def press(self, button, held_ms):
        os.write(self._master, b"P %d %04d\r\n" % (button, held_ms))

    def spooled(self):
        """:return: how many presses wait on the box's disk"""
        path = self.home / "kpi_bridge" / "spool.db"
        if not path.exists():
            return 0
        with contextlib.closing(sqlite3.connect(path, timeout=10)) as connection:
            [[count]] = connection.execute("SELECT COUNT(*) FROM press")
        return count

    def said(self):
        """:return: the end of its log"""
        parts = [self.home / name for name in ("box.out", "box.log")]
        texts = [part.read_text(errors="replace") for part in parts if part.exists()]
        return "\n".join(text[-6000:] for text in texts)

    def openings(self):
        """:return: how often it began to read the console"""
        if not self.log.exists():
            return 0
        return self.log.read_text(errors="replace").count("is read from")


class Proxy(ThreadingHTTPServer):
    """Passes requests on to the server, or has one of the accidents of a network."""

    daemon_threads = True
    allow_reuse_address = True
    PASS, CUT, LOSE, DOWN = "pass", "cut before", "answer lost", "502"

    def __init__(self, target, port=0):
        super().__init__(("127.0.0.1", port), Passage)
        self.target = urlsplit(target).netloc
        self.plan = []  # what happens to the next batches of presses
        self.mode = self.PASS
        self.arrivals = []  # of presses: moment and how many, by this process's clock
        self.answered = 0  # presses that the box was told about
        self.refused = 0
        self.paths = []
        self.passed = 0  # requests that the server has answered
        self._open = threading.Event()
        self._closed = False
        self._inside = 0
        self._changed = threading.Condition()
        threading.Thread(target=self.serve_forever, args=[0.02], daemon=True).start()

    @property
    def port(self):
        return self.server_address[1]

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def handle_error(self, request, client_address):
        """A box that was killed does not read its answer."""

    def close(self):
        self._closed = True
        self._open.set()
        self.shutdown()
        self.server_close()

    @contextlib.contextmanager
    def passing(self):
        """Let requests through to the server; after the block none is under way."""
        self._open.set()
        try:
            yield
        finally:
            self._open.clear()
            with self._changed:
                self._changed.wait_for(lambda: not self._inside, 60)

    @contextlib.contextmanager
    def inside(self):
        while True:
            self._open.wait()
            if self._closed:
                raise ConnectionAbortedError
            with self._changed:
                if self._open.is_set():
                    self._inside += 1
                    break
        try:
            yield
        finally:
            with self._changed:
                self._inside -= 1
                self._changed.notify_all()

    def note(self, **more):
        with self._changed:
            for name, value in more.items():
                setattr(self, name, getattr(self, name) + value)
            self._changed.notify_all()

    def wait_for(self, condition, what, timeout=30):
        with self._changed:
            if not self._changed.wait_for(condition, timeout):
                raise AssertionError(f"not within {timeout} s: {what}")


class Passage(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_arguments):
        pass

    def do_GET(self):
        self.pass_on()

    def do_POST(self):
        self.pass_on()

    def pass_on(self):
        proxy = self.server
        data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        moment = time.perf_counter()
        presses = json.loads(data)["events"] if self.path == EVENTS else []
        if presses:
            proxy.note(arrivals=[(moment, len(presses))])
        proxy.note(paths=[self.path])
        what = proxy.plan.pop(0) if proxy.plan and presses else proxy.mode
        if what == proxy.CUT:
            return self.cut()
        if what == proxy.DOWN or self.path == "/websocket":
            # a server in a test has no websocket
            return self.answer(502, [], b"")
        with proxy.inside():
            status, headers, answer = self.ask(data)
            proxy.note(passed=1)
        if what == proxy.LOSE:
            return self.cut()
        self.answer(status, headers, answer)
        if status == 200:
            proxy.note(answered=len(presses))
        elif presses:
            proxy.note(refused=1)

    def ask(self, data):
        connection = http.client.HTTPConnection(self.server.target, timeout=60)
        with contextlib.closing(connection):
            headers = {
                name: value
                for name, value in self.headers.items()
                if name.lower() not in ("host", "connection", "accept-encoding")
            }
            connection.request(self.command, self.path, data, headers)
            response = connection.getresponse()
            return response.status, response.getheaders(), response.read()

    def cut(self):
        self.close_connection = True

    def answer(self, status, headers, data):
        self.send_response(status)
        for name, value in headers:
            if name.lower() in ("content-type", "etag", "retry-after"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
