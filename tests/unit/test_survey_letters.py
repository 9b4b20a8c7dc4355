import smtplib
from datetime import date
from io import BytesIO

import pytest
from PIL import Image

from odoo.addons.kpi_internal_survey.tools import qr
from odoo.addons.kpi_internal_survey.tools.discreet_session import (
    DiscreetSession,
    discreet,
)
from odoo.addons.kpi_internal_survey.tools.reminders import (
    days_before,
    is_due,
)

START, END = date(2025, 11, 3), date(2025, 11, 21)
CODE = "7K3M-9QRT-2VWX-ABCD"


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("7, 2", [7, 2]),
        ("2;7 , 2", [7, 2]),
        ("10", [10]),
        ("", []),
        (None, []),
        (" , ", []),
    ],
)
def test_plan(text, days):
    assert days_before(text) == days


@pytest.mark.parametrize("text", ["a week", "7 2", "7, 0", "-1", "1.5"])
def test_no_plan(text):
    with pytest.raises(ValueError):
        days_before(text)


@pytest.mark.parametrize(
    ("day", "reminded", "due"),
    [
        (13, None, False),  # a day early
        (14, None, True),
        (14, date(2025, 11, 14), False),  # today already
        (14, date(2025, 11, 13), True),  # yesterday, by the button
        (15, date(2025, 11, 14), False),
        (16, None, True),  # missed
        (19, date(2025, 11, 16), True),
        (20, date(2025, 11, 19), False),
        (21, None, True),  # the last day
        (22, None, False),  # after the end
    ],
)
def test_due(day, reminded, due):
    assert is_due([7, 2], START, END, reminded, date(2025, 11, day)) is due


def test_nothing_is_due_before_or_on_the_day_of_the_invitation():
    assert not is_due([18], START, END, None, START)
    assert not is_due([18, 30], START, END, None, date(2025, 11, 10))
    assert is_due([17], START, END, None, date(2025, 11, 4))


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (
            smtplib.SMTPDataError(554, f"5.7.1 Blocked: {CODE}".encode()),
            "SMTPDataError 554 5.7.1",
        ),
        (smtplib.SMTPDataError(554, f"Blocked: {CODE}"), "SMTPDataError 554"),
        (smtplib.SMTPDataError(554, f"5.7.{CODE}"), "SMTPDataError 554"),
        (smtplib.SMTPRecipientsRefused({"x": (550, b"no")}), "SMTPRecipientsRefused"),
        (ValueError(CODE), "ValueError"),
    ],
)
def test_a_failure_without_the_words_of_the_server(error, text):
    assert str(discreet(error)) == f"The mail server refused the letter ({text})."


class Session:
    from_filter = "example.com"

    def __init__(self, error=None):
        self.debuglevel = 2
        self.levels = []
        self.error = error

    def set_debuglevel(self, level):
        self.debuglevel = level

    def send_message(self, message, *_envelope):
        self.levels.append(self.debuglevel)
        if self.error:
            raise self.error
        return message


def test_a_session_sends_without_a_protocol():
    session = Session()
    discreet_session = DiscreetSession(session)
    assert discreet_session.send_message("letter", "a", ["b"]) == "letter"
    assert session.levels == [0]
    assert session.debuglevel == 2
    assert discreet_session.from_filter == "example.com"


def test_a_failure_has_no_trace_of_the_one_it_stands_for():
    session = Session(smtplib.SMTPDataError(554, CODE.encode()))
    with pytest.raises(smtplib.SMTPException) as caught:
        DiscreetSession(session).send_message("letter")
    assert caught.value.__context__ is None
    assert caught.value.__cause__ is None
    assert session.debuglevel == 2


def test_odoo_learns_that_the_server_hung_up():
    session = Session(smtplib.SMTPServerDisconnected(CODE))
    with pytest.raises(smtplib.SMTPServerDisconnected, match="hung up"):
        DiscreetSession(session).send_message("letter")


def test_a_picture_is_the_code_with_white_around():
    text = "https://example.com/kpi/survey/abc#7K3M-9QRT-2VWX-ABCD"
    modules = qr.matrix(text)
    assert modules[0][:8] == [True] * 7 + [False]  # the mark of its corner
    picture = Image.open(BytesIO(qr.png(text)))
    size = len(modules) + 2 * qr.QUIET
    assert picture.size == (size * qr.SCALE,) * 2
    small = picture.resize((size, size), Image.Resampling.NEAREST)
    seen = [[not small.getpixel((x, y)) for x in range(size)] for y in range(size)]
    inner = slice(qr.QUIET, -qr.QUIET)
    assert [row[inner] for row in seen[inner]] == modules
    assert sum(map(sum, seen)) == sum(map(sum, modules))
    assert qr.png(text) != qr.png(text.lower())
