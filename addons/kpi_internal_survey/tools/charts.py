"""Charts of the printed reports, as SVG: pure functions from figures to markup.

A figure that is not there (None) is a word, never a bar of length zero; what tells two
series apart is their shape as well as their colour. Texts are escaped.
"""

from textwrap import wrap
from typing import NamedTuple

from markupsafe import Markup, escape

LOWEST, HIGHEST = 1, 10
WIDTH = 720
LABEL = 250
ROW = 24
# So many letters of a heat map's labels.
HEAT_COLUMN, HEAT_ROW = 34, 24
FONT = "font-family='sans-serif' font-size='11'"
INK, MUTED, GRID = "#222222", "#6b6b6b", "#dddddd"
OWN, OTHER = "#1f5f8b", "#9db8cc"
# Away from the middle, either way: orange is low, blue is high (also for those who
# do not tell red from green).
LOW, MIDDLE, HIGH = (217, 122, 38), (255, 255, 255), (47, 111, 168)
SERIES = (("#1f5f8b", "circle"), ("#6b6b6b", "diamond"), ("#d97a26", "square"))


class Bar(NamedTuple):
    """:param text: what stands beside the bar, or instead of one without a value"""

    label: str
    value: float | None
    text: str
    is_own: bool = False


class Point(NamedTuple):
    """A row of a profile or a column of a trend.

    :param values: one for each series, None where there is none
    :param text: instead of the first series where it has none
    """

    label: str
    values: tuple[float | None, ...]
    text: str = ""


class Heat(NamedTuple):
    """:param mark: ``conflict``, ``praise``, ``own`` or nothing: how it is framed"""

    value: float | None
    text: str
    title: str = ""
    mark: str | None = None


def bars(rows, middle=None):
    """Horizontal bars, one under the other.

    :param rows: of :class:`Bar`
    :param middle: drawn as a line through all of them, e.g. the company's score
    """
    left, right = LABEL, WIDTH - 100
    parts, y = [], 6
    if middle is not None:
        x, bottom = _position(middle, left, right), y + ROW * len(rows)
        parts.append(
            f"<line x1='{x:.1f}' y1='2' x2='{x:.1f}' y2='{bottom}' stroke='{INK}'"
            " stroke-dasharray='4 3'/>"
        )
    for row in rows:
        lines = wrap(row.label, 40)[:2] or [""]
        weight = "bold" if row.is_own else "normal"
        parts.append(_label(left - 8, y, lines, weight))
        if row.value is None:
            parts.append(_text(left + 4, y + 15, row.text, MUTED, style="italic"))
        else:
            length = _position(row.value, left, right) - left
            fill = OWN if row.is_own else OTHER
            parts.append(
                f"<rect x='{left}' y='{y + 3}' width='{length:.1f}' height='{ROW - 8}'"
                f" fill='{fill}'/>"
            )
            parts.append(_text(right + 10, y + 15, row.text, INK, weight=weight))
        y += ROW
    return _svg(parts, y + 4)


def profile(rows, series):
    """The series as lines down the rows, on the scale of marks.

    :param rows: of :class:`Point`
    :param series: names, in the order of the points' values
    """
    left, right, top = LABEL + 60, WIDTH - 24, 42
    bottom = top + ROW * len(rows)
    parts = [_legend(series)]
    for mark in range(LOWEST, HIGHEST + 1):
        x = _position(mark, left, right)
        parts.append(
            f"<line x1='{x:.1f}' y1='{top}' x2='{x:.1f}' y2='{bottom}'"
            f" stroke='{GRID}'/>"
        )
        parts.append(_text(x, top - 6, str(mark), MUTED, anchor="middle"))
    points = [[] for _name in series]
    for number, row in enumerate(rows):
        y = top + ROW * number
        parts.append(_label(left - 12, y, wrap(row.label, 42)[:2]))
        if row.text and row.values[0] is None:
            parts.append(_text(left + 6, y + 16, row.text, MUTED, style="italic"))
        for place, value in enumerate(row.values):
            x = None if value is None else _position(value, left, right)
            points[place].append((x, y + ROW / 2))
    # The first series lies on top.
    for place in reversed(range(len(series))):
        parts.append(_line(points[place], place))
    return _svg(parts, bottom + 8)


def trend(points, series):
    """The series as lines over the cycles.

    :param points: of :class:`Point`, the oldest first
    :param series: names, in the order of the points' values
    """
    left, right, top, height = 40, WIDTH - 40, 42, 150
    bottom = top + height
    known = [value for point in points for value in point.values if value is not None]
    low = max(LOWEST, int(min(known, default=LOWEST)) - 1)
    high = min(HIGHEST, int(max(known, default=HIGHEST)) + 2)
    parts = [_legend(series)]
    for mark in range(low, high + 1):
        y = bottom - height * (mark - low) / (high - low)
        parts.append(
            f"<line x1='{left}' y1='{y:.1f}' x2='{right}' y2='{y:.1f}'"
            f" stroke='{GRID}'/>"
        )
        parts.append(_text(left - 8, y + 4, str(mark), MUTED, anchor="end"))
    step = (right - left) / max(len(points), 1)
    lines = [[] for _name in series]
    for number, point in enumerate(points):
        x = left + step * (number + 0.5)
        label = "\n".join(wrap(point.label, 34)[:1])
        parts.append(_text(x, bottom + 18, label, INK, anchor="middle"))
        for place, value in enumerate(point.values):
            y = (
                None
                if value is None
                else bottom - height * (value - low) / (high - low)
            )
            lines[place].append((x, y))
    for place in reversed(range(len(series))):
        parts.append(_line(lines[place], place))
    return _svg(parts, bottom + 28)


