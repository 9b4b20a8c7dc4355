"""Addresses, fingerprints and limits of the IoT Boxes, without a database."""

import io
import zipfile

import pytest

from odoo.addons.kpi_hardware_bridge.tools.handlers_zip import handlers_zip, is_same
from odoo.addons.kpi_hardware_bridge.tools.pairing import (
    address_of,
    address_problem,
    pairing_text,
)
from odoo.addons.kpi_hardware_bridge.tools.rate_limit import RateLimit
from odoo.addons.kpi_hardware_bridge.tools.text import printable


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("https://kpi.example.com", None),
        ("https://kpi.example.com:8443/odoo", None),
        ("https://192.168.7.2", None),
        ("https://[fd00::2]", None),
        ("https://localhost.example.com", None),
        ("http://kpi.example.com", "http"),
        ("http://192.168.7.2:8069", "http"),
        ("https://localhost", "local"),
        ("http://LOCALHOST:8069", "local"),
        ("http://shop.localhost", "local"),
        ("http://localhost.:8069", "local"),
        ("http://127.0.0.1:8069", "local"),
        ("http://127.8.8.8", "local"),
        ("http://0.0.0.0:8069", "local"),
        ("http://[::1]:8069", "local"),
        ("", "none"),
        (None, "none"),
        (False, "none"),
        ("kpi.example.com", "none"),
        ("ftp://kpi.example.com", "none"),
        ("https://", "none"),
        ("https://kpi.example.com:port", "none"),
        ("https://[::1", "none"),
    ],
)
def test_addresses(url, problem):
    assert address_problem(url) == problem


def test_only_what_a_box_keeps_of_an_address():
    assert address_of(" https://kpi.example.com:8443/odoo?x=1 ") == (
        "https://kpi.example.com:8443"
    )


def test_text():
    url = "https://kpi.example.com/"
    assert pairing_text(url, "T-_1") == (
        "https://kpi.example.com?token=T-_1&db_uuid=&enterprise_code="
    )
    assert pairing_text(url, "T", "a&b").endswith("&enterprise_code=&db_name=a%26b")


def test_zip_changes_with_what_is_packed_only(tmp_path):
    files = {
        "drivers/a.py": b"1",
        "interfaces/b.py": b"2",
        "drivers/__pycache__/a.cpython-311.pyc": b"x",
        "drivers/.hidden": b"x",
    }
    folders = [tmp_path / name for name in ("one", "two", "three")]
    for folder in folders:
        for name, data in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    (folders[2] / "drivers/a.py").write_bytes(b"12")
    (one, tag), (_two, same), (_three, other) = (
        handlers_zip(str(folder)) for folder in folders
    )
    assert tag == same != other
    with zipfile.ZipFile(io.BytesIO(one)) as archive:
        assert archive.namelist() == ["drivers/a.py", "interfaces/b.py"]
        assert archive.read("drivers/a.py") == b"1"


def test_etags_with_and_without_quotes():
    for header in ("abc", '"abc"', 'W/"abc"', 'x, "abc"'):
        assert is_same(header, "abc")
    for header in (None, "", "abcd", '"ab"', "*"):
        assert not is_same(header, "abc")


def test_limit():
    limit = RateLimit(per_second=2, burst=3)
    assert [limit.allows("a", 0) for _time in range(5)] == [True] * 3 + [False] * 2
    assert limit.allows("b", 0)
    assert not limit.allows("a", 0.4)
    assert limit.allows("a", 0.5)
    assert [limit.allows("a", 100) for _time in range(4)] == [True] * 3 + [False]


def test_limit_forgets_who_was_silent_longest():
    limit = RateLimit(per_second=1, burst=1, most_callers=2)
    for caller in "abc":
        assert limit.allows(caller, 0)
    assert not limit.allows("c", 0)
    assert limit.allows("a", 0)  # forgotten
    assert len(limit._buckets) == 2


def test_printable():
    assert printable("a\0b\nc\ud800d", 10) == "abcd"
    assert printable("abcdef", 3) == "abc"
    for value in (None, 5, [], {}, b"x"):
        assert printable(value, 3) == ""
