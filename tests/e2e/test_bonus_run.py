"""A payroll officer follows one bonus from the approved run down to the order."""

import csv
import io
from pathlib import Path

import openpyxl
from conftest import open_action


def number(text):
    """The digits of a shown amount, whatever the locale's separators."""
    return int("".join(c for c in text.split(",")[0] if c.isdigit()))


def test_from_the_run_to_the_order_and_to_excel(login, tmp_path):
    page = login("payroll")
    open_action(page, "kpi_quality.kpi_bonus_run_action")
    runs = page.locator(".o_data_row")
    runs.first.wait_for()
    assert runs.count() >= 2, "the demo company has a paid run and one to approve"

    # The oldest run is the paid one.
    runs.last.locator(".o_data_cell").first.click()
    page.locator(".o_form_view .o_statusbar_status").wait_for()
    assert page.locator("[name=amount_total]").inner_text().strip()

    with page.expect_download() as download:
        page.click("button[name=action_export_xlsx]")
    download.value.save_as(tmp_path / "run.xlsx")
    workbook = openpyxl.load_workbook(tmp_path / "run.xlsx")
    assert len(workbook.sheetnames) > 20, "a summary and a sheet per employee"
    with page.expect_download() as download:
        page.click("button[name=action_export_csv]")
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert len(list(csv.reader(io.StringIO(text), delimiter=";"))) > 20

    # One line that pays, by the list of lines.
    page.click("button[name=action_open_lines]")
    page.locator(".o_list_view .o_data_row").first.wait_for()
    page.locator(
        ".o_data_row:not(.text-danger) .o_data_cell[name=period_id]"
    ).first.click()
    page.locator(".o_form_view [name=explanation]").wait_for()
    assert "×" in page.locator("[name=explanation]").inner_text()
    page.locator("[name=curve_data] canvas").wait_for()

    # One figure of it, down to its documents and to the order itself.
    figures = page.locator("[name=scorecard_line_ids] .o_data_row")
    assert figures.count() >= 3
    figures.first.locator("button[name=action_open_documents]").click()
    page.locator(".o_list_view .o_data_row [name=reference]").first.wait_for()
    documents = page.locator(".o_data_row")
    assert documents.count() >= 1
    total = page.locator("tfoot [name=numerator], tfoot .o_list_number").first
    assert number(total.inner_text()) > 0


def test_second_officer_approves_what_the_first_computed(login):
    page = login("payroll")
    open_action(page, "kpi_quality.kpi_bonus_run_action")
    page.locator(".o_data_row").first.locator(".o_data_cell").first.click()
    page.locator(".o_form_view [name=cannot_approve_reason]").wait_for()
    assert not page.locator("button[name=action_approve]").count()


def test_plain_employee_sees_the_own_card_only(login):
    page = login("seller")
    open_action(page, "kpi_quality.kpi_scorecard_action_my")
    page.locator(".o_kanban_record:not(.o_kanban_ghost)").first.wait_for()
    names = {
        name.split("·")[0].strip()
        for name in page.locator(
            ".o_kanban_record [name=employee_id]"
        ).all_inner_texts()
    }
    assert len(names) <= 1
    page.locator(".o_kanban_record:not(.o_kanban_ghost)").first.click()
    page.locator(".o_form_view [name=line_ids]").wait_for()
    assert page.locator("[name=line_ids] .o_data_row").count() >= 3
