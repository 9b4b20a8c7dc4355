"""The exported workbook: recalculated, it has to give the stored figures."""

import csv
import io
from datetime import date, datetime
from itertools import product

import formulas
import openpyxl
import pytest

from odoo.addons.kpi_quality.report.bonus_csv import write_csv
from odoo.addons.kpi_quality.report.bonus_data import (
    Bonus,
    Card,
    CardLine,
    Labels,
    Line,
    Person,
    Run,
    Step,
)
from odoo.addons.kpi_quality.report.bonus_workbook import write_workbook
from odoo.addons.kpi_quality.tools.coefficient import LineScore, coefficient
from odoo.addons.kpi_quality.tools.curve import Curve, bonus_percent
from odoo.addons.kpi_quality.tools.money import round_money, scale_to_fund
from odoo.addons.kpi_quality.tools.score import METHODS, Thresholds, score

KINDS = {
    "bonus": "Bonus",
    "adjustment": "Adjustment",
    "one_off": "One-off item",
    "deduction": "Deduction",
}
LABELS = Labels(KINDS, *(name.replace("_", " ") for name in Labels._fields[1:]))
POINTS = ((85.0, 70.0), (100.0, 100.0), (120.0, 160.0))
GATED = Curve("points", 85.0, None, POINTS)
UNGATED = Curve("points", None, None, POINTS)

# FORMULAS.md, "Performance coefficient": indicator, weight, thresholds, fact.
SELLER = (
    ("Department revenue", 0.50, (4.0e6, 5.0e6, 5.5e6), 4.6e6),
    ("Exact conversion", 0.15, (20.0, 30.0, 35.0), 27.0),
    ("Visitor coverage", 0.15, (80.0, 95.0, 100.0), 92.0),
    ("Dissatisfaction", 0.15, (5.0, 2.0, 1.0), 2.5),
    ("Standards", 0.05, (70.0, 85.0, 95.0), None),
)
DISSATISFACTION = 4  # the key of that line


# ------------------------------------------------------------ what is exported
def make_card(
    rows=SELLER,
    missing="exclude",
    heir=None,
    method="anchors",
    anchors=(0.0, 100.0, 120.0),
):
    """A scorecard with the figures that the formulas of ``tools/`` give it."""
    scores = [score(fact, Thresholds(*t), method, anchors) for *_rest, t, fact in rows]
    result = coefficient(
        LineScore(key, row[1], value, missing, heir if value is None else None)
        for key, (row, value) in enumerate(zip(rows, scores, strict=True), 1)
    )
    lines = tuple(
        CardLine(
            key=key,
            indicator=name,
            unit="Percent",
            decimals=2,
            weight=weight,
            thresholds=Thresholds(*thresholds),
            method=method,
            fact=fact,
            no_data="Nothing was measured" if fact is None else "",
            missing=missing,
            heir=heir if fact is None else None,
            score=value or 0.0,
            weight_in_force=result.weights[key],
            contribution=result.weights[key] * (value or 0.0),
        )
        for key, ((name, weight, thresholds, fact), value) in enumerate(
            zip(rows, scores, strict=True), 1
        )
    )
    return Card("Seller", anchors, result.value, lines)


def card_of(value):
    """A scorecard of one line with that coefficient."""
    return make_card(
        [("Own work", 1.0, (0.0, 100.0, 200.0), value)], method="from_base"
    )


def make_bonus(card=None, curve=UNGATED, wage=50_000.0, **values):
    """A bonus line, not rounded yet.

    :param wage: None for a fixed premium of 20 000
    """
    card = make_card() if card is None else card
    premium = 20_000.0 if wage is None else wage * 30.0 / 100
    proration, share = values.pop("proration", 1.0), values.pop("share", 1.0)
    problem = values.pop("problem", "")
    percent = 0.0 if problem else bonus_percent(card.coefficient, curve)
    bonus = Bonus(
        scheme="Sellers",
        card=card,
        curve=curve,
        coefficient=card.coefficient,
        wage=wage,
        wage_percent=30.0,
        premium=premium,
        proration=proration,
        days="3/1/2025 – 3/31/2025",
        share=share,
        percent=percent,
        problem=problem,
    )
    before = premium * proration * share * percent / 100
    return Line(
        key=1,
        kind="bonus",
        department="Retail",
        position="Seller",
        before_fund=before,
        fund_factor=1.0,
        amount=round_money(before, 2),
        note=problem,
        bonus=bonus,
    )


