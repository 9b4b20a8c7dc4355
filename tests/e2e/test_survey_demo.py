"""The surveys of the demo company: what each role finds, and what it does not."""

import os
import re

import pytest


@pytest.fixture
def odoo(web):
    """Calls as one of the demo users, in the user's own session."""
    request = web.context.request

    def post(address, params):
        answer = request.post(address, data={"params": params}).json()
        assert "error" not in answer, answer
        return answer["result"]

    def as_user(name):
        post(
            "/web/session/authenticate",
            {"db": os.environ["KPI_E2E_DB"], "login": name, "password": name},
        )

        def call(model, method, *args, **kwargs):
            return post(
                f"/web/dataset/call_kw/{model}/{method}",
                {"model": model, "method": method, "args": args, "kwargs": kwargs},
            )

        return call

    return as_user


def campaigns(call):
    return call(
        "kpi.survey.campaign", "search_read", [], ["state", "name"], order="date_to asc"
    )


def test_the_board_sees_a_conflict_and_mutual_praise(odoo):
    call = odoo("board")
    found = campaigns(call)
    assert [row["state"] for row in found] == ["published", "published", "running"]
    cells = call(
        "kpi.survey.cell",
        "search_read",
        [["campaign_id", "=", found[1]["id"]], ["sign", "!=", False]],
        ["rater_id", "rated_id", "sign", "score"],
    )
    pairs = {
        sign: {
            (cell["rater_id"][1], cell["rated_id"][1])
            for cell in cells
            if cell["sign"] == sign
        }
        for sign in ("conflict", "praise")
    }
    buyers, warehouse = "Отдел закупок", "Центральный склад"
    assert {(buyers, warehouse), (warehouse, buyers)} <= pairs["conflict"]
    marketing, web = "Отдел маркетинга", "Интернет-магазин"
    assert pairs["praise"] == {(marketing, web), (web, marketing)}
    hidden = call("kpi.survey.cell", "search_count", [["is_hidden", "=", True]])
    assert hidden, "small groups are protected in the demo, too"


def test_comments_are_there_to_be_read(odoo):
    comments = odoo("board")("kpi.survey.comment", "search_read", [], ["text", "tone"])
    assert 60 <= len(comments) <= 100
    assert {row["tone"] for row in comments} == {"low", "high", "plain"}
    assert all(re.search("[а-яё]{3}", row["text"]) for row in comments)
    assert len({row["text"] for row in comments}) == len(comments)


def test_the_marks_are_believable_and_it_got_better(odoo):
    call = odoo("hr")
    results = call(
        "kpi.survey.result",
        "search_read",
        [["has_score", "=", True]],
        ["campaign_id", "unit_id", "score"],
    )
    first, second = (row["id"] for row in campaigns(call)[:2])
    company = {
        row["campaign_id"][0]: row["score"] for row in results if not row["unit_id"]
    }
    assert 6.9 <= company[first] <= company[second] <= 7.3
    scores = {
        row["campaign_id"][0]: row["score"]
        for row in results
        if row["unit_id"] and row["unit_id"][1] == "Отдел ИТ"
    }
    assert scores[first] < 5.8 and scores[second] > 7
    actions = call(
        "kpi.improvement",
        "search_read",
        [["kpi_campaign_id", "=", first]],
        ["state", "verdict"],
    )
    assert actions and {(a["state"], a["verdict"]) for a in actions} == {
        ("done", "improved")
    }


def test_a_director_sees_the_own_unit_and_the_figure_on_the_scorecard(odoo):
    call = odoo("it")
    [own] = call("hr.department", "search", [["kpi_is_led", "=", True]])
    comments = call("kpi.survey.comment", "search_read", [], ["department_id"])
    assert comments and {row["department_id"][0] for row in comments} == {own}
    assert not call("kpi.survey.cell", "search_count", [["kind", "!=", "own"]])
    [line] = call(
        "kpi.scorecard.line",
        "search_read",
        [["indicator_id.code", "=", "internal_service"]],
        ["fact", "has_fact", "weight", "plan"],
    )
    assert (line["has_fact"], line["weight"], line["plan"]) == (True, 0.25, 7)
    second = campaigns(call)[1]["id"]
    place = [["department_id", "=", own], ["campaign_id", "=", second]]
    [shown] = call("kpi.survey.result", "search_read", place, ["score"])
    assert round(line["fact"], 2) == shown["score"]


def test_payroll_knows_whom_to_reward(odoo):
    call = odoo("payroll")
    best = call("kpi.survey.best", "search_read", [["place", "<=", 3]], ["place"])
    assert len(best) >= 6
    assert not call("kpi.survey.result", "has_access", [], "read")


def test_the_running_one_waits_sealed_and_wrote_to_nobody(odoo):
    call = odoo("admin")
    running = campaigns(call)[2]
    units = call(
        "kpi.survey.unit",
        "search_read",
        [["campaign_id", "=", running["id"]]],
        ["invited"],
    )
    assert sum(unit["invited"] for unit in units) > 130
    for model in ("sealed", "ballot"):
        assert not call(f"kpi.survey.{model}", "has_access", [], "read")
    assert not call(
        "kpi.survey.result", "search", [["campaign_id", "=", running["id"]]]
    )
    letters = [["model", "=like", "kpi.survey%"]]
    assert not call("mail.mail", "search_count", letters)
