"""Every term of the add-ons is translated, and nothing is lost on the way."""

import re
from pathlib import Path

import polib
import pytest

ADDONS = Path(__file__).resolve().parents[2] / "addons"
CATALOGUES = sorted(ADDONS.glob("*/i18n/*.po"))

# What a translation has to keep: %(name)s, %s, %%, tags of the markup.
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd%]|</?\w+|[\w-]+(?==\")")
# Names of keys and of a service stay as they are.
SAME_IN_RUSSIAN = {
    "ID",
    "SMS",
    "Odoo",
    "Enter",
    "Backspace",
    "[devtools]\ngeneral = *",
    "object.display_name",
}
LETTERS = re.compile(r"[^\W\d_]")


def entries(path):
    return [entry for entry in polib.pofile(str(path)) if not entry.obsolete]


@pytest.fixture(params=CATALOGUES, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def catalogue(request):
    return request.param


def test_every_addon_has_terms_and_russian():
    for manifest in ADDONS.glob("*/__manifest__.py"):
        folder = manifest.parent / "i18n"
        assert (folder / f"{manifest.parent.name}.pot").exists()
        assert (folder / "ru.po").exists()


def test_every_term_is_translated(catalogue):
    translated = {
        entry.msgid
        for entry in entries(catalogue)
        if entry.msgstr.strip() and not entry.fuzzy
    }
    template = catalogue.with_name(f"{catalogue.parts[-3]}.pot")
    missing = {entry.msgid for entry in entries(template)} - translated
    assert not missing


def test_no_term_stands_twice(catalogue):
    seen = [entry.msgid for entry in entries(catalogue)]
    assert len(seen) == len(set(seen))


def test_placeholders_and_markup_are_kept(catalogue):
    changed = {
        entry.msgid: entry.msgstr
        for entry in entries(catalogue)
        if sorted(PLACEHOLDER.findall(entry.msgid))
        != sorted(PLACEHOLDER.findall(entry.msgstr))
    }
    assert not changed


def test_blanks_at_the_edges_are_kept(catalogue):
    def edges(text):
        return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]

    changed = {
        entry.msgid
        for entry in entries(catalogue)
        if edges(entry.msgid) != edges(entry.msgstr)
    }
    assert not changed


@pytest.mark.parametrize(
    "path",
    [path for path in CATALOGUES if path.stem == "ru"],
    ids=lambda p: p.parts[-3],
)
def test_nothing_stays_english(path):
    """Formulas, codes and signs may stay as they are."""
    same = {
        entry.msgid
        for entry in entries(path)
        if entry.msgstr == entry.msgid
        and LETTERS.search(re.sub(r"<[^>]*>|%\(\w+\)s|[a-z]+_[a-z_]+", "", entry.msgid))
    }
    assert same <= SAME_IN_RUSSIAN | {"revenue / orders_processed"}


@pytest.mark.parametrize(
    "path",
    [path for path in CATALOGUES if path.stem == "ru"],
    ids=lambda p: p.parts[-3],
)
def test_quotes_are_russian(path):
    english = {
        entry.msgstr for entry in entries(path) if re.search("[“”„]", entry.msgstr)
    }
    assert not english
    unpaired = {
        entry.msgstr
        for entry in entries(path)
        if entry.msgstr.count("«") != entry.msgstr.count("»")
    }
    assert not unpaired
