"""Formulas of FORMULAS.md, written as Excel reads them.

Cells come in as references. What can be decided while writing (the direction, the
method, whether there is a gate) is decided here, so a formula shows one calculation.
"""

from ..tools.score import Thresholds

TOLERANCE = "0.000001"


def sheet_ref(sheet: str, cell: str) -> str:
    """Refer to a cell or range of a sheet, whatever the sheet's name."""
    return "'" + sheet.replace("'", "''") + "'!" + cell


def text_literal(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def score_formula(
    thresholds: Thresholds,
    method: str,
    fact: str,
    cells: tuple[str, str, str],
    anchors: tuple[str, str, str],
) -> str:
    """The score of a line: :func:`odoo.addons.kpi_quality.tools.score.score`.

    :param thresholds: their values decide on the shape of the formula
    :param fact: cell of the fact
    :param cells: of base, plan and challenge
    :param anchors: cells of the scores at base, plan and challenge
    """
    base, plan, challenge = cells
    if method == "anchors":
        return _anchors_formula(thresholds.rising, fact, cells, anchors)
    at_challenge = f"({challenge}-{base})/({plan}-{base})*100"
    if method == "from_base" or thresholds.plan <= 0:
        score = f"({fact}-{base})/({plan}-{base})*100"
        return f"=MIN(MAX({score},0),{at_challenge})"
    if thresholds.rising:
        return f"=MIN(MAX({fact}/{plan}*100,0),{challenge}/{plan}*100)"
    cap = f"{plan}/{challenge}*100" if thresholds.challenge > 0 else at_challenge
    return f"=IF({fact}>0,MIN({plan}/{fact}*100,{cap}),{cap})"


def _anchors_formula(rising, fact, cells, anchors):
    base, plan, challenge = cells
    at_base, at_plan, at_challenge = anchors
    if rising:
        worse, not_above_plan = f"{fact}<{base}-{TOLERANCE}", f"{fact}<={plan}"
        from_base, upto_challenge = f"MAX({fact},{base})", f"MIN({fact},{challenge})"
    else:
        worse, not_above_plan = f"{fact}>{base}+{TOLERANCE}", f"{fact}>={plan}"
        from_base, upto_challenge = f"MIN({fact},{base})", f"MAX({fact},{challenge})"
    lower = f"{at_base}+({at_plan}-{at_base})*({from_base}-{base})/({plan}-{base})"
    upper = (
        f"{at_plan}+({at_challenge}-{at_plan})"
        f"*({upto_challenge}-{plan})/({challenge}-{plan})"
    )
    upper = f"IF({challenge}={plan},{at_plan},{upper})"
    return f"=IF({worse},0,IF({not_above_plan},{lower},{upper}))"


def segment_formula(coefficient: str, points: tuple[tuple[str, str], ...]) -> str:
    """The number of the point at which the segment of a coefficient begins.

    :param points: as in :func:`line_formula`
    """
    xs = f"{points[0][0]}:{points[-1][0]}"
    return f"=MAX(1,MIN({len(points) - 1},SUMPRODUCT(({xs}<={coefficient})*1)))"


def segment_value(coefficient: float, points) -> int:
    reached = sum(1 for x, _y in points if x <= coefficient)
    return max(1, min(len(points) - 1, reached))


def line_formula(
    coefficient: str, segment: str, points: tuple[tuple[str, str], ...]
) -> str:
    """Straight lines between points, level before the first and after the last.

    :param segment: cell of :func:`segment_formula`
    :param points: cells of the points' coefficients and bonuses, at least 2
    """
    xs, ys = (f"{cells[0]}:{cells[-1]}" for cells in zip(*points, strict=True))
    x, y = f"INDEX({xs},{segment})", f"INDEX({ys},{segment})"
    next_x, next_y = f"INDEX({xs},{segment}+1)", f"INDEX({ys},{segment}+1)"
    inside = f"MAX({points[0][0]},MIN({points[-1][0]},{coefficient}))"
    return f"{y}+({inside}-{x})*({next_y}-{y})/({next_x}-{x})"


def power_formula(coefficient: str, exponent: str) -> str:
    return f"100*(MAX({coefficient},0)/100)^{exponent}"


def percent_formula(
    coefficient: str, earned: str, gate: str | None, cap: str | None
) -> str:
    """The bonus percent: nothing up to the gate, never more than the cap.

    :param earned: what the curve alone gives, without an equals sign
    :param gate: cell, None without one; so is the cap
    """
    if cap:
        earned = f"MIN({earned},{cap})"
    if gate:
        earned = f"IF({coefficient}<={gate}+{TOLERANCE},0,{earned})"
    return f"={earned}"
