"""The virtual environment with Odoo's requirements and the development tools."""

import hashlib
import os
import shutil
import sys
from pathlib import Path

from . import settings, util
from .util import EnvError

LOCK = settings.CONFIG / "requirements" / "requirements.lock"
BOX_LOCK = settings.CONFIG / "requirements" / "box.lock"
SUPPORTED = ((3, 10), (3, 13))


def base_python() -> str:
    """:return: the interpreter to make the environment with."""
    python = os.environ.get("KPI_PYTHON") or sys.executable
    output = util.run(
        [python, "-c", "import sys; print(*sys.version_info[:3])"],
        what="asking for Python's version",
    ).stdout
    version = tuple(int(part) for part in output.split())
    if not SUPPORTED[0] <= version[:2] <= SUPPORTED[1]:
        raise EnvError(
            "Odoo 19.0 needs Python 3.10 to 3.13, and"
            f" {python} is {'.'.join(map(str, version))}. Set KPI_PYTHON to another."
        )
    return python


def folder() -> Path:
    """:return: folder of the environment, one per Python, lock file and Odoo."""
    python = os.environ.get("KPI_PYTHON") or sys.executable
    odoo = os.environ.get("KPI_ODOO", "")
    real = os.path.realpath(shutil.which(python) or python)
    key = util.digest_of(real, LOCK, odoo)
    return settings.cache_dir() / "venv" / key


def bin_dir() -> Path:
    return folder() / "bin"


def python() -> Path:
    return bin_dir() / "python"


def stamp() -> Path:
    return folder() / ".complete"


def ensure() -> None:
    """Make the environment unless a complete one is there."""
    if stamp().exists():
        return
    util.step(f"virtual environment ({LOCK.name}; about a minute)")
    base = base_python()
    util.remove(folder())
    folder().parent.mkdir(parents=True, exist_ok=True)
    try:
        util.run([base, "-m", "venv", folder()], what="making the environment")
    except EnvError as error:
        raise EnvError(f"{error}\nOn Debian: apt install python3-venv") from error
    util.run(
        [python(), "-m", "pip", "install", "--disable-pip-version-check"]
        + ["--no-input", "--require-hashes", "-r", LOCK],
        what="installing the Python requirements",
    )
    util.write_atomic(stamp(), hashlib.sha256(LOCK.read_bytes()).hexdigest() + "\n")


def box_folder() -> Path:
    """:return: folder of the environment that tests run Odoo's IoT Box in."""
    return folder().with_name(f"{folder().name}-box-{util.digest_of(BOX_LOCK)}")


def ensure_box() -> None:
    """Make the IoT Box's environment: what ours has, and what only a box imports.

    It does not find Odoo as ours does: a box runs from a folder of its own.
    """
    target = box_folder()
    if target.exists():
        return
    with util.building(target) as made:
        util.run(
            [python(), "-m", "venv", "--without-pip", made],
            what="making the environment of the IoT Box",
        )
        (site(made) / "kpi_ours.pth").write_text(f"{site(folder())}\n")
        util.run(
            [python(), "-m", "pip", "--python", made / "bin" / "python", "install"]
            + ["--disable-pip-version-check", "--no-input", "--no-deps"]
            + ["--require-hashes", "-r", BOX_LOCK],
            what="installing the requirements of the IoT Box",
        )


def site(environment: Path) -> Path:
    return next((environment / "lib").glob("python3.*/site-packages"))


def link_odoo(path: Path) -> None:
    """Make ``import odoo`` work in the environment."""
    pth = site(folder()) / "kpi_odoo.pth"
    text = f"{path}\n"
    if not pth.exists() or pth.read_text() != text:
        util.write_atomic(pth, text)