def make_item(kind, amount, note="For the fair"):
    return Line(2, kind, "Retail", "Seller", amount, 1.0, amount, note, None)


def make_run(*people, fund=None, **values):
    """A run; the fund, if any, cuts its bonuses as ``kpi.bonus.run`` does.

    :param people: (name, lines)
    """
    factor = 1.0
    if fund is not None:
        bonuses = [ln for _name, lines in people for ln in lines if ln.bonus]
        factor, amounts = scale_to_fund([ln.before_fund for ln in bonuses], fund, 2)
        amount = iter(amounts)
        people = [
            (
                name,
                [
                    ln._replace(amount=next(amount), fund_factor=factor)
                    if ln.bonus
                    else ln
                    for ln in lines
                ],
            )
            for name, lines in people
        ]
    return Run(
        **{
            "name": "Bonuses March 2025",
            "company": "Bed & Breakfast",
            "currency": "EUR",
            "money": '#,##0.00\\ "€"',
            "decimals": 2,
            "period": "March 2025",
            "date_from": date(2025, 3, 1),
            "date_to": date(2025, 3, 31),
            "state": "Approved",
            "steps": (Step("Approved", "Boris", datetime(2025, 4, 2, 15, 30)),),
            "fund": fund,
            "fund_factor": factor,
            "empty_reason": "",
            "people": tuple(
                Person(key, name, tuple(lines))
                for key, (name, lines) in enumerate(people, 1)
            ),
            **values,
        }
    )


# -------------------------------------------------------------- how it is read
class Workbook:
    """An exported file: as written, as stored, and as recalculated."""

    def __init__(self, content, path):
        path.write_bytes(content)
        self.written = openpyxl.load_workbook(path)
        self.stored = openpyxl.load_workbook(path, data_only=True)
        solution = formulas.ExcelModel().loads(str(path)).finish().calculate()
        self.recalculated = {
            (sheet.title, cell.coordinate): solution[
                f"'[{path.name}]{sheet.title.upper()}'!{cell.coordinate}"
            ].value[0, 0]
            for sheet in self.written
            for row in sheet.iter_rows()
            for cell in row
            if cell.data_type == "f"
        }

    def differences(self):
        """Formulas that give something else than what is stored beside them."""
        return [
            (sheet, cell, self.written[sheet][cell].value, stored, recalculated)
            for (sheet, cell), recalculated in self.recalculated.items()
            if recalculated
            != pytest.approx(stored := self.stored[sheet][cell].value, abs=1e-8)
        ]

    def figure(self, sheet, label, column=None):
        """The recalculated figure in the row of a label; the last cell without."""
        row = next(
            row
            for row in self.written[sheet].iter_rows()
            if any(cell.value == label for cell in row)
        )
        cells = [cell for cell in row if cell.value is not None]
        cell = row[column] if column is not None else cells[-1]
        return self.recalculated.get((sheet, cell.coordinate), cell.value)

    def verdicts(self):
        """Of the sheets, and of the fund where there is one."""
        return [
            value
            for (sheet, cell), value in sorted(self.recalculated.items())
            if sheet == "summary" and cell.startswith("O")
        ]


@pytest.fixture
def export(tmp_path):
    def export(run, labels=LABELS):
        return Workbook(write_workbook(run, labels), tmp_path / "run.xlsx")

    return export


# ----------------------------------------------------------------- scorecards
@pytest.mark.parametrize(
    "missing, heir, expected",
    [
        ("heir", DISSATISFACTION, 30 + 10.5 + 12 + 0.20 * 250 / 3),
        ("exclude", None, 65 / 0.95),
        ("zero", None, 65.0),
        ("block", None, 65 / 0.95),
    ],
)
def test_missing_fact(export, missing, heir, expected):
    card = make_card(missing=missing, heir=heir)
    book = export(make_run(("Anna", [make_bonus(card)])))
    assert book.differences() == []
    assert book.figure("Anna", LABELS.coefficient) == pytest.approx(expected)
    assert book.verdicts() == ["ok"]


def test_line_without_fact_says_why(export):
    card = make_card(missing="heir", heir=DISSATISFACTION)
    book = export(make_run(("Anna", [make_bonus(card)])))
    [line] = [
        [cell.value for cell in row]
        for row in book.written["Anna"].iter_rows()
        if row[0].value == "Standards"
    ]
    assert line[6] == "no data"
    assert line[7] is None  # no score
    assert line[11] == "no data: Nothing was measured."
    assert book.figure("Anna", "Dissatisfaction") == "heir: Standards."


