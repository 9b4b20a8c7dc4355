"""Presses on disk until Odoo has them.

A press is on the disk before :meth:`Spool.add` returns: one row in SQLite, written
ahead, with ``synchronous=FULL`` (less than that loses presses when the power goes).
When the disk refuses, presses wait in memory, are sent from there, and go to the disk
as soon as it takes them. No error of the disk ever reaches the caller.
"""

import logging
import sqlite3
import threading
import time
import uuid
from collections import deque
from contextlib import closing, contextmanager
from typing import NamedTuple

_logger = logging.getLogger(__name__)

LIMIT = 100_000  # presses on disk, some 20 MB
MEMORY_LIMIT = 5_000  # presses in memory while the disk refuses
TORN_KEPT = 3
RETRY_AFTER = 1  # seconds until a disk that refused is asked again
REOPEN_AFTER = 60  # seconds with a disk that refuses for another reason than no room

SCHEMA = """
CREATE TABLE IF NOT EXISTS press (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid TEXT NOT NULL UNIQUE,
    console TEXT,
    button INTEGER NOT NULL,
    held_ms INTEGER NOT NULL,
    at REAL NOT NULL,
    boottime REAL NOT NULL,
    boot_id TEXT NOT NULL,
    turn INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS press_turn ON press (turn) WHERE turn > 0;
CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
"""
COLUMNS = "seq, uuid, console, button, held_ms, at, boottime, boot_id"
INSERT = """
INSERT OR IGNORE INTO press (uuid, console, button, held_ms, at, boottime, boot_id)
VALUES (:uuid, :console, :button, :held_ms, :at, :boottime, :boot_id)
"""
COUNT_UP = """
INSERT INTO counter (name, value) VALUES (?, ?)
ON CONFLICT (name) DO UPDATE SET value = value + excluded.value
"""


class Press(NamedTuple):
    """One press. ``at`` and ``boottime`` tell when the key went down."""

    seq: int | None  # its place on the disk; None while it waits in memory
    uuid: str
    console: str | None
    button: int
    held_ms: int
    at: float
    boottime: float
    boot_id: str


