"""What devices send, read without trusting any of it."""

import hashlib
import json
import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from ..const import MOST_EVENTS, MOST_RAW
from .press_time import Sending

UUID = re.compile(r"[0-9A-Za-z][0-9A-Za-z._:-]{7,63}")
MOST_TEXT = 128
MOST_TEXTS = 20
MOST_SECONDS = 10**9
MOST_HELD = 24 * 60 * 60 * 1000
MOST_INTEGER = 2**31 - 1


class Unreadable(ValueError):
    """A request that means nothing: why, for the one who writes the device."""


class TooMany(Unreadable):
    """More events than a request may carry."""


class Reject(Exception):
    """One press cannot be stored; the argument is a key of ``REJECT_REASONS``."""


@dataclass(frozen=True)
class Batch:
    sending: Sending
    events: list
    queue: int | None
    dropped: int | None
    version: str | None
    diagnosis: tuple = ()


@dataclass(frozen=True)
class Press:
    """A press as the device tells it; None is what it does not tell."""

    uuid: str
    console: str | None
    button: int | str | None
    at: datetime | None
    boot_id: str | None
    boottime: float | None
    held_ms: int


def read_batch(body, received_at, boots=()):
    """:return: :class:`Batch`

    :param body: what the JSON said
    :param datetime received_at: naive UTC
    :param boots: the runs of the device known from before
    :raise Unreadable: when it has no shape at all
    """
    if not isinstance(body, dict):
        raise Unreadable("the body is not an object")
    events = body.get("events", [])
    if not isinstance(events, list):
        raise Unreadable("events is not a list")
    if len(events) > MOST_EVENTS:
        raise TooMany(f"more than {MOST_EVENTS} events")
    return Batch(
        sending=Sending(
            received_at=received_at,
            sent_at=moment_of(body.get("sent_at")),
            boot_id=text_of(body.get("boot_id")),
            sent_boottime=seconds_of(body.get("sent_boottime")),
            boots=tuple(boots),
        ),
        events=events,
        queue=count_of(body.get("queue")),
        dropped=count_of(body.get("dropped")),
        version=text_of(body.get("version")),
        diagnosis=texts_of(body.get("diagnosis")),
    )


def read_press(raw):
    """:return: :class:`Press`

    :raise Reject: when it is none
    """
    if not isinstance(raw, dict):
        raise Reject("shape")
    uuid = raw.get("uuid")
    if not isinstance(uuid, str) or not UUID.fullmatch(uuid):
        raise Reject("uuid")
    console, button = raw.get("console"), raw.get("button")
    if console is not None and text_of(console) is None:
        raise Reject("console")
    if type(button) not in (int, str):
        raise Reject("button")
    at, boottime = moment_of(raw.get("at")), seconds_of(raw.get("boottime"))
    told = raw.get("at") is not None or raw.get("boottime") is not None
    if told and at is None and boottime is None:
        raise Reject("time")
    held = raw.get("held_ms", 0)
    if not is_number(held) or not 0 <= held <= MOST_HELD:
        raise Reject("held")
    return Press(
        uuid, console, button, at, text_of(raw.get("boot_id")), boottime, int(held)
    )


def shown_uuid(raw):
    """What is answered about a row of a batch, when it says anything fit to be said."""
    return text_of(raw.get("uuid")) if isinstance(raw, dict) else None


def raw_text(raw):
    """A row as ASCII, whatever is in it."""
    try:
        return json.dumps(raw, sort_keys=True)
    except RecursionError:
        return "[" * (MOST_RAW + 1)


def fingerprint(owner, text):
    """The same for the same row of the same device, however often it is sent.

    :param text: of :func:`raw_text`
    """
    return hashlib.sha256(f"{owner}\n{text}".encode()).hexdigest()


def is_number(value):
    """JSON knows no NaN, but Python reads it; and True is no number."""
    return type(value) is int or (type(value) is float and math.isfinite(value))


def seconds_of(value):
    """:return: seconds of a clock that began at zero, or None"""
    return value if is_number(value) and 0 <= value <= MOST_SECONDS else None


def count_of(value):
    """:return: a number that fits into a column, or None"""
    return min(int(value), MOST_INTEGER) if is_number(value) and value >= 0 else None


def text_of(value):
    """:return: a short text without control characters and half characters, or None"""
    if isinstance(value, str) and 0 < len(value) <= MOST_TEXT and value.isprintable():
        return value
    return None


def texts_of(value):
    """:return: the first usable texts of a list"""
    texts = map(text_of, value[:MOST_TEXTS] if isinstance(value, list) else ())
    return tuple(filter(None, texts))


def moment_of(value):
    """:return: naive UTC of an ISO 8601 text (UTC when it names no zone), or None"""
    if not isinstance(value, str) or len(value) > MOST_TEXT:
        return None
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo:
            moment = moment.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None
    return moment
