"""The seed's case in the demo company: our own dock held the goods, not the vendors."""

import re

import pytest
from conftest import open_action


def numbers(text):
    """The numbers with a decimal, whatever the locale's separator."""
    return [float(n.replace(",", ".")) for n in re.findall(r"\d+[.,]\d+", text)]


def choose(page, process, period):
    page.locator(f"[data-process={process}]").click()
    page.locator(f"[data-process={process}].active").wait_for()
    page.locator("select.o_kpi_board_period").select_option(period)


@pytest.mark.parametrize("lead", ["warehouse", "procurement"])
def test_the_board_names_our_own_receiving(login, lead):
    page = login(lead)
    open_action(page, "kpi_quality.kpi_delays_board_action")
    choose(page, "inbound", "last_month")
    words = page.locator(".o_kpi_board_bottleneck[data-holder=own]")
    words.wait_for()
    own, total = sorted(numbers(words.inner_text()))
    assert 12 <= total <= 16
    assert 10.5 <= own <= 13.5


def test_receivers_and_couriers_find_what_waits_for_them(login):
    page = login("receiver")
    open_action(page, "kpi_quality.kpi_handover_action_arrivals")
    page.locator(".o_kpi_handover_card").first.wait_for()


def test_the_report_tells_the_hands_an_order_went_through(login):
    page = login("warehouse")
    open_action(page, "kpi_quality.kpi_order_report_action")
    page.locator(".o_data_row, .o_kanban_record:not(.o_kanban_ghost)").first.wait_for()
