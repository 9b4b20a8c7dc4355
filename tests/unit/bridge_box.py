"""A server that takes presses, and a box that is paired with it."""

import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

from kpi_lib import signing
from kpi_lib.clock import Clock
from kpi_lib.forwarder import Forwarder
from kpi_lib.pairing import Pairing
from kpi_lib.spool import Spool

BOX, TOKEN = "box-1", "the token"
STORED, CUT, LOST = "stored", "cut", "answer lost"


class Odoo(ThreadingHTTPServer):
    """What the server does with a batch; ``plan`` says what happens to requests."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answer)
        self.keys = [signing.box_key(TOKEN, BOX)]
        self.plan = []  # what happens to the next requests, then all is well
        self.most = 1000
        self.poison = set()  # uuids that bring the server down
        self.rejected = set()
        self.stored = []
        self.bodies = []
        self.more = {}  # for the next answer
        threading.Thread(target=self.serve_forever, args=[0.02], daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request, client_address):
        pass  # the test cut the connection

    def take(self, body):
        results = []
        for event in body["events"]:
            if event["uuid"] in self.rejected:
                results.append({"uuid": event["uuid"], "status": "rejected"})
                continue
            known = event["uuid"] in self.stored
            if not known:
                self.stored.append(event["uuid"])
            status = "known" if known else "stored"
            results.append({"uuid": event["uuid"], "status": status})
        more, self.more = self.more, {}
        return {"results": results, "settings": {}, "commands": [], **more}


class Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_arguments):
        pass

    def do_POST(self):
        odoo = self.server
        data = self.rfile.read(int(self.headers["Content-Length"]))
        what = odoo.plan.pop(0) if odoo.plan else STORED
        if what == CUT:
            return self.cut()
        if isinstance(what, tuple):
            return self.answer(*what)
        if not any(
            self.headers[signing.HEADER] == signing.signature(key, data)
            for key in odoo.keys
        ):
            return self.answer(401, {"error": "unauthorized"})
        body = json.loads(data)
        odoo.bodies.append(body)
        if len(body["events"]) > odoo.most:
            return self.answer(413, {})
        if odoo.poison & {event["uuid"] for event in body["events"]}:
            return self.answer(500, {})
        answer = odoo.take(body)
        if what == LOST:
            return self.cut()
        return self.answer(200, answer)

    def cut(self):
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def answer(self, status, body, **headers):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)


def paired_box(tmp_path, odoo):
    """A paired box whose pauses take no time: each ``turn`` is a call."""
    conf = tmp_path / "odoo.conf"
    folder = tmp_path / "kpi_bridge"
    folder.mkdir()

    def pair(url=odoo.url, token=TOKEN):
        conf.write_text(
            f"[iot.box]\nremote_server = {url}\ntoken = {token}\n"
            f"[kpi_bridge]\nidentifier = {BOX}\nfolder = {folder}\n"
        )

    pair()
    made = SimpleNamespace(conf=conf, folder=folder, pair=pair, commands=[])

    def start():
        made.pairing = Pairing(conf)
        made.spool = Spool(folder / "spool.db", Clock())
        made.forwarder = Forwarder(
            made.spool, made.pairing, on_command=made.commands.append
        )
        made.turn = made.forwarder.turn

    def press(count=1):
        return [made.spool.add("c", 1, 100).uuid for _time in range(count)]

    def drain(most=100):
        turns = 0
        while len(made.spool) and turns < most:
            made.turn()
            turns += 1
        return turns

    made.start, made.press, made.drain = start, press, drain
    start()
    return made
