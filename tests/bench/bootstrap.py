"""Imported first: makes the add-ons and the development environment importable."""

import sys
from pathlib import Path

import odoo.addons

ROOT = Path(__file__).resolve().parents[2]

sys.path.insert(0, str(ROOT / "config"))
odoo.addons.__path__.append(str(ROOT / "addons"))
