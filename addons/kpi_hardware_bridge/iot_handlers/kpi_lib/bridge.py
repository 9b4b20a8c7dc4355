"""The one spool and the one forwarder of a box, shared by all its handlers."""

import getpass
import logging
import os
import signal
import subprocess
import threading
import time
from pathlib import Path

from . import claims, conf
from .clock import Clock
from .forwarder import Forwarder
from .pairing import Pairing
from .spool import Spool

_logger = logging.getLogger(__name__)

#: .../odoo/addons/iot_drivers/iot_handlers/kpi_lib/bridge.py lies below the box's home
LEVELS = 5
YEAR_OF_BUILD = 2026
#: consoles are found within seconds of the start
SETTLED_AFTER = 60
SHOWN_FOR = 24 * 3600
_lock = threading.Lock()
_bridge = None


def bridge():
    """:return: the :class:`Bridge` of this process, started on first use"""
    global _bridge
    with _lock:
        if _bridge is None:
            _bridge = Bridge(Path(__file__).absolute().parents[LEVELS] / "odoo.conf")
            _bridge.forwarder.start()
        return _bridge


class Bridge:
    def __init__(self, conf_path):
        """
        :param Path conf_path: the box's ``odoo.conf``
        """
        folder = conf.read(conf_path).folder
        prepare(folder)
        self.pairing = Pairing(conf_path)
        self.spool = Spool(folder / "spool.db", Clock())
        self.forwarder = Forwarder(
            self.spool, self.pairing, diagnose=self.diagnosis, on_command=self.obey
        )
        self._started_at = time.monotonic()
        self._silent_at = {}  # by console; until then it counts as alive
        self._unread = {}  # by console; why

    # ------------------------------------------------------------- for the drivers
    def press(self, console, button, held_ms):
        """Keep a press and have it sent; does not wait for the network."""
        self.spool.add(console, button, held_ms)
        self.forwarder.wake()

    def heard(self, console, silent_after):
        """The console gave a sign of life, and is to give the next one by then.

        :param silent_after: seconds
        """
        self._unread.pop(console, None)
        self._silent_at[console] = time.monotonic() + silent_after

    def unread(self, console, reason):
        """The console is there and cannot be read."""
        self._unread[console] = reason

    def lost(self, console):
        """The console was unplugged."""
        self._unread.pop(console, None)
        self._silent_at.pop(console, None)

    def serial_ports(self):
        return claims.serial_ports(self.pairing.claims)

    def keypads(self):
        return claims.keypads(self.pairing.claims)

    # ---------------------------------------------------------------- for the server
    def diagnosis(self):
        """:return: what is wrong with the box now, a short text each"""
        spool, now = self.spool, time.monotonic()
        found = []
        if spool.trouble:
            found.append(f"disk: {spool.trouble} ({spool.in_memory} in memory only)")
        if spool.torn_at and now - spool.torn_at < SHOWN_FOR:
            found.append("disk: a damaged file was moved aside")
        if time.gmtime(spool.clock.wall()).tm_year < YEAR_OF_BUILD:
            found.append("clock: never set")
        for console, reason in sorted(self._unread.copy().items()):
            found.append(f"not read: {console}: {reason}")
        for console, silent_at in sorted(self._silent_at.copy().items()):
            if now > silent_at:
                found.append(f"silent: {console}")
        known = self._silent_at or self._unread
        if not known and now - self._started_at > SETTLED_AFTER:
            found.append("no console")
        return found

    def obey(self, name):
        """Do what Odoo says: ``restart``, ``update`` or ``test``."""
        if name in ("restart", "update"):
            # the box asks for handlers each time its Odoo starts
            os.kill(os.getpid(), signal.SIGHUP)
        elif name == "test":
            self.forwarder.report()
        else:
            _logger.warning("this version does not know the command %s", name)


def prepare(folder):
    """Make the folder where presses wait; on a box its parent belongs to another user.

    :return: whether presses can be kept there
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        command = ["sudo", "-n", "install", "-d", "-m", "700"]
        command += ["-o", getpass.getuser(), str(folder)]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=10)
        except (OSError, subprocess.SubprocessError) as error:
            _logger.error("presses cannot be kept in %s: %s", folder, error)
    return os.access(folder, os.W_OK)