def test_no_line_has_a_fact(export):
    rows = [(name, weight, t, None) for name, weight, t, _fact in SELLER]
    problem = "No line of the scorecard has a figure"
    book = export(make_run(("Anna", [make_bonus(make_card(rows), problem=problem)])))
    assert book.differences() == []
    assert book.figure("Anna", LABELS.coefficient) == "no data"
    assert book.figure("Anna", LABELS.percent) == problem
    assert book.figure("Anna", LABELS.amount) == 0
    assert book.figure("summary", "Retail") == problem


@pytest.mark.parametrize("method", METHODS)
def test_scores(export, method):
    """Each method on rising, falling, level and unusual thresholds, at every corner."""
    thresholds = (
        (80.0, 100.0, 120.0),
        (80.0, 100.0, 100.0),
        (-10.0, 0.0, 10.0),
        (12.0, 4.0, 2.0),
        (12.0, 4.0, 0.0),
        (5.0, 0.0, 0.0),
        (12.0, 4.0, 4.0),
    )
    parts = (-0.5, -1e-9, 0.0, 0.3, 1.0, 1.4, 2.0, 5.0)
    rows = [
        (
            f"{values} at {part}",
            0.01,
            values,
            values[0] + part * (values[1] - values[0]),
        )
        for values, part in product(thresholds, parts)
    ]
    card = make_card(rows, method=method, anchors=(50.0, 100.0, 150.0))
    assert len({line.score for line in card.lines}) > 5
    book = export(make_run(("Anna", [make_bonus(card)])))
    assert book.differences() == []


# --------------------------------------------------------------------- curves
@pytest.mark.parametrize(
    "curve",
    [
        GATED,
        UNGATED,
        Curve("points", 0.0, 140.0, POINTS),
        Curve("points", None, None, ((100.0, 50.0),)),
        Curve("points", 90.0, None, ((80.0, 50.0), (100.0, 120.0), (110.0, 90.0))),
        Curve("linear", 85.0, None, ((85.0, 70.0), (120.0, 160.0))),
        Curve("power", 85.0, 160.0, (), 2.0),
        Curve("power", None, None, (), 0.5),
    ],
    ids=lambda curve: f"{curve.kind}-{curve.gate}-{curve.cap}-{len(curve.points)}",
)
def test_curves(export, curve):
    coefficients = (0.0, 84.99, 85.0, 85.01, 90.0, 100.0, 110.0, 120.0, 140.0)
    people = [
        (f"At {value}", [make_bonus(card_of(value), curve)]) for value in coefficients
    ]
    book = export(make_run(*people))
    assert book.differences() == []
    assert [
        book.figure(name, LABELS.percent, column=1) for name, _lines in people
    ] == pytest.approx([bonus_percent(value, curve) for value in coefficients])


def test_gate_of_the_formulas(export):
    expected = {84.99: 0, 85.0: 0, 85.01: 70.02, 90.0: 80, 110.0: 130, 140.0: 160}
    people = [(f"At {x}", [make_bonus(card_of(x), GATED)]) for x in expected]
    book = export(make_run(*people))
    for x, percent in expected.items():
        assert book.figure(f"At {x}", LABELS.percent) == pytest.approx(percent)


# ---------------------------------------------------------------------- money
def test_premium_and_shares(export):
    book = export(
        make_run(
            ("By wage", [make_bonus(card_of(90.0), proration=20 / 31, share=0.6)]),
            ("Fixed", [make_bonus(card_of(110.0), wage=None, share=0.4)]),
        )
    )
    assert book.differences() == []
    # 15 000 x 20/31 x 0.6 x 80 % and 20 000 x 0.4 x 130 %
    assert book.figure("By wage", LABELS.total) == pytest.approx(4645.16)
    assert book.figure("Fixed", LABELS.total) == pytest.approx(10400)
    assert book.figure("summary", LABELS.on_sheets, 13) == pytest.approx(15045.16)


def test_two_functions_and_items(export):
    lines = [
        make_bonus(card_of(100.0), share=0.5),
        make_bonus(card_of(120.0), share=0.5),
        make_item("adjustment", -1_200.5),
        make_item("one_off", 3_000.0),
        make_item("deduction", -500.0, "Broken scanner"),
    ]
    book = export(make_run(("Anna", lines), ("Boris", [make_bonus()])))
    assert book.differences() == []
    assert book.verdicts() == ["ok"]
    # 7 500 x 100 % + 7 500 x 160 % - 1 200.50 + 3 000 - 500
    assert book.figure("Anna", LABELS.total) == pytest.approx(20_799.5)
    assert book.figure("Anna", "Deduction") == "Broken scanner"


