"""eslint, prettier and one file for Odoo from the npm registry, by lock file."""

import os
import shutil
from pathlib import Path

from . import settings, util, venv

SOURCE = settings.CONFIG / "npm"


def folder() -> Path:
    """:return: the folder with ``node_modules``."""
    key = util.digest_of(SOURCE / "package.json", SOURCE / "package-lock.json")
    return settings.cache_dir() / "npm" / key


def bin_dir() -> Path:
    return folder() / "node_modules" / ".bin"


def ensure() -> None:
    """Install the packages unless they are there. node and npm come with the venv."""
    if folder().exists():
        return
    util.step("npm packages (eslint, prettier)")
    with util.building(folder()) as temporary:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(SOURCE / name, temporary)
        env = dict(os.environ, PATH=f"{venv.bin_dir()}:{os.environ['PATH']}")
        util.run(
            [venv.bin_dir() / "npm", "ci", "--ignore-scripts"]
            + ["--no-audit", "--no-fund", "--loglevel=error"],
            what="npm ci",
            cwd=temporary,
            env=env,
        )
