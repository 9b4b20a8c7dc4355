"""Odoo itself: an existing 19.0 named by ``KPI_ODOO``, or Debian's package unpacked.

Nothing is installed: the package is unpacked into the cache together with the few
packages whose files it links to.
"""

import ast
import os
import shutil
from pathlib import Path

from . import debs, npm, settings, util
from .util import EnvError

DIST = "usr/lib/python3/dist-packages"
# cut from Debian's package for licence reasons; without it every backend page logs an
# error in the browser's console, and browser tests fail on that
CUT = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"
CUT_SOURCE = "@mediapipe/selfie_segmentation/selfie_segmentation.js"


def release_of(path: Path) -> str:
    """:return: series in ``odoo/release.py`` below ``path``, e.g. "19.0"."""
    tree = ast.parse((path / "odoo" / "release.py").read_text(encoding="utf-8"))
    for node in tree.body:
        names = [getattr(t, "id", "") for t in getattr(node, "targets", [])]
        if "version_info" in names:
            major, minor = (ast.literal_eval(e) for e in node.value.elts[:2])
            return f"{major}.{minor}"
    raise EnvError(f"{path}/odoo/release.py names no version")


def existing(value: str) -> Path:
    """Find Odoo where ``KPI_ODOO`` points.

    :param value: a checkout, the folder that holds the package ``odoo``, or the
        package's own folder
    :return: the folder to put on Python's path
    """
    path = Path(value).expanduser().resolve()
    for candidate in (path, path.parent, path / DIST):
        if (candidate / "odoo" / "release.py").exists():
            series = release_of(candidate)
            if series != settings.SERIES:
                raise EnvError(
                    f"KPI_ODOO={value} is Odoo {series}; {settings.SERIES} is needed"
                )
            return candidate
    raise EnvError(f"KPI_ODOO={value}: no odoo/release.py found there")


def folder() -> Path:
    """:return: folder of the unpacked packages."""
    return settings.cache_dir() / "odoo" / util.digest_of(*debs.pinned())


def path() -> Path:
    """:return: the folder to put on Python's path."""
    if os.environ.get("KPI_ODOO"):
        return existing(os.environ["KPI_ODOO"])
    return folder() / DIST


def addons_path() -> list[Path]:
    """:return: Odoo's folders of add-ons, then ours (when it has any)."""
    paths = [path() / "odoo" / "addons"]
    if (path() / "addons" / "web").exists():
        paths.append(path() / "addons")
    if settings.own_addons():
        paths.append(settings.ADDONS)
    return paths


def version() -> str:
    """:return: text that changes when Odoo does, for keys of prepared databases."""
    if os.environ.get("KPI_ODOO"):
        head = path() / ".git" / "HEAD"
        if head.exists():
            ref = head.read_text().removeprefix("ref: ").strip()
            commit = path() / ".git" / ref
            return commit.read_text() if commit.exists() else ref
        return util.digest_of(path() / "odoo" / "release.py", path())
    return (folder() / "packages.txt").read_text()


def ensure() -> None:
    """Unpack Odoo into the cache unless it is there or ``KPI_ODOO`` names one."""
    if os.environ.get("KPI_ODOO"):
        util.say(f"    Odoo {settings.SERIES} at {path()}")
        return
    if folder().exists():
        return
    util.step("Odoo 19.0 (Debian's package, 130 MB)")
    files = debs.fetch(settings.cache_dir() / "downloads")
    with util.building(folder()) as temporary:
        for _deb, file in files:
            util.run(["dpkg", "-x", file, temporary], what=f"unpacking {file.name}")
        addons = temporary / DIST / "odoo" / "addons"
        target = addons / CUT
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(npm.folder() / "node_modules" / CUT_SOURCE, target)
        check_complete(temporary)
        listing = "".join(f"{d.name} {d.version} {d.sha256}\n" for d, _file in files)
        (temporary / "packages.txt").write_text(listing)


def check_complete(root: Path) -> None:
    """Refuse an unpacked Odoo with links to nowhere or of another series."""
    series = release_of(root / DIST)
    if series != settings.SERIES:
        raise EnvError(f"the package holds Odoo {series}, not {settings.SERIES}")
    dangling = []
    for parent, folders, names in os.walk(root):
        for name in folders + names:
            item = Path(parent, name)
            if item.is_symlink() and not item.exists():
                dangling.append(str(item.relative_to(root)))
    if dangling:
        raise EnvError(
            "Odoo's package links to files that are missing; a package has to be added"
            f" to sources.json for: {', '.join(sorted(dangling)[:10])}"
        )
