"""When people are reminded."""

from datetime import date, timedelta


def days_before(text: str) -> list[int]:
    """Read a plan like "7, 2".

    :return: days before the end, the earliest reminder first
    :raise ValueError: when a part is not a whole number above zero
    """
    days = {
        int(part) for part in (text or "").replace(";", ",").split(",") if part.strip()
    }
    if min(days, default=1) < 1:
        raise ValueError(text)
    return sorted(days, reverse=True)


def is_due(
    days: list[int], start: date, end: date, reminded: date | None, today: date
) -> bool:
    """Tell whether to remind today.

    A day that was missed is made up for, once; none is due on the first day, which has
    the invitation, nor after the end.

    :param days: before the end
    :param reminded: the last day on which anybody was reminded
    """
    if today > end:
        return False
    planned = (end - timedelta(days=count) for count in days)
    passed = [day for day in planned if start < day <= today]
    return bool(passed) and (not reminded or reminded < max(passed))
