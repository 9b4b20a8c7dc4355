"""Read an Odoo log and say what in it is not acceptable.

Anything at WARNING or above counts, unless ``config/log-allow.txt`` has a pattern for
it with a reason.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from . import settings
from .util import EnvError

ALLOW = settings.CONFIG / "log-allow.txt"
BAD_LEVELS = frozenset({"WARNING", "ERROR", "CRITICAL"})
RECORD = re.compile(
    r"^(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}) (?P<pid>\d+) "
    r"(?P<level>[A-Z]+) (?P<db>\S+) (?P<logger>[^\s:]+): (?P<message>.*)$"
)


@dataclass
class Record:
    """One message of the log, with the lines that follow it (a stack trace)."""

    level: str
    logger: str
    message: str

    @property
    def text(self) -> str:
        return f"{self.level} {self.logger}: {self.message}"


@dataclass(frozen=True)
class Allowed:
    """One line of an allow-list."""

    pattern: re.Pattern
    reason: str


def parse_allowed(text: str, origin: str = "allow-list") -> list[Allowed]:
    """Read an allow-list: comment lines with the reason, then the pattern they are for.

    :raise EnvError: for a pattern without a reason, or one that is no regular
        expression
    """
    allowed = []
    reason: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if not line:
            reason = []
        elif line.startswith("#"):
            reason.append(line.lstrip("# "))
        elif not reason:
            raise EnvError(f"{origin}:{number}: no reason in a comment above: {line}")
        else:
            try:
                pattern = re.compile(line)
            except re.error as error:
                raise EnvError(f"{origin}:{number}: {error}: {line}") from error
            allowed.append(Allowed(pattern, " ".join(reason)))
    return allowed


def load_allowed(path: Path = ALLOW) -> list[Allowed]:
    return parse_allowed(path.read_text(encoding="utf-8"), path.name)


def parse(text: str) -> list[Record]:
    """Split a log into records; lines that are none belong to the record above.

    Lines before the first record become one of level ERROR: a process that dies
    before its log is set up says why there.
    """
    records: list[Record] = []
    for line in text.splitlines():
        match = RECORD.match(line)
        if match:
            records.append(Record(match["level"], match["logger"], match["message"]))
        elif records:
            records[-1].message += "\n" + line
        elif line.strip():
            records.append(Record("ERROR", "?", line))
    return records


def problems(text: str, allowed: list[Allowed]) -> list[Record]:
    """:return: the records that nobody allowed."""
    return [
        record
        for record in parse(text)
        if record.level in BAD_LEVELS
        and not any(item.pattern.search(record.text) for item in allowed)
    ]


def check(path: Path, allowed: list[Allowed] | None = None) -> list[str]:
    """Check a log file.

    :return: one text per problem; a missing log is a problem, too
    """
    if not path.exists():
        return [f"no log was written ({path.name})"]
    if allowed is None:
        allowed = load_allowed()
    text = path.read_text(encoding="utf-8", errors="replace")
    return [shorten(record.text) for record in problems(text, allowed)]


def shorten(text: str, lines: int = 25) -> str:
    """:return: the first line and the end of a long message."""
    parts = text.split("\n")
    if len(parts) <= lines:
        return text
    return "\n".join([parts[0], "    ...", *parts[-(lines - 2) :]])
