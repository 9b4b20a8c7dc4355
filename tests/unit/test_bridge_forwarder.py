"""Presses reach the server once each, whatever becomes of the requests."""

import hashlib
import hmac
import importlib.util
import json
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

from kpi_lib import forwarder as forwarder_module
from kpi_lib import signing
from kpi_lib.bridge import Bridge
from kpi_lib.clock import Clock
from kpi_lib.forwarder import LONGEST_DELAY, Forwarder
from kpi_lib.pairing import Pairing
from kpi_lib.spool import Spool
from pytest import fixture, mark

ROOT = Path(__file__).resolve().parents[2]
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
        threading.Thread(target=self.serve_forever, daemon=True).start()

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


@fixture
def odoo():
    server = Odoo()
    yield server
    server.shutdown()
    server.server_close()


@fixture
def box(tmp_path, odoo):
    """A paired box whose pauses take no time."""
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
    yield made
    made.spool.close()


def load(path):
    spec = importlib.util.spec_from_file_location("theirs", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_both_sides_sign_alike():
    theirs = load(ROOT / "addons" / "kpi_hardware_bridge" / "tools" / "signing.py")
    body = '{"sender": "é"}'.encode()
    expected = hmac.new(b"abc", body, hashlib.sha256).hexdigest()
    assert signing.signature("abc", body) == f"sha256={expected}"
    assert theirs.is_signed("abc", body, signing.signature("abc", body))
    assert signing.next_key("abc", "nonce") == theirs.next_key("abc", "nonce")
    assert signing.box_key(TOKEN, BOX) == theirs.digest(TOKEN, BOX)


def test_what_is_said(box, odoo):
    [uuid] = box.press()
    box.turn()
    [body] = odoo.bodies
    [event] = body.pop("events")
    assert body["sender"] == BOX
    assert (body["queue"], body["dropped"], body["version"]) == (0, 0, "1.0.0")
    assert event["boot_id"] == body["boot_id"]
    assert 0 <= body["sent_boottime"] - event["boottime"] - 0.1 < 5
    assert event["at"] < body["sent_at"]  # the same clock, the same form
    assert {
        key: event[key] for key in ("uuid", "console", "button", "held_ms", "seq")
    } == {
        "uuid": uuid,
        "console": "c",
        "button": 1,
        "held_ms": 100,
        "seq": 1,
    }


def test_a_heartbeat_a_minute(box, odoo, monkeypatch):
    assert 59 < box.turn() <= 60
    assert [body["events"] for body in odoo.bodies] == [[]]
    assert 59 < box.turn() <= 60  # nothing is due
    assert len(odoo.bodies) == 1
    monkeypatch.setattr(forwarder_module, "HEARTBEAT", 0)
    box.turn()
    assert len(odoo.bodies) == 2


def test_all_that_can_go_wrong_with_a_request(box, odoo):
    """Sent = stored, none twice, in their order."""
    sent = box.press(80)
    html = b"<html>Welcome to the shop's WLAN</html>"
    odoo.plan = [
        CUT,
        LOST,  # it stored all of them, and the box does not know
        (502, {}),
        (503, {}),
        (200, html),
        (200, {"result": "ok"}),
        (200, b"[]"),
        (302, {}),
        (404, {}),
        (429, {}),
    ]
    turns = box.drain()
    assert turns == 11
    assert odoo.stored == sent
    assert len(box.spool) == 0
    sent += box.press(20)
    box.drain()
    assert odoo.stored == sent


def test_killed_and_restarted_offline(box, odoo):
    """Eighty presses across two kills, the second life without a network."""
    sent = box.press(30)
    odoo.plan = [LOST]
    box.turn()
    box.start()  # nobody closed anything
    odoo.plan = [CUT] * 3
    sent += box.press(30)
    for _time in range(3):
        box.turn()
    box.start()
    sent += box.press(20)
    box.drain()
    assert (odoo.stored, len(sent), len(box.spool)) == (sent, 80, 0)


def test_only_answered_rows_go(box, odoo):
    sent = box.press(10)
    answers = [
        {"uuid": sent[0], "status": "stored"},
        {"uuid": sent[3], "status": "rejected", "reason": "button"},
        {"uuid": sent[5], "status": "perhaps"},
        {"uuid": "of somebody else", "status": "stored"},
        {"status": "stored"},
        "nonsense",
        {"uuid": ["no", "text"], "status": "stored"},
    ]
    odoo.plan = [(200, {"results": answers})]
    box.turn()
    assert [press.uuid for press in box.spool.batch(100)] == [
        uuid for place, uuid in enumerate(sent) if place not in (0, 3)
    ]
    assert box.forwarder.trouble
    box.drain()
    assert sorted(odoo.stored) == sorted(set(sent) - {sent[0], sent[3]})


def test_a_rejected_press_does_not_stop_the_others(box, odoo):
    sent = box.press(50)
    odoo.rejected = {sent[7]}
    assert box.drain() == 1
    assert odoo.stored == [uuid for uuid in sent if uuid != sent[7]]


def test_a_press_that_brings_the_server_down_waits_behind_the_others(box, odoo):
    sent = box.press(50)
    odoo.poison = {sent[20]}
    for _turn in range(30):
        box.turn()
    assert odoo.stored == [uuid for uuid in sent if uuid != sent[20]]
    assert [press.uuid for press in box.spool.batch(10)] == [sent[20]]
    odoo.poison = set()  # somebody mended the server
    box.drain()
    assert set(odoo.stored) == set(sent)


def test_a_proxy_that_takes_less(box, odoo):
    odoo.most = 30
    sent = box.press(200)
    box.drain()
    assert odoo.stored == sent


def test_a_wrong_secret_keeps_its_rows(box, odoo):
    odoo.keys = [signing.box_key("another token", BOX)]
    sent = box.press(30)
    for _time in range(5):
        box.turn()
    assert (odoo.stored, len(box.spool)) == ([], 30)
    assert box.forwarder.trouble == "answer 401"
    box.pair(token="another token")  # paired anew
    box.drain()
    assert odoo.stored == sent


def test_not_paired(box, odoo):
    box.conf.write_text("[options]\n")
    (box.folder / "pairing.json").unlink()
    box.start()
    sent = box.press(3)
    assert box.turn() == 60
    assert (odoo.bodies, len(box.spool)) == ([], 3)
    box.pair()
    box.drain()
    assert odoo.stored == sent


@mark.parametrize("text", ["", "[iot.box]\n", "[iot.box\nremote_", "\0" * 4096])
def test_a_power_cut_takes_the_configuration(box, odoo, text, monkeypatch):
    monkeypatch.setattr("kpi_lib.conf.FOLDER", str(box.folder))
    box.conf.write_text(text)
    box.start()
    sent = box.press(5)
    box.drain()
    assert odoo.stored == sent


def test_the_next_key(box, odoo):
    odoo.more = {"rotate": "nonce"}
    box.turn()
    odoo.keys = [signing.next_key(odoo.keys[0], "nonce")]  # the old one is void
    odoo.more = {"rotate": "nonce"}  # told once more, which changes nothing
    sent = box.press(2)
    box.drain()
    assert odoo.stored == sent
    box.start()  # it is on the disk
    sent += box.press(2)
    box.drain()
    assert odoo.stored == sent


def test_the_next_key_is_not_used_when_the_disk_refuses(box, odoo, monkeypatch):
    def refuse(*_arguments, **_options):
        raise OSError("No space left on device")

    monkeypatch.setattr("kpi_lib.pairing.os.fsync", refuse)
    odoo.more = {"rotate": "nonce"}
    box.turn()
    sent = box.press(2)
    box.drain()
    assert odoo.stored == sent


def test_a_server_that_was_restored_from_a_backup(box, odoo):
    """It knows the first key only; the box tries what it had."""
    first = odoo.keys
    odoo.more = {"rotate": "nonce"}
    box.turn()
    odoo.keys = [signing.next_key(first[0], "nonce")]
    box.turn()
    odoo.keys = first
    sent = box.press(3)
    assert box.drain() == 2
    assert odoo.stored == sent


def test_commands_are_carried_out_once(box, odoo):
    for commands in (
        [{"id": "a", "name": "test"}],
        [{"id": "a", "name": "test"}, {"id": "b", "name": "restart"}],
        ["nonsense", {"id": "c"}],
    ):
        odoo.more = {"commands": commands}
        box.press()
        box.turn()
    box.start()
    odoo.more = {"commands": [{"id": "b", "name": "restart"}]}
    box.turn()
    assert box.commands == ["test", "restart"]


def test_settings_say_what_is_a_console(box, odoo):
    odoo.more = {"settings": {"claims": ["1a86:7523"]}}
    box.turn()
    box.start()
    assert box.pairing.claims == ("1a86:7523",)


def test_pauses_grow_to_a_minute_and_are_not_in_step(box, odoo):
    odoo.shutdown()
    odoo.server_close()
    box.press()
    delays = [box.turn() for _time in range(12)]
    for number, delay in enumerate(delays):
        longest = min(0.5 * 2**number, LONGEST_DELAY)
        assert longest / 2 <= delay <= longest
    assert len(set(delays[-4:])) == 4
    assert box.forwarder.trouble == "ConnectionError: no answer"


def test_the_server_says_how_long_to_wait(box, odoo):
    forwarder = box.forwarder
    failure = forwarder_module.Failure("answer 429", 429, retry_after=45)
    assert forwarder._failed(failure, []) == 45
    assert [forwarder_module._seconds(text) for text in ("7", "1e9", "soon", None)] == [
        7,
        3600,
        0,
        0,
    ]


def test_five_thousand_presses_in_a_second(box, odoo):
    box.spool._retry_at = float("inf")
    sent = box.press(5_000)
    box.spool.settle()
    began = time.monotonic()
    assert box.drain() == 5
    seconds = time.monotonic() - began
    assert odoo.stored == sent
    print(f"5,000 presses drained in {seconds:.2f} s")


def test_a_press_is_sent_at_once(box, odoo):
    """The thread sleeps until a press wakes it; the wire costs what it costs."""
    arrived = threading.Event()
    take = odoo.take
    odoo.take = lambda body: (body["events"] and arrived.set(), take(body))[1]
    box.forwarder.start()
    delays = []
    for _time in range(30):
        arrived.clear()
        began = time.perf_counter()
        box.press()
        box.forwarder.wake()
        assert arrived.wait(10)
        delays.append(time.perf_counter() - began)
    box.forwarder.stop()
    box.forwarder.join(10)
    assert len(odoo.stored) == 30
    assert sorted(delays)[15] < 1  # far from the heartbeat; the runtime test measures


def test_the_thread_survives_an_error(box, odoo, monkeypatch):
    monkeypatch.setattr(forwarder_module, "LONGEST_DELAY", 0.01)
    errors = [ZeroDivisionError(), KeyError()]

    def diagnose():
        if errors:
            raise errors.pop()
        return []

    box.forwarder.diagnose = diagnose
    sent = box.press(3)
    box.forwarder.start()
    deadline = time.monotonic() + 10
    while len(odoo.stored) < 3 and time.monotonic() < deadline:
        time.sleep(0.01)
    box.forwarder.stop()
    box.forwarder.join(10)
    assert odoo.stored == sent


def test_diagnosis(box):
    bridge = Bridge(box.conf)
    assert bridge.diagnosis() == ["no console"]
    bridge.press("c", 1, 50)
    assert bridge.diagnosis() == []
    bridge._heard["c"] -= 61
    assert bridge.diagnosis() == ["silent: c"]
    bridge.lost("c")
    bridge.forwarder.trouble = "answer 401"
    assert bridge.diagnosis() == ["last request: answer 401", "no console"]
    bridge.spool.close()