def test_only_items(export):
    book = export(make_run(("Anna", [make_item("one_off", 3_000.0)])))
    assert book.differences() == []
    assert book.figure("Anna", LABELS.total) == 3_000


def test_fund_scales_the_bonuses_and_is_met_exactly(export):
    """Three equal shares of 100.00: 33.34 + 33.33 + 33.33."""
    people = [
        (name, [make_bonus(card_of(100.0))]) for name in ("Anna", "Boris", "Vera")
    ]
    people[1][1].append(make_item("one_off", 50.0))
    run = make_run(*people, fund=100.0)
    assert [line.amount for line in run.bonuses] == [33.34, 33.33, 33.33]
    book = export(run)
    assert book.differences() == []
    assert book.verdicts() == ["ok", "ok"]
    assert book.figure("summary", LABELS.bonuses, 13) == pytest.approx(100.0)
    assert book.figure("summary", LABELS.fund_factor, 13) == pytest.approx(1 / 450)
    assert book.figure("Anna", LABELS.moved_unit) == 0.01
    assert book.figure("Boris", LABELS.total) == pytest.approx(83.33)


def test_fund_that_suffices(export):
    book = export(make_run(("Anna", [make_bonus(card_of(100.0))]), fund=15_000.0))
    assert book.differences() == []
    assert book.verdicts() == ["ok", "ok"]
    assert book.figure("Anna", LABELS.total) == 15_000


# --------------------------------------------------------------------- checks
def test_amount_that_does_not_follow_is_found(export):
    """Stored amounts that are no result of the calculation, though the sum is right."""
    anna, boris = make_bonus(card_of(100.0)), make_bonus(card_of(100.0))
    run = make_run(
        ("Anna", [anna._replace(amount=anna.amount + 10)]),
        ("Boris", [boris._replace(amount=boris.amount - 10)]),
        fund=40_000.0,
    )
    run = run._replace(
        people=tuple(
            person._replace(
                lines=tuple(
                    ln._replace(amount=ln.amount + delta) for ln in person.lines
                )
            )
            for person, delta in zip(run.people, (10, -10), strict=True)
        )
    )
    book = export(run)
    assert book.recalculated["overview", "E2"] == pytest.approx(-10)
    assert book.recalculated["overview", "E3"] == pytest.approx(10)
    assert book.verdicts() == ["wrong", "ok"]
    assert book.differences() != []


def test_bonuses_over_the_fund_are_found(export):
    run = make_run(("Anna", [make_bonus(card_of(100.0))]), fund=15_000.0)
    book = export(run._replace(fund=14_999.0))
    assert book.verdicts()[-1] == "over fund"


def test_scorecard_changed_after_computing(export):
    """The bonus follows from the coefficient of the run, and the sheet says so."""
    line = make_bonus(card_of(100.0))
    changed = line._replace(bonus=line.bonus._replace(card=card_of(110.0)))
    book = export(make_run(("Anna", [changed])))
    assert book.differences() == []
    assert book.figure("Anna", LABELS.coefficient) == pytest.approx(110)
    assert book.figure("Anna", LABELS.card_changed) == LABELS.card_changed
    assert book.figure("Anna", LABELS.run_coefficient) == 100
    assert book.figure("Anna", LABELS.total) == 15_000


def test_empty_run(export):
    book = export(make_run(empty_reason="There is no bonus scheme."))
    assert book.recalculated == {}
    assert book.written["summary"]["B11"].value == "There is no bonus scheme."


# ---------------------------------------------------------------------- names
HOSTILE = (
    "=1+1",
    "@SUM(A1)",
    "https://example.com",
    "History",
    "summary",
    "SUMMARY",
    "'quoted'",
    "a[b]c:d*e?f/g\\h",
    "Константин Константинович Константинопольский",
    "Константин Константинович Константинопольская",
    "😀" * 40,
    "   ",
    "R1C1",
    "<b>&amp;",
    "\x07bell",
)


def test_hostile_names(export):
    people = [(name, [make_bonus(card_of(100.0))]) for name in HOSTILE]
    book = export(make_run(*people))
    assert book.differences() == []
    assert len(book.recalculated) > 10 * len(HOSTILE)
    titles = book.written.sheetnames
    assert len(titles) == len({title.lower() for title in titles}) == len(HOSTILE) + 2
    assert "History" not in titles
    for title, (name, _lines) in zip(titles[2:], people, strict=True):
        cell = book.written[title]["A1"]
        assert cell.data_type != "f"
        assert cell.value == name.replace("\x07", " ")


