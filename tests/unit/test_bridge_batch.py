"""What devices send, and when it happened: without a database."""

import json
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.kpi_hardware_bridge.tools import batch, signing
from odoo.addons.kpi_hardware_bridge.tools.press_time import Boot, Sending
from odoo.addons.kpi_hardware_bridge.tools.rate_limit import RateLimit

NOON = datetime(2025, 3, 5, 12)
SECOND = timedelta(seconds=1)

clocks = st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1))
spans = st.integers(0, 10**9).map(lambda ms: ms / 1000)


# ------------------------------------------------------------------------------ times
@given(clocks, spans, spans)
def test_wall_clock_does_not_matter_within_a_boot(wall, uptime, ago):
    sending = Sending(NOON, wall, "b", uptime)
    moment = sending.pressed_at(
        at=datetime(1999, 1, 1), boot_id="b", boottime=uptime - ago
    )
    expected = max(NOON - ago * SECOND, datetime(2020, 1, 1))
    if expected > datetime(2020, 1, 1):
        assert abs(moment - expected) <= timedelta(milliseconds=1)


@given(st.integers(-(10**6), 10**6), st.integers(0, 10**6))
def test_wall_clock_is_corrected_by_what_it_is_wrong(skew, ago):
    sending = Sending(NOON, NOON - skew * SECOND)
    at = NOON - skew * SECOND - ago * SECOND
    assert sending.pressed_at(at=at) == NOON - ago * SECOND


@given(
    st.none() | st.datetimes(),
    st.none() | st.datetimes(),
    st.none() | spans,
    st.none() | spans,
)
def test_never_after_the_receipt_and_never_an_error(sent_at, at, uptime, boottime):
    sending = Sending(NOON, sent_at, "b", uptime)
    moment = sending.pressed_at(at, "b", boottime)
    assert datetime(2020, 1, 1) <= moment <= NOON
    assert moment.microsecond % 1000 == 0


def test_what_nobody_can_tell_happened_on_receipt():
    assert Sending(NOON).pressed_at() == NOON
    assert Sending(NOON).pressed_at(boot_id="b", boottime=5.0) == NOON
    assert Sending(NOON, NOON).pressed_at(at=datetime(1970, 1, 1)) == NOON


def test_boots_are_remembered_in_order_and_bounded():
    boots = ()
    for number in range(12):
        sending = Sending(NOON + number * 60 * SECOND, None, f"b{number}", 10.0, boots)
        boots = sending.boots_now
    assert [boot.id for boot in boots] == [f"b{number}" for number in range(4, 12)]
    assert Boot.from_json(json.loads(json.dumps([b.to_json() for b in boots]))) == boots
    moment = Sending(NOON + 3600 * SECOND, None, "x", 1.0, boots).pressed_at(
        boot_id="b5", boottime=12.5
    )
    assert moment == NOON + 5 * 60 * SECOND + 2.5 * SECOND


@pytest.mark.parametrize(
    ("boot", "minutes", "is_twin"),
    [
        ("new", 60, False),
        ("late", 60, False),
        ("early", 60, True),
        ("early", 31, False),
    ],
)
def test_twin(boot, minutes, is_twin):
    boots = (Boot("early", NOON, NOON), Boot("late", NOON + 1800 * SECOND, NOON))
    sending = Sending(NOON + minutes * 60 * SECOND, None, boot, 9.0, boots)
    assert sending.is_twin is is_twin


@pytest.mark.parametrize(
    ("late", "taken"),
    [
        (0, 0),
        (4, 0.032),  # a slow request, and what a steady clock may drift in a minute
        (-0.2, -0.2),  # a faster one than all before
        (0.02, 0.02),
        (30, 30),  # the device slept
    ],
)
def test_slow_requests_do_not_delay_presses(late, taken):
    boots = Sending(NOON, None, "run", 100.0).boots_now
    received_at = NOON + 60 * SECOND + late * SECOND
    sending = Sending(received_at, None, "run", 160.0, boots)
    expected = NOON + (50 + taken) * SECOND
    assert sending.pressed_at(boot_id="run", boottime=150.0) == expected
    [boot] = sending.boots_now
    assert (boot.began, boot.heard) == (NOON + (taken - 100) * SECOND, received_at)


def test_answer_in_a_fast_request_stays_behind_the_press_in_a_slow_one():
    boots = Sending(NOON, None, "run", 100.0).boots_now
    slow = Sending(NOON + 9 * SECOND, None, "run", 105.0, boots)
    fast = Sending(NOON + 10 * SECOND, None, "run", 110.0, slow.boots_now)
    asked = slow.pressed_at(boot_id="run", boottime=105.0)
    answered = fast.pressed_at(boot_id="run", boottime=107.0)
    assert asked < answered


# ------------------------------------------------------------------------------ shapes
@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2025-03-05T12:00:00", NOON),
        ("2025-03-05T12:00:00Z", NOON),
        ("2025-03-05T15:00:00.000+03:00", NOON),
        ("0001-01-01T00:00:00+14:00", None),
        ("yesterday", None),
        (1741176000, None),
        ("2025-03-05T12:00:00" + " " * 200, None),
    ],
)
def test_moment(text, moment):
    assert batch.moment_of(text) == moment


@pytest.mark.parametrize(
    "value", [True, "1", None, float("nan"), float("inf"), -1, 10**10]
)
def test_no_seconds(value):
    assert batch.seconds_of(value) is None


@pytest.mark.parametrize("value", ["", "a\0", "a\n", "\ud800", "x" * 129, 7, None])
def test_no_text(value):
    assert batch.text_of(value) is None


@pytest.mark.parametrize(
    "body", [None, 1, [], "x", {"events": None}, {"events": {}}, {"events": "x"}]
)
def test_unreadable(body):
    with pytest.raises(batch.Unreadable):
        batch.read_batch(body, NOON)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(json_values)
def test_any_row_is_a_press_or_a_reject(raw):
    try:
        press = batch.read_press(raw)
    except batch.Reject as reject:
        assert reject.args[0] in {
            "shape",
            "uuid",
            "console",
            "button",
            "time",
            "held",
        }
    else:
        assert batch.UUID.fullmatch(press.uuid)
    text = batch.raw_text(raw)
    assert text.isascii()
    assert batch.fingerprint("a", text) != batch.fingerprint("b", text)


def test_deep_row_is_too_large():
    raw = []
    for _level in range(100_000):
        raw = [raw]
    assert len(batch.raw_text(raw)) > 4096


# ------------------------------------------------------------------------------ signing
def test_signature_is_that_of_openssl():
    """printf '{}' | openssl dgst -sha256 -hmac secret"""
    assert signing.sign("secret", b"{}") == (
        "sha256=77325902caca812dc259733aacd046b73817372c777b8d95b402647474516e13"
    )


@given(st.text(), st.binary(), st.text())
def test_only_the_right_signature_fits(key, body, other):
    signature = signing.sign(key, body)
    assert signing.is_signed(key, body, signature)
    assert not signing.is_signed(key, body + b" ", signature)
    assert not signing.is_signed(key, body, None)
    assert signing.is_signed(key, body, other) is (other == signature)


def test_next_key_is_not_the_same():
    assert signing.next_key("k", "n") not in {"k", signing.next_key("k", "m")}


# ------------------------------------------------------------------------------- limits
def test_limit_is_for_each_caller_and_fills_again():
    limit = RateLimit(per_second=1, burst=2, most_callers=2)
    assert [limit.allows("a", 0) for _call in range(3)] == [True, True, False]
    assert limit.allows("b", 0)
    assert limit.allows("a", 1)
    assert not limit.allows("a", 1)
