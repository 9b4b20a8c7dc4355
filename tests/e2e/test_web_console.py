"""A tablet in the shop: its presses reach Odoo, whatever happens on the way."""

import contextlib
import itertools
import os
import shutil

import pytest
from kpienv import logcheck, procs, testrun
from playwright.sync_api import expect

BUTTONS = ["seller", "yes", "no", "unsure"]
SCREEN = {"width": 1024, "height": 768}
# A tablet tries again a minute after a server was gone for long.
PATIENCE = 90_000


class Server:
    """An Odoo of our own on the same database, to be ended and started at will."""

    def __init__(self, folder):
        self.folder = folder
        self.port = procs.free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.starts = itertools.count(1)
        self.logs = []
        self.running = contextlib.ExitStack()

    def start(self):
        self.logs.append(self.folder / f"server_{next(self.starts)}.log")
        self.running.enter_context(
            testrun.server(os.environ["KPI_E2E_DB"], self.logs[-1], self.port)
        )

    def stop(self):
        self.running.close()


@pytest.fixture
def server(tmp_path):
    server = Server(tmp_path)
    server.start()
    yield server
    server.stop()
    problems = [text for log in server.logs for text in logcheck.check(log)]
    assert not problems, "\n".join(problems)


class Odoo:
    """What the KPI manager does in the back office."""

    def __init__(self, page):
        self.request = page.context.request

    def call(self, model, method, *args, **kwargs):
        answer = self.request.post(
            f"/web/dataset/call_kw/{model}/{method}",
            data={
                "params": {
                    "model": model,
                    "method": method,
                    "args": args,
                    "kwargs": kwargs,
                }
            },
        ).json()
        assert "error" not in answer, answer
        return answer["result"]

    def console(self, name, kind="three_button"):
        """:return: ids of a new point and its tablet, and the tablet's address"""
        [site] = self.call("kpi.site", "search_read", [], ["company_id"], limit=1)
        [point] = self.call(
            "kpi.feedback.point",
            "create",
            [{"name": name, "kind": kind, "site_id": site["id"]}],
        )
        values = {"name": name, "kind": "web", "point_id": point}
        values["company_id"] = site["company_id"][0]
        [console] = self.call("kpi.console", "create", [values])
        if kind == "three_button":
            self.ask(point)
        return point, console, self.link(console)

    def ask(self, point):
        """A question of the point's own, whatever the company asks."""
        [question] = self.call(
            "kpi.feedback.question", "create", [{"kind": "staff", "text": "Content?"}]
        )
        values = {"point_id": point, "question_id": question}
        self.call("kpi.feedback.question.period", "create", [values])

    def link(self, console):
        [values] = self.call("kpi.console", "read", [console], ["web_link"])
        return values["web_link"][values["web_link"].index("/kpi/console/") :]

    def presses(self, point):
        """In the order in which they were stored."""
        return self.call(
            "kpi.feedback.event",
            "search_read",
            [["point_id", "=", point]],
            ["uuid", "button", "source"],
            order="id",
        )


@pytest.fixture
def odoo(login):
    return Odoo(login("kpi"))


@pytest.fixture
def tablet(chromium, tmp_path):
    """Open a browser with a memory of its own, as one after a power cut."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    with contextlib.ExitStack() as stack:

        def tablet():
            context = chromium.browser_type.launch_persistent_context(
                tmp_path / "tablet",
                executable_path=path,
                args=["--no-sandbox", "--disable-gpu"],
                viewport=SCREEN,
                has_touch=True,
            )
            stack.callback(context.close)
            context.set_default_timeout(PATIENCE)
            page = context.pages[0]
            page.on("pageerror", lambda error: errors.append(str(error)))
            return page

        errors = []
        yield tablet
    assert not errors, "\n".join(errors)


def ready(page):
    """The page is there, and so is what starts it without a server."""
    page.locator("body[data-state=online]").wait_for()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")


def press(page, count, buttons):
    """Press, by keyboard: a thank-you on the screen is in nobody's way then."""
    pressed = []
    for _number in range(count):
        button = next(buttons)
        page.locator(f"[data-button={button}]").press("Enter")
        pressed.append(button)
    return pressed


def queue(page, count):
    """Wait until so many presses are on the tablet's disk, and no more on their way."""
    page.locator(
        f"body[data-queue='{count}']:is([data-writing='0'], :not([data-writing]))"
    ).wait_for()


