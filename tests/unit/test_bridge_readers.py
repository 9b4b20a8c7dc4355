"""Consoles are read for as long as there are any, whatever becomes of their ports."""

import os
import pty
import threading
import time
from contextlib import contextmanager

from kpi_lib import reader as reader_module
from kpi_lib.claims import Device
from kpi_lib.reader import SerialReader
from pytest import fixture


class Bridge:
    """Takes what a reader gives; its one console is where the test puts it."""

    def __init__(self):
        self.path = None
        self.presses = []
        self.signs_of_life = 0
        self.trouble = ""

    def serial_ports(self):
        return {"console": Device(self.path)} if self.path else {}

    def heard(self, console, silent_after):
        self.signs_of_life += 1

    def lost(self, console):
        self.is_lost = True

    def unread(self, console, reason):
        self.trouble = reason

    def press(self, console, button, held_ms):
        self.presses.append((console, button, held_ms))


def wait_for(condition):
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


@fixture
def bridge(monkeypatch):
    monkeypatch.setattr(reader_module, "AGAIN", 0.02)
    monkeypatch.setattr(reader_module, "TICK", 0.02)
    bridge, stopped = Bridge(), threading.Event()
    thread = threading.Thread(target=SerialReader(bridge, "console", stopped).run)
    thread.start()
    yield bridge
    stopped.set()
    thread.join(10)
    assert not thread.is_alive()
    assert bridge.is_lost


@contextmanager
def plugged(bridge):
    """A console on a port of its own, opened by the reader."""
    master, slave = pty.openpty()
    before = bridge.signs_of_life
    bridge.path = os.ttyname(slave)

    def opened():
        os.write(master, b"T\n")
        return bridge.signs_of_life > before

    wait_for(opened)
    yield master
    bridge.path = None
    os.close(slave)
    os.close(master)


def test_lines_become_presses(bridge):
    with plugged(bridge) as wire:
        for piece in (b"P 1 01", b"20\r", b"\nT\r\nP 2 0300\r\nP", b" 3 1\n"):
            os.write(wire, piece)
            time.sleep(0.01)
        wait_for(lambda: len(bridge.presses) == 3)
    assert bridge.presses == [
        ("console", 1, 120),
        ("console", 2, 300),
        ("console", 3, 1),
    ]


def test_plugged_out_and_in_again(bridge):
    """It may come back under another path, and half a line is no press."""
    for number in range(1, 4):
        with plugged(bridge) as wire:
            os.write(wire, b"P 1 %04d\nP 2 0" % number)
            wait_for(lambda expected=number: len(bridge.presses) == expected)
    assert bridge.presses == [("console", 1, number) for number in range(1, 4)]


def test_a_port_that_cannot_be_opened(bridge, caplog):
    bridge.path = "/dev/null/nothing"
    wait_for(lambda: caplog.records)
    time.sleep(0.2)
    assert len(caplog.records) == 1  # said once, tried often
    assert "/dev/null/nothing" in bridge.trouble
    with plugged(bridge) as wire:
        os.write(wire, b"P 1 0001\n")
        wait_for(lambda: bridge.presses)


def test_a_bridge_that_fails_once_does_not_end_the_reader(bridge):
    press, failures = bridge.press, [RuntimeError("once")]

    def failing(*arguments):
        if failures:
            raise failures.pop()
        press(*arguments)

    bridge.press = failing
    with plugged(bridge) as wire:
        os.write(wire, b"P 1 0001\n")
        wait_for(lambda: not failures)
        before = bridge.signs_of_life

        def opened_again():
            os.write(wire, b"T\n")
            return bridge.signs_of_life > before

        wait_for(opened_again)
        os.write(wire, b"P 1 0002\n")
        wait_for(lambda: bridge.presses)
