"""What customers pressed in the demo company, and what the boards make of it."""

from conftest import open_action

ROWS = ".o_data_row"


def test_the_board_names_the_crowded_office_of_kazan(login):
    page = login("kpi")
    open_action(page, "kpi_quality.kpi_feedback_board_action")
    page.locator("select.o_kpi_board_period").select_option("last_month")
    place = page.locator(".o_kpi_feedback_place[data-place=site_id]")
    place.select_option(label="Магазин Казань")
    page.locator(".o_kpi_feedback_diagnosis[data-cause=office]").wait_for()
    thin = page.locator(".o_kpi_feedback_thin:has-text('17')")
    assert "19" in thin.inner_text()
    place.select_option(label="Магазин Новосибирск")
    page.locator(".o_kpi_feedback_diagnosis[data-cause=none]").wait_for()


def test_the_signs_point_at_one_seller(login):
    page = login("expert")
    open_action(page, "kpi_quality.kpi_feedback_sign_action")
    bursts = page.locator(f"{ROWS}:has-text('Санкт-Петербург')")
    bursts.first.wait_for()
    names = bursts.locator("[name=employee_id]").all_inner_texts()
    assert len(names) >= 5
    assert len(set(names)) == 1


def test_force_majeure_of_the_standstill_is_confirmed(login):
    page = login("expert")
    open_action(page, "kpi_quality.kpi_force_majeure_action")
    page.locator(ROWS).first.wait_for()
    for _filter in range(page.locator(".o_facet_remove").count()):
        page.locator(".o_facet_remove").first.click()
    rows = page.locator(f"{ROWS}:has-text('Москва')")
    rows.first.wait_for()
    assert rows.count() == 4


def test_the_expert_judges_by_keyboard(login):
    page = login("expert")
    page.goto("/odoo/expert-desk")
    page.locator("[data-verdict=fair]").wait_for()
    page.keyboard.press("1")
    page.locator(".o_kpi_desk_confirm:enabled").wait_for()
    page.keyboard.press("Enter")
    page.locator(".o_kpi_desk_notice").wait_for()
    page.keyboard.press("u")
    page.locator("[data-verdict=fair]").wait_for()
