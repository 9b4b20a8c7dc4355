"""A browser before the demo company: one login per test, and no error goes unseen."""

import os
import shutil

import pytest
from playwright.sync_api import sync_playwright

URL = os.environ.get("KPI_E2E_URL")
TIMEOUT = 30_000


@pytest.fixture(scope="session")
def chromium():
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "Chromium is missing: run `make setup`"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()


@pytest.fixture
def web(chromium):
    """A logged-out page; the test fails on any error in the browser's console."""
    assert URL, "KPI_E2E_URL is not set: run these tests by `make test`"
    context = chromium.new_context(
        base_url=URL,
        viewport={"width": 1400, "height": 900},
        accept_downloads=True,
    )
    context.set_default_timeout(TIMEOUT)
    page = context.new_page()
    errors = []
    page.on(
        "console",
        lambda message: errors.append(message.text) if message.type == "error" else 0,
    )
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on(
        "response",
        lambda answer: (
            errors.append(f"{answer.status} {answer.url}")
            if answer.status >= 500
            else 0
        ),
    )
    yield page
    context.close()
    assert not errors, "errors in the browser:\n" + "\n".join(errors)


@pytest.fixture
def login(web):
    """Log in as one of the demo users, whose password is the login."""

    def login(name):
        web.goto("/web/login")
        web.fill("input[name=login]", name)
        web.fill("input[name=password]", name)
        web.click("form.oe_login_form button[type=submit]")
        web.wait_for_selector(".o_web_client")
        return web

    return login


def open_action(page, xml_id):
    """Open a window action by its external id, as a menu does."""
    page.goto(f"/odoo/action-{xml_id}")
    page.wait_for_selector(".o_action_manager .o_control_panel")
