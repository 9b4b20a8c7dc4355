import pytest

from odoo.addons.kpi_quality.tools.plain_number import plain_number


@pytest.mark.parametrize(
    ("number", "options", "text"),
    [
        (0.95, {}, "0.95"),
        (4_600_000.0, {}, "4600000"),
        (100.0, {}, "100"),
        (0.0, {}, "0"),
        (0.1 + 0.2, {}, "0.3"),
        (-0.05, {"point": ",", "sign": "+"}, "-0,05"),
        (0.05, {"point": ",", "sign": "+"}, "+0,05"),
        (0.33333, {"decimals": 4}, "0.3333"),
        (12, {"decimals": 4}, "12"),
    ],
)
def test_plain_number(number, options, text):
    assert plain_number(number, **options) == text
