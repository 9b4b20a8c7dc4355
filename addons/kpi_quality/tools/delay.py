"""Lateness against a promise, and whose part of an inbound delay is whose.

Source: FORMULAS.md, "Delays". Moments without a time zone are UTC, as Odoo stores
them; durations are calendar hours.
"""

from datetime import date, datetime, time, timedelta, timezone, tzinfo
from typing import NamedTuple

_HOUR = timedelta(hours=1)
_NONE = timedelta()


class InboundDelay(NamedTuple):
    """Hours late, not negative: `total` = `supplier` + `own`."""

    total: float
    supplier: float
    own: float


def lateness_hours(
    promise: datetime | date,
    done: datetime | None,
    now: datetime,
    tolerance_minutes: float = 1.0,
    tz: tzinfo | None = None,
) -> float:
    """Give by how many hours a promise was, or is being, missed.

    max(0, done - promise); below the tolerance 0, from the tolerance on the whole.

    :param promise: a moment, or a day: met by any time of that day, late from its end
    :param done: None while open
    :param now: open ones count up to here; for a closed period its closing moment, at
        which what was done later was still open [ours]
    :param tolerance_minutes: not negative
    :param tz: whose day a promised day is, UTC without
    """
    due = _utc(promise) if isinstance(promise, datetime) else _day_end(promise, tz)
    end = _utc(now) if done is None else min(_utc(done), _utc(now))
    late = end - due
    return 0.0 if late < timedelta(minutes=tolerance_minutes) else late / _HOUR


def inbound_split(
    promise: datetime, arrival: datetime, stocked: datetime, norm_hours: float
) -> InboundDelay:
    """Divide an inbound delay between the supplier and the own warehouse.

    total = max(0, stocked - (promise + norm)); the supplier's part is
    min(total, max(0, arrival - promise)), the rest is our own.

    :param promise: when the supplier was to be at the dock
    :param arrival: when he was; the present moment if he has not come
    :param stocked: when the goods were in stock; the present moment if they are not
    :param norm_hours: time that receiving may take
    """
    promise, arrival, stocked = map(_utc, (promise, arrival, stocked))
    total = max(_NONE, stocked - (promise + timedelta(hours=norm_hours)))
    supplier = min(total, max(_NONE, arrival - promise))
    return InboundDelay(total / _HOUR, supplier / _HOUR, (total - supplier) / _HOUR)


def receiving_hours(arrival: datetime, stocked: datetime) -> float:
    """Give the hours from the dock into stock.

    [ours] Not negative: goods booked in before their arrival took no time.
    """
    return max(_NONE, _utc(stocked) - _utc(arrival)) / _HOUR


def _utc(moment):
    if moment.tzinfo is None:
        return moment.replace(tzinfo=timezone.utc)
    return moment.astimezone(timezone.utc)


def _day_end(day, tz):
    """Give the first moment after a local day."""
    midnight = datetime.combine(day + timedelta(days=1), time.min)
    if tz is None:
        return _utc(midnight)
    if localize := getattr(tz, "localize", None):
        return _utc(localize(midnight))  # a pytz zone knows its offsets only so
    return _utc(midnight.replace(tzinfo=tz))