def test_apostrophe_in_a_name(export):
    """Doubled in references; the recalculating library cannot read that, Excel can."""
    run = make_run(("O'Brien", [make_bonus()]), ("Anna", [make_bonus()]))
    workbook = openpyxl.load_workbook(io.BytesIO(write_workbook(run, LABELS)))
    assert workbook.sheetnames[2] == "O'Brien"
    total = workbook["overview"]["D2"].value
    assert total == workbook["overview"]["D3"].value.replace("Anna", "O''Brien")
    assert workbook["summary"]["B11"].hyperlink.location == "'O''Brien'!A1"


def test_links_lead_to_the_sheet_and_back(export):
    people = [(name, [make_bonus(), make_item("one_off", 1.0)]) for name in HOSTILE]
    book = export(make_run(*people)).written
    for place, title in enumerate(book.sheetnames[2:]):
        row = 11 + 2 * place
        quoted = title.replace("'", "''")
        target = f"'{quoted}'!A1"
        assert book["summary"].cell(row, 2).hyperlink.location == target
        assert book["summary"].cell(row + 1, 2).hyperlink.location == target
        assert book["overview"].cell(2 + place, 2).hyperlink.location == target
        assert book[title]["A2"].hyperlink.location == f"'summary'!B{row}"


def test_texts_that_could_end_a_formula(export):
    labels = LABELS._replace(
        kinds={**KINDS, "bonus": 'The "bonus" & more'}, ok='"fine"'
    )
    run = make_run(("Anna", [make_bonus(card_of(100.0))]), fund=10_000.0)
    book = export(run, labels)
    assert book.differences() == []
    assert book.recalculated["summary", "O3"] == '"fine"'
    assert book.figure("summary", LABELS.bonuses, 13) == pytest.approx(10_000)


def test_long_text_is_cut(export):
    book = export(make_run(("Anna", [make_item("one_off", 1.0, "x" * 40_000)])))
    assert len(book.figure("summary", "x" * 32_767, 14)) == 32_767


# -------------------------------------------------------------------- looks
def test_pages_and_formats(export):
    book = export(make_run(("Anna", [make_bonus()]))).written
    panes = {sheet.title: sheet.freeze_panes for sheet in book}
    assert panes == {"summary": "C11", "overview": "C2", "Anna": "B3"}
    for sheet in book:
        assert sheet.page_setup.paperSize == 9  # A4
        assert sheet.page_setup.fitToHeight == 0
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert book["summary"]["N11"].number_format == '#,##0.00\\ "€"'
    assert book["summary"]["D4"].value == datetime(2025, 3, 1)
    assert book["summary"]["D4"].is_date
    assert "Bed && Breakfast" in book["Anna"].oddFooter.left.text


# ------------------------------------------------------------------------ csv
def read_csv(content, delimiter):
    assert content.startswith(b"\xef\xbb\xbf")
    text = content.decode("utf-8-sig")
    heading, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return [dict(zip(heading, row, strict=True)) for row in rows]


@pytest.mark.parametrize("decimal_point, delimiter", [(",", ";"), (".", ",")])
def test_csv(decimal_point, delimiter):
    run = make_run(
        (
            "Петрова, Анна; ст.",
            [make_bonus(card_of(90.5)), make_item("deduction", -0.5)],
        )
    )
    bonus, deduction = read_csv(write_csv(run, LABELS, decimal_point), delimiter)
    assert bonus["employee"] == "Петрова, Анна; ст."
    assert bonus["coefficient"] == f"90{decimal_point}5"
    assert bonus["amount"] == f"12150{decimal_point}0"
    assert bonus["date from"] == "2025-03-01"
    assert bonus["currency"] == "EUR"
    assert deduction["kind"] == "Deduction"
    assert deduction["amount"] == f"-0{decimal_point}5"
    assert deduction["coefficient"] == ""


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@A1", "\t=1", " =1", "＝1"])
def test_csv_calculates_nothing(name):
    run = make_run((name, [make_item("one_off", 1.0, f"{name};x")]))
    [row] = read_csv(write_csv(run, LABELS, ","), ";")
    assert row["employee"] == f"'{name}"
    assert row["note"] == f"'{name};x"


def test_csv_of_an_empty_run():
    assert read_csv(write_csv(make_run(), LABELS, "."), ",") == []
