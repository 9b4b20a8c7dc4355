"""Presses out of the kernel's key events."""

import os
import threading

from hypothesis import given
from hypothesis import strategies as st
from kpi_lib import keypad
from kpi_lib.keypad import EVENT, KeypadDecoder
from kpi_lib.reader import KeypadReader

ONE, TWO, KP_ONE, ENTER, NUM_LOCK = 2, 3, 79, 28, 69
REPORT = (keypad.EV_SYN, keypad.SYN_REPORT, 0)
DROPPED = (keypad.EV_SYN, keypad.SYN_DROPPED, 0)


def key(code, value):
    return (keypad.EV_KEY, code, value)


def pack(*events):
    """Bytes of ``(milliseconds, (type, code, value))``."""
    return b"".join(
        EVENT.pack(ms // 1000, ms % 1000 * 1000, *fields) for ms, fields in events
    )


def decode(*events):
    return [tuple(press) for press in KeypadDecoder().feed(pack(*events))]


def test_a_key_gives_its_held_time_when_it_is_let_go():
    decoder = KeypadDecoder()
    assert not decoder.feed(pack((1_000, key(ONE, keypad.DOWN)), (1_000, REPORT)))
    assert decoder.feed(pack((1_120, key(ONE, keypad.UP)), (1_120, REPORT))) == [
        (1, 120)
    ]


def test_a_key_held_long_repeats_and_is_one_press():
    repeats = [(ms, key(ONE, keypad.REPEAT)) for ms in range(250, 4_000, 33)]
    assert decode((0, key(ONE, 1)), *repeats, (4_000, key(ONE, 0))) == [(1, 4_000)]


def test_two_keys_at_once():
    assert decode(
        (0, key(ONE, 1)), (50, key(TWO, 1)), (90, key(TWO, 0)), (200, key(ONE, 0))
    ) == [(2, 40), (1, 200)]


def test_both_blocks_of_digits_other_keys_and_locks():
    events = []
    for code in (NUM_LOCK, KP_ONE, NUM_LOCK, ENTER, 11, 82):
        events += [(0, key(code, 1)), (30, key(code, 0))]
    assert decode(*events) == [(1, 30), (128, 30), (10, 30), (10, 30)]


def test_what_the_kernel_threw_away_ends_what_was_down():
    assert decode(
        (0, key(ONE, 1)),
        (70, DROPPED),
        (71, key(TWO, 1)),  # the rest of a torn report: means nothing
        (71, REPORT),
        (80, key(ONE, 0)),  # its press was told already
        (100, key(TWO, 1)),
        (150, key(TWO, 0)),
    ) == [(1, 70), (2, 50)]


def test_a_clock_set_back_while_a_key_is_down():
    assert decode((9_000, key(ONE, 1)), (10, key(ONE, 0))) == [(1, 0)]


def test_unplugged_while_a_key_is_down():
    decoder = KeypadDecoder()
    decoder.feed(pack((0, key(ONE, 1)), (5, key(TWO, 1))))
    assert decoder.end() == [(1, 0), (2, 0)]
    assert decoder.end() == []


codes = st.sampled_from((ONE, TWO, KP_ONE, ENTER))
events = st.one_of(
    st.tuples(codes, st.sampled_from((keypad.UP, keypad.DOWN, keypad.REPEAT))).map(
        lambda pair: key(*pair)
    ),
    st.just(REPORT),
    st.just(DROPPED),
)


@given(st.lists(st.tuples(st.integers(0, 500), events)), st.lists(st.integers(1, 60)))
def test_every_key_down_is_one_press(steps, sizes):
    moment, stream = 0, []
    for gap, fields in steps:
        moment += gap
        stream.append((moment, fields))
    data, decoder, presses = pack(*stream), KeypadDecoder(), []
    while data:  # however the pipe cuts it
        size = sizes.pop() if sizes else len(data)
        presses += decoder.feed(data[:size])
        data = data[size:]
    presses += decoder.end()
    lost, downs = False, []
    for _ms, fields in stream:
        if fields == DROPPED:
            lost = True
        elif fields == REPORT:
            lost = False
        elif not lost and fields[0] == keypad.EV_KEY and fields[2] == keypad.DOWN:
            downs.append(keypad.BUTTONS.get(fields[1], keypad.OTHER + fields[1]))
    assert sorted(press.button for press in presses) == sorted(downs)
    assert all(press.held_ms <= moment for press in presses)


class Bridge:
    """Takes what a reader gives."""

    def __init__(self):
        self.presses = []

    def heard(self, console, silent_after):
        pass

    def press(self, console, button, held_ms):
        self.presses.append((console, button, held_ms))


def test_the_reader_of_a_pipe():
    bridge, stopped = Bridge(), threading.Event()
    reader = KeypadReader(bridge, "pad", stopped)
    reader.decoder = KeypadDecoder()
    source, sink = os.pipe()
    thread = threading.Thread(target=reader.read_from, args=[source])
    thread.start()
    data = pack((0, key(ONE, 1)), (120, key(ONE, 0)), (200, key(TWO, 1)), (210, REPORT))
    for place in range(0, len(data), 7):
        os.write(sink, data[place : place + 7])
    os.close(sink)  # pulled out while the second key is down
    thread.join(10)
    os.close(source)
    assert bridge.presses == [("pad", 1, 120), ("pad", 2, 0)]
