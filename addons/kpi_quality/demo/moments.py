"""Local hours and days, as naive UTC; the same every time, as chance is."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from . import chance
from .company import MOSCOW

UTC = ZoneInfo("UTC")


def moment(day, hour, tz, *key):
    """A moment within a local hour of a day, in UTC."""
    seconds = int(chance.share(*key, "seconds") * 3600)
    local = datetime.combine(day, time(hour), ZoneInfo(tz)) + timedelta(seconds=seconds)
    return local.astimezone(UTC).replace(tzinfo=None)


def hours(low, high, *key):
    return timedelta(seconds=int(chance.between(low, high, *key) * 3600))


def local_day(when, tz):
    return when.replace(tzinfo=UTC).astimezone(ZoneInfo(tz)).date()


def within(when, first, last, *key):
    """The moment, or one soon after the next beginning of a working day in Moscow.

    :param int first: local hour at which work begins
    :param int last: local hour at which it ends
    """
    local = when.replace(tzinfo=UTC).astimezone(ZoneInfo(MOSCOW))
    if first <= local.hour < last:
        return when
    day = local.date() + timedelta(days=local.hour >= last)
    return moment(day, first, MOSCOW, *key, "beginning")


def is_workday(day):
    """Monday to Saturday: on Sundays no truck comes."""
    return day.weekday() < 6


def workdays_before(day, count):
    """:return: the day that is so many workdays before"""
    while count:
        day -= timedelta(days=1)
        count -= is_workday(day)
    return day
