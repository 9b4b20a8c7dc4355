import pytest

from odoo.addons.kpi_quality.tools.standing import standing


@pytest.mark.parametrize(
    ("value", "margin", "reference", "rising", "expected"),
    [
        (17.5, 8.4, 9, False, "worse"),
        (17.5, 8.4, 10, False, "usual"),
        (17.5, 8.4, 26, False, "better"),
        (17.5, 8.4, 9, True, "better"),
        (17.5, 8.4, 26, True, "worse"),
        (20.0, 5.0, 15, False, "usual"),  # exactly at the end of the interval
        (20.0, 0.0, 20, True, "usual"),
        (20.0, 0.0, 21, True, "worse"),  # an exact figure
        (None, None, 21, True, ""),
        (20.0, None, 1, False, ""),  # too few to say
        (20.0, 5.0, None, False, ""),
    ],
)
def test_standing(value, margin, reference, rising, expected):
    assert standing(value, margin, reference, rising) == expected
