"""Fetch Debian packages without installing them and without root.

apt gets its own lists, cache and source list, so the machine's setup is not changed
and nothing of it has to be. The mirror's address is the one apt already uses.
"""

import contextlib
import json
import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from . import settings, util
from .util import EnvError

SOURCES = settings.CONFIG / "sources.json"
KEYRINGS = (
    "/usr/share/keyrings/debian-archive-keyring.gpg",
    "/usr/share/keyrings/debian-archive-keyring.pgp",
)


@dataclass(frozen=True)
class Deb:
    """One package: what is pinned, or what replaced it."""

    name: str
    release: str
    version: str
    sha256: str

    @property
    def filename(self) -> str:
        return f"{self.name}_{self.version.replace(':', '%3a')}_all.deb"


def pinned() -> list[Deb]:
    """:return: the packages named in ``sources.json``."""
    debs = json.loads(SOURCES.read_text(encoding="utf-8"))["debs"]
    return [Deb(name, **values) for name, values in debs.items()]


def version_key(version: str) -> tuple:
    """Sort key in dpkg's order: epoch, upstream version, revision of the package.

    Numbers compare as numbers; of other characters ``~`` sorts before the end of the
    text, and letters before the rest.
    """
    epoch, _colon, rest = version.rpartition(":")
    upstream, dash, revision = rest.rpartition("-")
    if not dash:
        upstream, revision = rest, ""
    return int(epoch or 0), _part_key(upstream), _part_key(revision)


def _part_key(text: str) -> list:
    key = []
    for part in re.findall(r"\d+|\D", text):
        if part.isdigit():
            key.append((0, int(part)))
        elif part == "~":
            key.append((-2, 0))
        else:
            key.append((1 if part.isalpha() else 2, ord(part)))
    return [*key, (-1, 0)]


def choose_version(name: str, wanted: str, available, series: str = settings.SERIES):
    """Choose the version to take.

    :param available: versions the archive has now
    :param series: an ``odoo-*`` package of another series is refused
    :return: the wanted version if it is there, else the newest one
    :raise EnvError: when there is none to take
    """
    available = list(available)
    if wanted in available:
        return wanted
    if name.startswith("odoo-"):
        fitting = [v for v in available if v == series or v.startswith(f"{series}.")]
        if available and not fitting:
            raise EnvError(
                f"the archive has {name} only as {', '.join(sorted(available))}, and"
                f" these add-ons need {series}. Set KPI_ODOO to an Odoo {series}."
            )
        available = fitting
    if not available:
        raise EnvError(
            f"the Debian archive has no package {name}. Set KPI_ODOO to an Odoo"
            f" {series} of your own, or see whether apt's mirror is complete."
        )
    return max(available, key=version_key)


