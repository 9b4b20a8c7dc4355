"""The days that a screen looks at, and those that it compares them with."""

from datetime import date, timedelta
from typing import NamedTuple

_DAY = timedelta(days=1)


class Stretch(NamedTuple):
    """Local days in a row, both ends included."""

    date_from: date
    date_to: date

    @property
    def days(self) -> int:
        return (self.date_to - self.date_from).days + 1

    @property
    def previous(self) -> "Stretch":
        """As many days, right before."""
        return Stretch(
            self.date_from - timedelta(days=self.days), self.date_from - _DAY
        )

    def at_least(self, days: int) -> "Stretch":
        """The same end, and not fewer than so many days."""
        start = self.date_to - timedelta(days=days - 1)
        return self._replace(date_from=min(self.date_from, start))


def stretch_of(period: str, today: date) -> Stretch:
    """Give the days of a named period.

    :param period: ``today``, ``days_7`` and ``days_30`` (today included), ``month``
        (until today), ``last_month``
    :raise KeyError: for another name
    """
    month = today.replace(day=1)
    last_month = (month - _DAY).replace(day=1)
    return {
        "today": Stretch(today, today),
        "days_7": Stretch(today - 6 * _DAY, today),
        "days_30": Stretch(today - 29 * _DAY, today),
        "month": Stretch(month, today),
        "last_month": Stretch(last_month, month - _DAY),
    }[period]