def heat_map(columns, rows):
    """A table of coloured cells.

    :param columns: their labels
    :param rows: ``(label, cells)`` with :class:`Heat` or None for what is not asked
    :param cells: each :class:`Heat` has its colour in ``value``, -1 to 1
    """
    cell, left = 36, 190
    # At this angle a letter takes so much of the height and of the width.
    longest = max((min(len(label), HEAT_COLUMN) for label in columns), default=0)
    top, beyond = 16 + round(longest * 5.6), round(longest * 4)
    width = left + cell * len(columns) + beyond
    parts = []
    for number, label in enumerate(columns):
        x, y = left + cell * number + cell / 2 + 4, top - 6
        text = escape(_cut(label, HEAT_COLUMN))
        parts.append(
            f"<text x='{x}' y='{y}' {FONT} fill='{INK}'"
            f" transform='rotate(-55 {x} {y})'>{text}</text>"
        )
    for row_number, (label, cells) in enumerate(rows):
        y = top + ROW * row_number
        parts.append(
            _text(
                left - 6,
                y + 16,
                _cut(label, HEAT_ROW),
                INK,
                anchor="end",
                title=label,
            )
        )
        for number, heat in enumerate(cells):
            if heat is not None:
                parts.append(_heat_cell(left + cell * number, y, cell, heat))
    return _svg(parts, top + ROW * len(rows) + 8, width)


def shade(value, middle, spread):
    """Where a figure lies: -1 low, 0 at the middle, 1 high."""
    return max(-1.0, min(1.0, (value - middle) / spread))


def colour(place):
    """:param place: of :func:`shade`
    :return: ``#rrggbb``"""
    end = LOW if place < 0 else HIGH
    return "#" + "".join(
        f"{round(start + (stop - start) * abs(place)):02x}"
        for start, stop in zip(MIDDLE, end, strict=True)
    )


# ------------------------------------------------------------------------ parts
def _heat_cell(x, y, size, heat):
    fill = "#eeeeee" if heat.value is None else colour(heat.value)
    dark = heat.value is not None and abs(heat.value) > 0.75
    ink = "#ffffff" if dark else MUTED if heat.value is None else INK
    frame = {
        "conflict": "stroke='#8b1a1a' stroke-width='2.5'",
        "praise": "stroke='#1a6b3c' stroke-width='2.5'",
        "own": "stroke='#222222' stroke-dasharray='2 2'",
    }.get(heat.mark, "stroke='#ffffff'")
    return (
        f"<g><title>{escape(heat.title)}</title><rect x='{x + 1}' y='{y + 1}'"
        f" width='{size - 2}' height='{ROW - 2}' fill='{fill}' {frame}/>"
        f"<text x='{x + size / 2}' y='{y + 16}' {FONT} text-anchor='middle'"
        f" fill='{ink}'>{escape(heat.text)}</text></g>"
    )


def _legend(series):
    parts, x = [], 10
    for place, name in enumerate(series):
        parts.append(_marker(x, 12, place))
        parts.append(_text(x + 10, 16, name, INK))
        x += 34 + 7 * len(name)
    return "".join(parts)


def _line(points, place):
    """Markers, and lines between neighbours: a gap stays a gap."""
    tint, _shape = SERIES[place]
    parts = []
    for (x_1, y_1), (x_2, y_2) in zip(points, points[1:], strict=False):
        if None not in (x_1, y_1, x_2, y_2):
            parts.append(
                f"<line x1='{x_1:.1f}' y1='{y_1:.1f}' x2='{x_2:.1f}' y2='{y_2:.1f}'"
                f" stroke='{tint}' stroke-width='1.6'/>"
            )
    parts.extend(_marker(x, y, place) for x, y in points if None not in (x, y))
    return "".join(parts)


def _marker(x, y, place):
    tint, shape = SERIES[place]
    if shape == "circle":
        return f"<circle cx='{x:.1f}' cy='{y:.1f}' r='4.5' fill='{tint}'/>"
    turn = f" transform='rotate(45 {x:.1f} {y:.1f})'" if shape == "diamond" else ""
    return (
        f"<rect x='{x - 4:.1f}' y='{y - 4:.1f}' width='8' height='8' fill='#ffffff'"
        f" stroke='{tint}' stroke-width='1.8'{turn}/>"
    )


def _position(value, left, right):
    inside = min(max(value, LOWEST), HIGHEST)
    return left + (right - left) * (inside - LOWEST) / (HIGHEST - LOWEST)


def _label(x, y, lines, weight="normal"):
    first = y + (16 if len(lines) == 1 else 10)
    return "".join(
        _text(x, first + 12 * number, line, INK, anchor="end", weight=weight)
        for number, line in enumerate(lines)
    )


def _text(
    x, y, text, fill, anchor="start", weight="normal", style="normal", title=None
):
    hover = f"<title>{escape(title)}</title>" if title else ""
    return (
        f"<text x='{x:.1f}' y='{y:.1f}' {FONT} fill='{fill}' text-anchor='{anchor}'"
        f" font-weight='{weight}' font-style='{style}'>{hover}{escape(text)}</text>"
    )


def _cut(text, length):
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def _svg(parts, height, width=WIDTH):
    return Markup(  # noqa: S704 - of numbers and escaped texts
        "<svg xmlns='http://www.w3.org/2000/svg' role='img'"
        f" viewBox='0 0 {width} {height:.0f}' width='{width}' height='{height:.0f}'"
        f" style='max-width: 100%; height: auto;'>{''.join(parts)}</svg>"
    )
