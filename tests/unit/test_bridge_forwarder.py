"""Presses reach the server once each, whatever becomes of the requests."""

import math
import threading
import time

from bridge_box import BOX, CUT, LOST
from kpi_lib import forwarder as forwarder_module
from kpi_lib.bridge import Bridge
from kpi_lib.forwarder import LONGEST_DELAY


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


def test_diagnosis(box, monkeypatch):
    bridge = Bridge(box.conf)
    assert bridge.diagnosis() == []  # consoles were not looked for yet
    bridge._started_at -= 61
    assert bridge.diagnosis() == ["no console"]
    bridge.heard("wire", 60)
    bridge.heard("keypad", math.inf)
    assert bridge.diagnosis() == []
    bridge._silent_at["wire"] -= 61
    bridge.unread("keypad", "Device or resource busy")
    bridge.spool.trouble = "database or disk is full"
    bridge.spool.torn_at = time.monotonic()
    monkeypatch.setattr(bridge.spool.clock, "wall", lambda: 1_000_000)
    assert bridge.diagnosis() == [
        "disk: database or disk is full (0 in memory only)",
        "disk: a damaged file was moved aside",
        "clock: never set",
        "not read: keypad: Device or resource busy",
        "silent: wire",
    ]
    bridge.spool.close()
