"""Where things are: the checkout, the cache, and what the user may override.

The environment variables read here are described in the README.
"""

import hashlib
import os
import re
from pathlib import Path

SERIES = "19.0"
REPO = Path(__file__).resolve().parents[2]
CONFIG = REPO / "config"
ADDONS = REPO / "addons"

TEST_DB = os.environ.get("KPI_DB") or "kpi_test"
DEMO_DB = "kpi_demo"


def cache_dir() -> Path:
    """Folder of everything downloaded or built: ``KPI_CACHE`` or the user's cache."""
    if os.environ.get("KPI_CACHE"):
        return Path(os.environ["KPI_CACHE"]).expanduser().resolve()
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base).expanduser().resolve() / "kpi-quality"


def work_dir() -> Path:
    """Folder of this checkout inside the cache: database server, filestore, logs.

    Each checkout has its own, so two of them never meet in one database.
    """
    name = re.sub(r"[^A-Za-z0-9]+", "-", REPO.name)[:20]
    digest = hashlib.sha256(str(REPO).encode()).hexdigest()[:8]
    return cache_dir() / "work" / f"{name}-{digest}"


def is_ci() -> bool:
    """:return: whether nothing prepared earlier may be used again."""
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def own_addons() -> list[str]:
    """:return: technical names of the add-ons in this checkout, sorted."""
    return sorted(path.parent.name for path in ADDONS.glob("*/__manifest__.py"))
