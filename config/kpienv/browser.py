"""Chromium for browser tours. Odoo's test browser looks for it on PATH by itself."""

import os
import shutil

from . import util
from .util import EnvError

NAMES = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")


def find() -> str | None:
    """:return: path of the browser, or None."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def ensure() -> None:
    """Install Chromium when it is missing and we may; else say what to run."""
    if find():
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        util.say(
            "NOTE: no Chromium found; the browser tests of `make test` need it. Run:\n"
            "      sudo apt install chromium"
        )
        return
    util.step("Chromium (apt-get install)")
    env = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    util.run(["apt-get", "update"], what="apt-get update", env=env)
    util.run(
        ["apt-get", "install", "-y", "--no-install-recommends", "chromium"],
        what="installing chromium",
        env=env,
    )
    if not find():
        raise EnvError("chromium was installed but is not on PATH")
