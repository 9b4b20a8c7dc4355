"""Somebody rates the departments on a phone, whatever happens on the way."""

import contextlib
import json
import os
import secrets
import subprocess
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg2
import pytest
from kpienv import npm, settings, venv
from playwright.sync_api import expect
from psycopg2 import sql

URL = os.environ.get("KPI_E2E_URL")
SCRIPT = Path(__file__).with_name("survey_campaign.py")
OWN, RATED, OTHER = (
    "Бухгалтерия",
    "Информационные технологии",
    "Юридическое управление",
)
LOGGED_IN = "it"
PHONE = {"width": 390, "height": 844}
TIMEOUT = 30_000


class Campaign:
    def __init__(self):
        mark = secrets.token_hex(8)
        command = [venv.python(), "-m", "odoo", "shell", "-d", os.environ["KPI_E2E_DB"]]
        done = subprocess.run(
            [*command, "--no-http"],
            input=SCRIPT.read_text(encoding="utf-8"),
            env={
                **os.environ,
                "KPI_MARK": mark,
                "KPI_CAMPAIGN": f"Опрос внутренних клиентов {mark[:4]}",
            },
            capture_output=True,
            text=True,
            check=False,
            cwd=settings.REPO,
        )
        created = [line for line in done.stdout.splitlines() if line.startswith(mark)]
        assert created, done.stderr
        created = json.loads(created[0].removeprefix(mark))
        self.link = created["link"]
        self._codes = {unit: iter(codes) for unit, codes in created["codes"].items()}

    def code(self, unit=OWN):
        """A code that nobody has used."""
        return next(self._codes[unit])


@pytest.fixture(scope="module")
def campaign():
    assert URL, "KPI_E2E_URL is not set: run these tests by `make test`"
    return Campaign()


@pytest.fixture
def phone(chromium):
    """Open phones; any error in the browser's console fails the test."""
    errors = []
    with contextlib.ExitStack() as stack:

        def phone(expected_errors=False, **options):
            options = {"viewport": PHONE, "locale": "en-US", **options}
            context = chromium.new_context(base_url=URL, **options)
            stack.callback(context.close)
            context.set_default_timeout(TIMEOUT)
            page = context.new_page()
            page.on("pageerror", lambda error: errors.append(str(error)))
            if not expected_errors:
                page.on(
                    "console",
                    lambda message: (
                        errors.append(message.text) if message.type == "error" else 0
                    ),
                )
            return page

        yield phone
    assert not errors, "errors in the browser:\n" + "\n".join(errors)


# --------------------------------------------------------------------- what people do
def at(page, step):
    page.locator(f"body[data-at={step}]").wait_for()


def begin(page, campaign, code):
    page.goto(f"{campaign.link}#{code}")
    page.locator("[data-action=begin]").click()
    at(page, "own")


def mark(page, number, value):
    radio = page.locator("fieldset.criterion").nth(number)
    radio.locator(f"input[value='{value}']").check()


def next_step(page):
    page.locator("[data-action=next]").click()


def rate(page, unit, **marks):
    page.locator(".unit", has_text=unit).click()
    at(page, "unit")
    for number, value in enumerate(marks.values()):
        mark(page, number, value)
    next_step(page)
    at(page, "units")


def to_review(page):
    """From the units on, without votes."""
    next_step(page)
    at(page, "votes")
    next_step(page)
    at(page, "review")


def fill(page, campaign, code):
    begin(page, campaign, code)
    mark(page, 0, 7)
    next_step(page)
    rate(page, RATED, answers=8)
    to_review(page)


def send(page):
    page.locator("[data-action=send]").click()


def kept(page):
    """What is on the device of anybody's answers."""
    return page.evaluate(
        "Object.keys(localStorage).filter((key) => key.startsWith('kpi_survey:'))"
    )


