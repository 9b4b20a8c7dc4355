"""Choosing versions, checking Odoo's series, reading connection texts."""

import pytest
from kpienv import debs, odoo, postgres, prepared, settings, util
from kpienv.util import EnvError


def test_the_pinned_version_is_taken_when_it_is_there():
    available = ["19.0.1+dfsg-1", "19.0.0+dfsg-1"]
    assert debs.choose_version("odoo-19", "19.0.0+dfsg-1", available) == "19.0.0+dfsg-1"


def test_else_the_newest_of_the_series():
    available = ["19.0.9+dfsg-1", "19.0.10+dfsg-1", "20.0.0-1"]
    assert debs.choose_version("odoo-19", "19.0.0+dfsg-1", available) == (
        "19.0.10+dfsg-1"
    )


def test_another_series_is_refused():
    with pytest.raises(EnvError, match="only as 19.1.0-1, 20.0-1"):
        debs.choose_version("odoo-19", "19.0.0-1", ["19.1.0-1", "20.0-1"])


def test_nothing_to_choose_from():
    with pytest.raises(EnvError, match="KPI_ODOO"):
        debs.choose_version("odoo-19", "19.0.0-1", [])


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("1.9-1", "1.10-1"),
        ("1.0~rc1-1", "1.0-1"),
        ("1.0-1", "1.0+b1-1"),
        ("1.0+dfsg-2", "1.0+dfsg-10"),
        ("1.0-1", "1.0-1.1"),
        ("9.0-1", "1:1.0-1"),
    ],
)
def test_order_of_versions(older, newer):
    assert max([newer, older], key=debs.version_key) == newer


def test_the_pinned_packages_are_complete():
    for deb in debs.pinned():
        assert len(deb.sha256) == 64, deb.name


def make_odoo(folder, series):
    (folder / "odoo").mkdir(parents=True)
    (folder / "odoo" / "release.py").write_text(
        f"version_info = ({series.replace('.', ', ')}, 0, 'final', 0, '')\n"
    )
    return folder


def test_an_existing_odoo_is_found_from_either_folder(tmp_path):
    root = make_odoo(tmp_path, "19.0")
    assert odoo.existing(str(root)) == odoo.existing(str(root / "odoo")) == root


def test_an_existing_odoo_of_another_series_is_refused(tmp_path):
    with pytest.raises(EnvError, match="is Odoo 18.0; 19.0 is needed"):
        odoo.existing(str(make_odoo(tmp_path, "18.0")))


def test_no_odoo_there(tmp_path):
    with pytest.raises(EnvError, match="no odoo/release.py"):
        odoo.existing(str(tmp_path))


@pytest.mark.parametrize(
    ("dsn", "expected"),
    [
        (
            "postgresql://me:p%40ss@db.example:5433/any",
            {
                "host": "db.example",
                "port": "5433",
                "user": "me",
                "password": "p@ss",
                "dbname": "any",
            },
        ),
        ("postgresql:///?host=/run/postgresql", {"host": "/run/postgresql"}),
        ("host=/run/pg user='me'", {"host": "/run/pg", "user": "me"}),
    ],
)
def test_connection_texts(dsn, expected):
    assert postgres.parse_dsn(dsn) == expected


def test_a_connection_text_that_is_none():
    with pytest.raises(EnvError, match="KPI_PG"):
        postgres.parse_dsn("localhost")


def test_names_of_databases_need_no_quoting():
    assert prepared.valid_name("kpi_anna") == "kpi_anna"
    with pytest.raises(EnvError):
        prepared.valid_name('kpi"; DROP')


def test_bridges_have_a_database_of_their_own(tmp_path, monkeypatch):
    """What they stand beside is not there when the others are tested."""
    for name, values in {
        "kpi_a": {"depends": ["sale"]},
        "kpi_a_pos": {"depends": ["kpi_a", "point_of_sale"], "auto_install": True},
        "kpi_off": {"depends": ["crm"], "installable": False},
    }.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "__manifest__.py").write_text(repr(values))
    monkeypatch.setattr(settings, "ADDONS", tmp_path)
    monkeypatch.setattr(settings, "REPO", tmp_path)
    assert prepared.installable() == prepared.PLAIN.own() == ["kpi_a"]
    assert prepared.PLAIN.modules() == ["sale"]
    assert prepared.bridges() == ["kpi_a_pos"]
    assert prepared.BRIDGES.own() == ["kpi_a", "kpi_a_pos"]
    assert prepared.BRIDGES.modules() == ["point_of_sale", "sale", "sale_management"]
    assert set(prepared.digests(prepared.BRIDGES.own())) == {"kpi_a", "kpi_a_pos"}


def test_an_interrupted_build_leaves_nothing_and_is_repaired(tmp_path):
    final = tmp_path / "thing"
    with pytest.raises(KeyboardInterrupt), util.building(final) as folder:
        (folder / "half").touch()
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []
    (tmp_path / ".thing.building-killed").mkdir()  # as after kill -9
    with util.building(final) as folder:
        (folder / "whole").touch()
    assert [item.name for item in tmp_path.iterdir()] == ["thing"]
    assert [item.name for item in final.iterdir()] == ["whole"]


def test_digests_see_where_a_part_ends():
    assert util.digest_of("ab", "c") != util.digest_of("a", "bc")