def test_fifty_presses_through_an_outage_a_reload_and_a_restart(server, odoo, tablet):
    point, _console, link = odoo.console("Through thick and thin")
    page = tablet()
    page.goto(server.url + link)
    ready(page)
    buttons = itertools.cycle(BUTTONS)
    pressed = press(page, 10, buttons)
    queue(page, 0)

    page.context.set_offline(True)
    pressed += press(page, 12, buttons)
    queue(page, 12)
    page.reload()
    queue(page, 12)
    pressed += press(page, 8, buttons)
    queue(page, 20)
    page.context.set_offline(False)
    queue(page, 0)

    server.stop()
    pressed += press(page, 10, buttons)
    queue(page, 10)
    page.reload()
    pressed += press(page, 5, buttons)
    queue(page, 15)
    server.start()
    pressed += press(page, 5, buttons)
    queue(page, 0)

    assert len(pressed) == 50
    stored = odoo.presses(point)
    assert len({press["uuid"] for press in stored}) == 50
    assert [press["button"] for press in stored] == pressed
    assert {press["source"] for press in stored} == {"web"}


def test_cold_start_without_the_server(server, odoo, tablet):
    point, _console, link = odoo.console("Cold start")
    page = tablet()
    page.goto(server.url + link)
    ready(page)
    page.context.close()
    server.stop()

    page = tablet()
    page.goto(server.url + link)
    page.locator("body[data-state=offline]").wait_for()
    pressed = press(page, 4, iter(BUTTONS))
    queue(page, 4)
    page.context.close()
    page = tablet()
    page.goto(server.url + link)
    queue(page, 4)

    server.start()
    queue(page, 0)
    assert [press["button"] for press in odoo.presses(point)] == pressed


def test_revoked_tablet_keeps_its_presses_for_the_new_link(server, odoo, tablet):
    point, console, link = odoo.console("Revoked")
    page = tablet()
    page.goto(server.url + link)
    ready(page)
    page.context.set_offline(True)
    pressed = press(page, 3, iter(BUTTONS))
    queue(page, 3)
    odoo.call("kpi.console", "action_revoke", [console])
    page.context.set_offline(False)
    page.locator("[data-message=revoked]").wait_for()
    assert "3" in page.locator(".message-kept").inner_text()
    assert not page.locator("[data-button]").count()
    assert not odoo.presses(point)

    odoo.call("kpi.console", "action_renew_web_link", [console])
    page.goto(server.url + odoo.link(console))
    ready(page)
    queue(page, 0)
    assert [press["button"] for press in odoo.presses(point)] == pressed


def test_counted_visitor_can_be_taken_back(server, odoo, tablet):
    point, _console, link = odoo.console("Door", "counting")
    page = tablet()
    page.goto(server.url + link)
    ready(page)
    count = page.locator(".today-count")
    for number in (1, 2, 3):
        page.locator("[data-button=visitor]").click()
        expect(count).to_have_text(str(number))
    page.locator("[data-action=undo]").click()
    expect(count).to_have_text("2")
    queue(page, 0)
    assert len(odoo.presses(point)) == 2


def test_held_red_button_tells_how_long(server, odoo, tablet):
    point, _console, link = odoo.console("Held", "red_button")
    page = tablet()
    page.goto(server.url + link)
    ready(page)
    page.locator("[data-button=complaint]").hover()
    page.mouse.down()
    page.locator(".giant-red.is-long").wait_for()
    page.mouse.up()
    page.locator(".thanks").wait_for()
    queue(page, 0)
    [press] = odoo.call(
        "kpi.feedback.event",
        "search_read",
        [["point_id", "=", point]],
        ["button", "held_ms"],
    )
    assert press["button"] == "complaint"
    assert 3000 <= press["held_ms"] < 6000


def test_seller_asks_and_the_customer_answers(server, odoo, tablet):
    point, _console, link = odoo.console("Asked")
    page = tablet()
    page.goto(server.url + link)
    ready(page)
    page.locator("[data-button=seller]").click()
    page.locator(".is-invited .question-invite").wait_for()
    page.reload()
    page.locator(".is-invited .question-invite").wait_for()
    page.locator("[data-button=yes]").click()
    page.locator(".thanks").wait_for()
    page.locator(".thanks").wait_for(state="detached")
    page.locator("[data-button=yes]").wait_for()
    queue(page, 0)
    polls = odoo.call(
        "kpi.feedback.poll", "search_read", [["point_id", "=", point]], ["answer"]
    )
    assert [poll["answer"] for poll in polls] == ["yes"]
