"""Time slices: at random, but the same whenever they are drawn."""

from datetime import datetime, timedelta

from odoo.addons.kpi_quality.tools.sample import draw_slices

MORNING = (datetime(2025, 3, 19, 9), datetime(2025, 3, 19, 10, 3))
EVENING = (datetime(2025, 3, 19, 18), datetime(2025, 3, 19, 18, 4))


def test_the_same_seed_draws_the_same():
    drawn = draw_slices("1:2:2025-03-19", [MORNING], 3, 5)
    assert drawn == draw_slices("1:2:2025-03-19", [MORNING], 3, 5)
    assert drawn != draw_slices("1:2:2025-03-20", [MORNING], 3, 5)


def test_inside_the_opening_hours_and_apart():
    """Twelve whole slices fit into the morning, none into four minutes."""
    drawn = draw_slices("seed", [MORNING, EVENING], 100, 5)
    assert len(drawn) == 12
    assert drawn[0][0] == MORNING[0]
    assert drawn[-1][1] == MORNING[0] + timedelta(hours=1)
    assert all(
        stop == start for (_, stop), (start, _) in zip(drawn, drawn[1:], strict=False)
    )


def test_every_slice_has_its_chance():
    drawn = {
        start
        for number in range(200)
        for start, _stop in draw_slices(str(number), [MORNING], 1, 5)
    }
    assert len(drawn) == 12


def test_nothing_to_draw():
    assert draw_slices("seed", [], 3, 5) == []
    assert draw_slices("seed", [MORNING], 0, 5) == []
    assert draw_slices("seed", [MORNING], 3, 0) == []
