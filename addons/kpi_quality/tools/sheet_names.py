"""Names that Excel accepts for the sheets of a workbook."""

import re
import unicodedata
from collections.abc import Iterable
from itertools import count

_MOST_CHARACTERS = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_RESERVED = ("History",)
_UNPRINTABLE = ("Cc", "Cs", "Cn")
"""Control characters, lone surrogates, unassigned: not allowed in the XML."""


def unique_sheet_names(names: Iterable[str]) -> list[str]:
    """Turn names of people or things into sheet names.

    At most 31 characters, none of ``[ ] : * ? / \\``, not empty, no apostrophe at
    either end, not "History", different from each other regardless of case. What a
    name may not have becomes a space; of equal names the first keeps it and the others
    are numbered: "Ann", "ann (2)".

    :return: one sheet name per name, in the same order
    """
    taken = {name.casefold() for name in _RESERVED}
    result = []
    for name in map(_clean, names):
        unique = name
        for number in count(2):
            if unique.casefold() not in taken:
                break
            suffix = f" ({number})"
            unique = _cut(name, _MOST_CHARACTERS - len(suffix)) + suffix
        taken.add(unique.casefold())
        result.append(unique)
    return result


def _clean(name):
    printable = (
        " " if unicodedata.category(character) in _UNPRINTABLE else character
        for character in _FORBIDDEN.sub(" ", name)
    )
    words = " ".join("".join(printable).split())
    return _cut(words.lstrip(" '"), _MOST_CHARACTERS) or "Sheet"


def _cut(name, length):
    """Cut to a length in UTF-16 units, as Excel counts: an emoji is two."""
    encoded = name.encode("utf-16-le")[: 2 * length]
    return encoded.decode("utf-16-le", errors="ignore").rstrip(" '")