class Apt:
    """apt with its own state below ``folder``."""

    def __init__(self, folder: Path):
        self.folder = folder
        for name in ("lists/partial", "cache/archives/partial"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        self.sources = folder / "sources.list"
        self.options = [
            f"-oDir::State::Lists={folder / 'lists'}",
            f"-oDir::Cache={folder / 'cache'}",
            "-oDir::State::status=/var/lib/dpkg/status",
            "-oAcquire::Languages=none",
            "-oAcquire::Retries=3",
            # the checks below need a failed update to fail
            "-oAPT::Update::Error-Mode=any",
        ]
        if os.geteuid() == 0:
            self.options.append("-oAPT::Sandbox::User=root")

    @property
    def own(self):
        return [
            *self.options,
            f"-oDir::Etc::SourceList={self.sources}",
            "-oDir::Etc::SourceParts=/dev/null",
        ]

    def _mirrors(self, options):
        output = util.run(
            ["apt-get", *options, "indextargets", "--format"]
            + ["$(REPO_URI) $(CODENAME) $(COMPONENT)"]
            + ["Origin: Debian", "Label: Debian", "Created-By: Packages"],
            what="asking apt for its mirror",
        ).stdout
        rows = [line.split() for line in output.splitlines()]
        return [row for row in rows if len(row) == 3 and row[2] == "main"]

    def mirror(self) -> tuple[str, str]:
        """:return: address and release name of the machine's own Debian mirror."""
        rows = self._mirrors([])
        if not rows:
            # apt has no lists yet, e.g. in a fresh container: read them privately
            util.run(
                ["apt-get", *self.options, "update"], what="reading apt's package lists"
            )
            rows = self._mirrors(self.options)
        if not rows:
            raise EnvError(
                "apt on this machine knows no Debian mirror (is this Debian?). Set"
                " KPI_ODOO to an Odoo 19.0 of your own."
            )
        rows.sort(key=lambda row: "-" in row[1])
        return rows[0][0], rows[0][1]

    def update(self, releases) -> None:
        """Read the package lists of these releases.

        A release that the mirror no longer has (an old stable one) is replaced by
        the machine's own.
        """
        uri, own_release = self.mirror()
        keyring = next((k for k in KEYRINGS if Path(k).exists()), None)
        option = f"[signed-by={keyring}] " if keyring else ""
        self.release = {}
        for release in releases:
            for candidate in dict.fromkeys((release, own_release)):
                self.sources.write_text(f"deb {option}{uri} {candidate} main\n")
                try:
                    util.run(["apt-get", *self.own, "update"], what="apt-get update")
                except EnvError:
                    if candidate == own_release:
                        raise
                    continue
                self.release[release] = candidate
                break
        lines = [f"deb {option}{uri} {r} main\n" for r in set(self.release.values())]
        self.sources.write_text("".join(lines))
        util.run(["apt-get", *self.own, "update"], what="apt-get update")

    def versions(self, deb: Deb) -> list[str]:
        """:return: versions of a package in the release it is to come from."""
        output = util.run(
            ["apt-cache", *self.own, "madison", deb.name], what="apt-cache"
        ).stdout
        rows = [
            [cell.strip() for cell in line.split("|")] for line in output.split("\n")
        ]
        release = self.release[deb.release]
        return [r[1] for r in rows if len(r) == 3 and f" {release}/" in f" {r[2]}"]

    def checksum(self, name: str, version: str) -> str:
        """:return: SHA-256 from the signed package list."""
        output = util.run(
            ["apt-cache", *self.own, "show", f"{name}={version}"], what="apt-cache"
        ).stdout
        return re.search(r"^SHA256: (\w{64})$", output, re.MULTILINE)[1]

    def download(self, name: str, version: str, folder: Path) -> Path:
        """Download one package (apt checks it); :return: the file."""
        with tempfile.TemporaryDirectory(dir=self.folder) as temporary:
            util.run(
                ["apt-get", *self.own, "download", f"{name}={version}"],
                what=f"downloading {name} {version}",
                cwd=temporary,
            )
            file = next(Path(temporary).glob("*.deb"))
            target = folder / Deb(name, "", version, "").filename
            file.replace(target)
        return target


def fetch(folder: Path) -> list[tuple[Deb, Path]]:
    """Bring all packages into ``folder``; those that are there are only checked.

    :return: each package as taken, with its file
    """
    folder.mkdir(parents=True, exist_ok=True)
    result = {}
    missing = []
    for deb in pinned():
        file = folder / deb.filename
        if file.exists() and util.sha256(file) == deb.sha256:
            result[deb.name] = (deb, file)
        else:
            file.unlink(missing_ok=True)
            missing.append(deb)
    if missing:
        if not shutil.which("apt-get") or not shutil.which("dpkg"):
            raise EnvError(
                "fetching Odoo needs apt-get and dpkg. Set KPI_ODOO to an Odoo 19.0 of"
                " your own (a checkout, or the folder that holds the package `odoo`)."
            )
        with _private_apt(folder) as apt:
            apt.update(sorted({deb.release for deb in missing}, reverse=True))
            for deb in missing:
                result[deb.name] = _download(apt, deb, folder)
    return [result[deb.name] for deb in pinned()]


@contextlib.contextmanager
def _private_apt(folder):
    with tempfile.TemporaryDirectory(prefix=".apt-", dir=folder) as temporary:
        yield Apt(Path(temporary))


def _download(apt: Apt, deb: Deb, folder: Path):
    version = choose_version(deb.name, deb.version, apt.versions(deb))
    checksum = apt.checksum(deb.name, version)
    if version != deb.version:
        util.say(
            f"NOTE: {deb.name} {deb.version} left the archive; taking {version}"
            f" (sha256 {checksum}). To pin it: {SOURCES.relative_to(settings.REPO)}"
        )
        deb = Deb(deb.name, deb.release, version, checksum)
    elif checksum != deb.sha256:
        raise EnvError(
            f"{deb.name} {version}: the archive's checksum {checksum} is not the"
            f" pinned one {deb.sha256}. Somebody changed one of them: find out why."
        )
    util.say(f"    {deb.name} {version}")
    file = apt.download(deb.name, version, folder)
    actual = util.sha256(file)
    if actual != deb.sha256:
        file.unlink()
        raise EnvError(f"{file.name} has checksum {actual}, expected {deb.sha256}")
    return deb, file
