"""Odoo's configuration: config/odoo.conf plus what depends on the machine."""

import configparser
import os
from pathlib import Path

from . import odoo, postgres, settings, util, venv


def file() -> Path:
    return settings.work_dir() / "odoo.conf"


def data_dir() -> Path:
    return settings.work_dir() / "data"


def filestore(database: str) -> Path:
    return data_dir() / "filestore" / database


def write(target: Path | None = None, **more) -> Path:
    """Write the complete configuration.

    :param more: further options
    :return: the file
    """
    target = target or file()
    parser = configparser.RawConfigParser()
    parser.read(settings.CONFIG / "odoo.conf", encoding="utf-8")
    options = parser["options"]
    options["addons_path"] = ",".join(map(str, odoo.addons_path()))
    options["data_dir"] = str(data_dir())
    conn = postgres.connection()
    for key in ("host", "port", "user", "password"):
        if conn.get(key):
            options[f"db_{key}"] = conn[key]
    if os.environ.get("KPI_PORT"):
        options["http_port"] = os.environ["KPI_PORT"]
    if os.environ.get("KPI_HOST"):
        options["http_interface"] = os.environ["KPI_HOST"]
    options.update(more)
    lines = ["# written by `make`; edit config/odoo.conf instead", "[options]"]
    lines += [f"{key} = {value}" for key, value in options.items()]
    text = "\n".join(lines) + "\n"
    if not target.exists() or target.read_text(encoding="utf-8") != text:
        util.write_atomic(target, text)
        target.chmod(0o600)
    data_dir().mkdir(parents=True, exist_ok=True)
    return target


def env() -> dict[str, str]:
    """:return: environment for running Odoo, pytest and PostgreSQL's programs."""
    values = postgres.env()
    values["ODOO_RC"] = str(file())
    values["KPI_BOX_PYTHON"] = str(venv.box_folder() / "bin" / "python")
    return values
