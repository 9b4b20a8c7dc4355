"""Charts of the survey's reports: what is not shown is a word, never a zero."""

from xml.etree import ElementTree

from odoo.addons.kpi_internal_survey.tools.charts import (
    Bar,
    Heat,
    Point,
    bars,
    colour,
    heat_map,
    profile,
    shade,
    trend,
)

SVG = "{http://www.w3.org/2000/svg}"


def parse(chart):
    return ElementTree.fromstring(str(chart))


def texts(chart):
    """What is read; the title of a text is shown by the mouse only."""
    found = parse(chart).iter(f"{SVG}text")
    return [element[0].tail if len(element) else element.text for element in found]


def count(chart, tag):
    return len(list(parse(chart).iter(SVG + tag)))


def test_a_bar_for_each_figure_and_a_word_where_there_is_none():
    chart = bars([Bar("IT", 7.5, "7.50"), Bar("HR", None, "too few people")])
    assert count(chart, "rect") == 1
    assert texts(chart) == ["IT", "7.50", "HR", "too few people"]


def test_bars_lie_on_the_scale_of_marks():
    chart = parse(bars([Bar("a", 1, ""), Bar("b", 5.5, ""), Bar("c", 10, "")]))
    widths = [float(bar.get("width")) for bar in chart.iter(f"{SVG}rect")]
    assert widths == [0, widths[2] / 2, widths[2]]


def test_texts_are_escaped_and_long_ones_wrapped():
    chart = bars([Bar("<b>&'" + " word" * 12, 5, "<5>")])
    first, second, value = texts(chart)
    assert first.startswith("<b>&'")
    assert second.startswith("word")
    assert value == "<5>"
    assert "<b>" not in str(chart)


def test_a_gap_in_a_profile_stays_a_gap():
    points = [
        Point("a", (5, 6)),
        Point("b", (None, 6), "too few people"),
        Point("c", (7, 8)),
    ]
    chart = profile(points, ["Others", "Company"])
    grid = 10
    # Two points and no line of the first series, three and two of the second.
    assert count(chart, "line") == grid + 2
    assert count(chart, "circle") == 2 + 1
    assert count(chart, "rect") == 3 + 1
    assert "too few people" in texts(chart)


def test_a_trend_of_one_cycle_or_none_is_drawn():
    assert count(trend([Point("2025", (7.0,))], ["Company"]), "circle") == 2
    assert count(trend([Point("2025", (None,))], ["Company"]), "circle") == 1
    assert count(trend([], ["Company"]), "circle") == 1


def test_a_heat_map_has_cells_where_somebody_was_asked():
    chart = heat_map(
        ["IT", "HR"],
        [
            ("IT", [Heat(None, "few"), None]),
            ("HR", [Heat(-1, "5.00", mark="conflict"), Heat(0.2, "7.10")]),
        ],
    )
    assert count(chart, "rect") == 3
    assert texts(chart) == ["IT", "HR", "IT", "few", "HR", "5.00", "7.10"]


def test_colours_run_from_low_over_white_to_high():
    assert colour(shade(7.0, 7.0, 2.0)) == "#ffffff"
    assert colour(shade(1.0, 7.0, 2.0)) == colour(-1) == "#d97a26"
    assert colour(shade(9.0, 7.0, 2.0)) == colour(1) == "#2f6fa8"
    assert shade(6.0, 7.0, 2.0) == -0.5