def post(address, body):
    """Ask the server as the page does: without a cookie."""
    request = urllib.request.Request(
        address, data=body.encode(), headers={"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def state(campaign, code):
    """What the server says of a code."""
    return post(f"{URL}{campaign.link}/ballot", json.dumps({"code": code}))["state"]


def written_with_the_last_answer(cr):
    """The tables with rows of the transaction that stored the last answer."""
    cr.execute("SELECT xmin::TEXT FROM kpi_survey_sealed ORDER BY id DESC LIMIT 1")
    [transaction] = cr.fetchone()
    cr.execute(
        "SELECT relname FROM pg_class"
        " WHERE relkind = 'r' AND relnamespace = 'public'::REGNAMESPACE"
    )
    tables = [name for [name] in cr.fetchall()]
    found = set()
    for table in tables:
        query = sql.SQL("SELECT 1 FROM {} WHERE xmin::TEXT = %s LIMIT 1")
        cr.execute(query.format(sql.Identifier(table)), [transaction])
        if cr.fetchone():
            found.add(table)
    return found


def check_accessible(page):
    """No serious finding of axe; the script comes past the page's policy."""
    page.evaluate((npm.folder() / "node_modules/axe-core/axe.min.js").read_text())
    found = page.evaluate("axe.run()")["violations"]
    assert not [
        f"{item['id']}: {node['html']}"
        for item in found
        if item["impact"] in ("serious", "critical")
        for node in item["nodes"]
    ]
    is_wide = "document.documentElement.scrollWidth > innerWidth"
    assert not page.evaluate(is_wide), "wider than the screen"


# ------------------------------------------------------------------------------ tests
def test_from_the_link_to_the_thanks_with_a_reload_in_the_middle(campaign, phone):
    code = campaign.code()
    page = phone()
    begin(page, campaign, code)
    assert code not in page.url, "who comes to this computer later finds no code"
    for number, value in enumerate((7, 8, 2)):
        mark(page, number, value)
    prompt = page.locator(".prompt")
    expect(prompt).to_be_visible()
    page.locator("textarea").fill("Отвечаем не всегда")
    next_step(page)
    at(page, "units")
    page.locator("#unit-search").fill("инФОРМ")
    expect(page.locator(".unit")).to_have_count(1)
    rate(page, RATED, answers=9, responsibility=6)

    page.locator(".unit", has_text=RATED).click()
    at(page, "unit")
    page.reload()
    at(page, "unit")
    expect(page.locator("h1")).to_have_text(RATED)
    expect(page.locator("fieldset.criterion input[value='9']").first).to_be_checked()
    next_step(page)
    next_step(page)
    at(page, "votes")
    page.locator("#colleague-search").fill("юрид 17")
    expect(page.locator(".colleague")).to_have_count(1)
    page.locator(".colleague").click()
    page.locator("#colleague-search").fill("бухгал")
    expect(page.locator(".colleague")).to_have_count(0)
    next_step(page)
    at(page, "review")
    expect(page.locator(".review")).to_contain_text("Отвечаем не всегда")
    send(page)
    at(page, "thanks")
    assert kept(page) == []
    expect(page.locator("#saved")).to_be_hidden()
    check_accessible(page)
    assert state(campaign, code) == "counted"
    page.goto(f"{campaign.link}#{code}")
    at(page, "counted")


def test_extreme_marks_have_to_be_explained(campaign, phone):
    page = phone()
    begin(page, campaign, campaign.code())
    mark(page, 0, 10)
    next_step(page)
    to_review(page)
    send(page)
    expect(page.locator("#send-problem")).to_contain_text(OWN)
    at(page, "review")
    page.locator(".review button").click()
    at(page, "own")
    page.locator("textarea").fill("Помогают всем")
    next_step(page)
    to_review(page)
    send(page)
    at(page, "thanks")


def test_without_a_mouse(campaign, phone):
    """Tab, arrows, space and enter do it all; the title of each step has the focus."""
    code = campaign.code()
    page = phone()
    page.goto(campaign.link)
    page.locator("#code").focus()
    page.keyboard.type(code.lower().replace("-", " "))
    page.keyboard.press("Enter")
    page.locator("[data-action=begin]").wait_for()

    def press_on(selector, key="Enter"):
        """Go on by Tab until the focus is there."""
        for _press in range(200):
            page.keyboard.press("Tab")
            if page.evaluate(
                "document.activeElement.matches(arguments_)".replace(
                    "arguments_", json.dumps(selector)
                )
            ):
                page.keyboard.press(key)
                return
        raise AssertionError(f"the focus never comes to {selector}")

    def is_on_title():
        expect(page.locator("h1")).to_be_focused()

    press_on("[data-action=begin]")
    at(page, "own")
    is_on_title()
    press_on("fieldset.criterion input:checked", "ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.locator("fieldset.criterion input[value='2']").first).to_be_checked()
    press_on("textarea", "x")
    press_on("[data-action=next]")
    at(page, "units")
    is_on_title()
    press_on("[data-unit]")
    at(page, "unit")
    is_on_title()
    press_on("fieldset.criterion input:checked", "ArrowLeft")
    expect(page.locator("fieldset.criterion input[value='10']").first).to_be_checked()
    press_on("textarea", "y")
    press_on("[data-action=next]")
    at(page, "units")
    press_on("[data-action=next]")
    at(page, "votes")
    press_on("#colleague-search", "3")
    press_on("[data-colleague]")
    expect(page.locator(".chosen li")).to_have_count(1)
    press_on("[data-action=next]")
    at(page, "review")
    press_on("[data-action=send]")
    at(page, "thanks")
    is_on_title()
    assert state(campaign, code) == "counted"


def test_pressed_twice_it_is_sent_once(campaign, phone):
    page = phone()
    fill(page, campaign, campaign.code())
    sent = []
    page.on(
        "request",
        lambda request: sent.append(request) if "/submit" in request.url else 0,
    )
    page.locator("[data-action=send]").dblclick()
    at(page, "thanks")
    assert len(sent) == 1
    assert "cookie" not in sent[0].all_headers()


def test_sent_many_times_at_the_same_moment_it_counts_once(campaign, phone):
    """Past the page's own guard, over several connections."""
    code = campaign.code()
    page = phone()
    fill(page, campaign, code)
    page.route("**/submit", lambda route: route.fulfill(json={"state": "counted"}))
    with page.expect_request("**/submit") as sent:
        send(page)
    at(page, "thanks")
    assert state(campaign, code) == "open", "the server has not heard of it yet"
    address, body = sent.value.url, sent.value.post_data
    with ThreadPoolExecutor(8) as senders:
        answers = list(senders.map(lambda _number: post(address, body), range(16)))
    assert {answer["state"] for answer in answers} == {"counted"}
    assert [answer["is_new"] for answer in answers].count(True) == 1


def test_who_is_logged_in_leaves_no_trace_beside_the_answer(campaign, phone):
    """With a cookie Odoo would note user and address in the very transaction."""
    page = phone()
    page.goto("/web/login")
    page.fill("input[name=login]", LOGGED_IN)
    page.fill("input[name=password]", LOGGED_IN)
    page.click("form.oe_login_form button[type=submit]")
    page.wait_for_selector(".o_web_client")
    fill(page, campaign, campaign.code())
    send(page)
    at(page, "thanks")
    with contextlib.closing(psycopg2.connect(dbname=os.environ["KPI_E2E_DB"])) as db:
        with db.cursor() as cr:
            assert written_with_the_last_answer(cr) == {
                "kpi_survey_ballot",
                "kpi_survey_sealed",
            }
            cr.execute(
                "SELECT COUNT(*) FROM res_device_log AS device"
                " JOIN res_users AS person ON person.id = device.user_id"
                " WHERE person.login = %s",
                [LOGGED_IN],
            )
            assert cr.fetchone()[0], "what is looked for is noted elsewhere"


def test_answer_of_the_server_is_lost(campaign, phone):
    """It is counted already; sent again, it is not counted twice."""
    code = campaign.code()
    page = phone(expected_errors=True)
    fill(page, campaign, code)

    def lose(route):
        post(route.request.url, route.request.post_data)
        route.abort()

    page.route("**/submit", lose, times=1)
    send(page)
    page.locator("body[data-at=waiting] [data-action=send]").wait_for()
    assert kept(page)
    assert state(campaign, code) == "counted"
    send(page)
    at(page, "thanks")
    assert kept(page) == []


def test_without_a_connection_it_waits(campaign, phone):
    code = campaign.code()
    page = phone(expected_errors=True)
    fill(page, campaign, code)
    page.context.set_offline(True)
    send(page)
    page.locator("body[data-at=waiting] [data-action=send]").wait_for()
    check_accessible(page)
    assert kept(page)
    page.context.set_offline(False)
    at(page, "thanks")
    assert state(campaign, code) == "counted"


def test_taken_back_nothing_is_sent(campaign, phone):
    code = campaign.code()
    page = phone(expected_errors=True)
    fill(page, campaign, code)
    page.route("**/submit", lambda route: route.abort(), times=1)
    send(page)
    page.locator("body[data-at=waiting] [data-action=back]").click()
    at(page, "review")
    page.reload()
    at(page, "review")
    assert state(campaign, code) == "open"
    send(page)
    at(page, "thanks")


def test_closed_after_sending_failed_it_is_sent_the_next_time(campaign, phone):
    code = campaign.code()
    page = phone(expected_errors=True)
    fill(page, campaign, code)
    page.route("**/submit", lambda route: route.abort(), times=1)
    send(page)
    page.locator("body[data-at=waiting] [data-action=send]").wait_for()
    page.reload()
    at(page, "thanks")
    assert state(campaign, code) == "counted"


def test_shared_computer(campaign, phone):
    """Each code has its own answers, and forgetting leaves nothing."""
    first, second = campaign.code(), campaign.code()
    page = phone()
    begin(page, campaign, first)
    mark(page, 0, 7)
    page.goto("about:blank")
    begin(page, campaign, second)
    expect(page.locator("fieldset.criterion input[value='']").first).to_be_checked()
    mark(page, 0, 4)
    page.goto("about:blank")
    page.goto(f"{campaign.link}#{first}")
    at(page, "own")
    expect(page.locator("fieldset.criterion input[value='7']").first).to_be_checked()
    page.locator("#forget").click()
    check_accessible(page)
    page.locator("#forget-yes").click()
    page.locator("#code").wait_for()
    assert len(kept(page)) == 1
    page.reload()
    page.locator("#code").wait_for()
    assert state(campaign, first) == "open"


def test_wrong_code_is_told(campaign, phone):
    page = phone(expected_errors=True)
    page.goto(campaign.link)
    page.locator("#code").fill("0000-0000-0000-0000")
    page.locator("form.code button").click()
    expect(page.locator("#code-problem")).not_to_be_empty()
    expect(page.locator("#code")).to_be_focused()
    check_accessible(page)


def test_language_is_chosen_and_remembered(campaign, phone):
    code = campaign.code()
    page = phone()
    begin(page, campaign, code)
    mark(page, 0, 7)
    assert page.locator("html").get_attribute("lang") == "en-US"
    page.locator(".languages a[lang=ru-RU]").click()
    page.locator("html[lang=ru-RU]").wait_for()
    at(page, "own")
    expect(page.locator("fieldset.criterion input[value='7']").first).to_be_checked()
    page.goto("about:blank")
    page.goto(f"{campaign.link}#{code}")
    page.locator("html[lang=ru-RU]").wait_for()
    at(page, "own")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accessible_on_every_step(campaign, phone, scheme):
    page = phone(color_scheme=scheme)
    page.goto(campaign.link)
    page.locator("#code").wait_for()
    check_accessible(page)
    page.goto("about:blank")
    page.goto(f"{campaign.link}#{campaign.code()}")
    page.locator("[data-action=begin]").wait_for()
    check_accessible(page)
    page.locator("[data-action=begin]").click()
    for number, value in enumerate((1, 5, 7, 9, 10)):
        mark(page, number, value)
    page.locator(".legend summary").click()
    check_accessible(page)
    next_step(page)
    rate(page, RATED, answers=1)
    check_accessible(page)
    next_step(page)
    at(page, "votes")
    for number in range(5):
        page.locator("#colleague-search").fill(f"Сотрудник {number} (Юрид")
        page.locator(".colleague").first.click()
    page.locator("#colleague-search").fill("сотрудник")
    expect(page.locator(".colleague").first).to_be_disabled()
    check_accessible(page)
    next_step(page)
    send(page)
    expect(page.locator("#send-problem")).not_to_be_empty()
    check_accessible(page)
    page.goto(f"{campaign.link}/privacy")
    page.locator("main.text h1").wait_for()
    check_accessible(page)