class Spool:
    def __init__(self, path, clock, *, limit=LIMIT, memory_limit=MEMORY_LIMIT):
        """
        :param Path path: the file; its folder exists or cannot be made
        :param clock: what :class:`kpi_lib.clock.Clock` offers
        """
        self.path = path
        self.clock = clock
        self.limit = limit
        self.memory_limit = memory_limit
        self._lock = threading.RLock()
        self._connection = None
        self._retry_at = self._reopen_at = None  # by the monotonic clock
        self._waiting = deque()  # presses that are not on the disk yet
        self._gone = set()  # uuids that Odoo has and the disk still holds
        self._stored = 0
        self._counted = {"dropped": 0, "torn": 0}  # as the disk has it
        self._uncounted = {"dropped": 0, "torn": 0}  # what it does not have yet
        #: why the disk refuses, in its words; empty while it does not
        self.trouble = ""
        #: when this process moved a damaged file aside, by the monotonic clock
        self.torn_at = None
        with self._lock:
            self._settle()

    # ------------------------------------------------------------------ its state
    def __len__(self):
        with self._lock:
            return self._stored - len(self._gone) + len(self._waiting)

    @property
    def in_memory(self):
        """:return: how many presses a power cut would take"""
        return len(self._waiting)

    @property
    def dropped(self):
        """:return: presses that found no room, ever"""
        return self._counted["dropped"] + self._uncounted["dropped"]

    @property
    def torn(self):
        """:return: how often a damaged file was moved aside"""
        return self._counted["torn"] + self._uncounted["torn"]

    # -------------------------------------------------------------------- its use
    def add(self, console, button, held_ms=0):
        """Keep a press whose key was let go just now.

        :return: the :class:`Press`
        """
        held = held_ms / 1000
        press = Press(
            seq=None,
            uuid=uuid.uuid4().hex,
            console=console,
            button=button,
            held_ms=held_ms,
            at=self.clock.wall() - held,
            boottime=self.clock.boottime() - held,
            boot_id=self.clock.boot_id,
        )
        with self._lock:
            self._waiting.append(press)
            self._settle()
            while len(self._waiting) > self.memory_limit:
                self._waiting.popleft()
                self._uncounted["dropped"] += 1
        return press

    def batch(self, size):
        """:return: the presses to send next, oldest first; refused ones come last"""
        with self._lock:
            self._settle()
            found = []
            with self._guarded():
                most = size + len(self._gone)
                found += self._rows("turn = 0 ORDER BY seq", most)
                found += self._rows("turn > 0 ORDER BY turn, seq", most)
            found = [press for press in found if press.uuid not in self._gone]
            return (found + list(self._waiting))[:size]

    def forget(self, uuids):
        """Odoo has these presses."""
        with self._lock:
            uuids = set(uuids)
            waiting = {press.uuid for press in self._waiting}
            self._gone |= uuids - waiting
            if uuids & waiting:
                self._waiting = deque(p for p in self._waiting if p.uuid not in uuids)
            self._settle()

    def postpone(self, uuid):
        """Let the others go first: Odoo took offence at this one alone."""
        with self._lock, self._guarded():
            if self._connection:
                self._connection.execute(
                    "UPDATE press SET turn = turn + 1 WHERE uuid = ?", [uuid]
                )

    def settle(self):
        """Bring to the disk what waits in memory, if it takes that now."""
        with self._lock:
            self._retry_at = None
            self._settle()

    def close(self):
        with self._lock, self._guarded():
            self._disconnect()

    # ------------------------------------------------------------------- the disk
    def _settle(self):
        """One transaction for all that the disk does not know yet."""
        if self._retry_at and time.monotonic() < self._retry_at:
            return
        for _attempt in range(2):  # a second one after a torn file was moved aside
            with self._guarded() as outcome:
                self._open()
                if self._waiting or self._gone or any(self._uncounted.values()):
                    self._write()
                self.trouble, self._retry_at, self._reopen_at = "", None, None
            if not outcome.torn:
                break

    def _write(self):
        with self._transaction() as connection:
            removed = connection.executemany(
                "DELETE FROM press WHERE uuid = ?", [[one] for one in self._gone]
            ).rowcount
            added = connection.executemany(
                INSERT, [press._asdict() for press in self._waiting]
            ).rowcount
            stored = self._stored - max(removed, 0) + max(added, 0)
            surplus = max(stored - self.limit, 0)
            if surplus:
                connection.execute(
                    "DELETE FROM press WHERE seq IN"
                    " (SELECT seq FROM press ORDER BY seq LIMIT ?)",
                    [surplus],
                )
            news = dict(self._uncounted)
            news["dropped"] += surplus
            for name, more in news.items():
                if more:
                    connection.execute(COUNT_UP, [name, more])
        self._waiting.clear()
        self._gone.clear()
        self._stored = stored - surplus
        for name, more in news.items():
            self._counted[name] += more
            self._uncounted[name] = 0

    def _rows(self, condition, size):
        if not self._connection:
            return []
        rows = self._connection.execute(
            f"SELECT {COLUMNS} FROM press WHERE {condition} LIMIT ?", [size]
        )
        return [Press(*row) for row in rows]

    @contextmanager
    def _transaction(self):
        connection = self._connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise

    @contextmanager
    def _guarded(self):
        """Take what the disk says for an answer: remember it, never raise it."""
        outcome = Outcome()
        try:
            yield outcome
        except (sqlite3.OperationalError, OSError) as error:
            # full, read-only, not there: all may be over in a moment
            self._note(error)
            if not _is_full(error) and self._reopen_at is None:
                self._reopen_at = time.monotonic() + REOPEN_AFTER
        except sqlite3.DatabaseError as error:
            self._note(error)
            outcome.torn = self._set_aside()

    def _note(self, error):
        self._retry_at = time.monotonic() + RETRY_AFTER
        if str(error) != self.trouble:
            _logger.warning("presses wait in memory: %s", error)
        self.trouble = str(error)

    def _open(self):
        if self._connection and not self.path.exists():
            # somebody removed the file, but what is open can still be read
            self._waiting.extendleft(reversed(self._rows("TRUE ORDER BY seq", -1)))
            self._disconnect()
        if self._reopen_at and self._reopen_at < time.monotonic():
            self._disconnect()
        if self._connection:
            return
        self._reopen_at = None
        connection = sqlite3.connect(
            self.path, timeout=2, isolation_level=None, check_same_thread=False
        )
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            [verdict] = connection.execute("PRAGMA quick_check(1)").fetchone()
            if verdict != "ok":
                raise sqlite3.DatabaseError(verdict)
            connection.executescript(SCHEMA)
            [self._stored] = connection.execute("SELECT COUNT(*) FROM press").fetchone()
            self._counted.update(connection.execute("SELECT name, value FROM counter"))
        except BaseException:
            connection.close()
            raise
        self._connection = connection

    def _disconnect(self):
        connection, self._connection = self._connection, None
        if connection:
            connection.close()

    # ------------------------------------------------------------------ torn file
    def _set_aside(self):
        """Move a damaged file away, and save the presses that can still be read.

        :return: whether a new file can be begun
        """
        try:
            self._disconnect()
            aside = self.path.with_name(f"{self.path.name}.torn-{time.time_ns()}")
            for suffix in ("", "-wal", "-shm"):
                part = self.path.with_name(self.path.name + suffix)
                if part.exists():
                    part.rename(aside.with_name(aside.name + suffix))
            self._remove_old_torn()
        except (OSError, sqlite3.Error) as error:
            self._note(error)
            return False
        saved, counted = _readable(aside)
        _logger.error("%s was damaged: %s presses saved", aside.name, len(saved))
        self._stored = 0
        for name in self._counted:
            self._uncounted[name] += max(self._counted[name], counted.get(name, 0))
            self._counted[name] = 0
        self._uncounted["torn"] += 1
        self.torn_at = time.monotonic()
        known = {press.uuid for press in saved} | self._gone
        self._waiting = deque(
            [press for press in saved if press.uuid not in self._gone]
            + [press for press in self._waiting if press.uuid not in known]
        )
        self._gone.clear()
        return True

    def _remove_old_torn(self):
        torn = sorted(self.path.parent.glob(f"{self.path.name}.torn-*[0-9]"))
        for old in torn[:-TORN_KEPT]:
            for suffix in ("", "-wal", "-shm"):
                old.with_name(old.name + suffix).unlink(missing_ok=True)


class Outcome:
    torn = False


def _is_full(error):
    return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL


def _readable(path):
    """Read from both ends of a damaged file up to the damage.

    :return: presses in their order, and the counters by name
    """
    found, counted = {}, {}
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            for direction in ("ASC", "DESC"):
                query = f"SELECT {COLUMNS} FROM press ORDER BY seq {direction}"
                try:
                    for row in connection.execute(query):
                        press = Press(*row)
                        if _is_sound(press):
                            found[press.seq] = press
                except sqlite3.Error as error:
                    _logger.info("%s: %s", path.name, error)
            counted = dict(connection.execute("SELECT name, value FROM counter"))
    except (sqlite3.Error, OSError) as error:
        _logger.info("%s: %s", path.name, error)
    return [found[seq] for seq in sorted(found)], counted


def _is_sound(press):
    return (
        isinstance(press.uuid, str)
        and len(press.uuid) == 32
        and isinstance(press.button, int)
        and isinstance(press.held_ms, int)
        and isinstance(press.at, float)
        and isinstance(press.boottime, float)
        and isinstance(press.boot_id, str)
        and isinstance(press.console, str | None)
    )
