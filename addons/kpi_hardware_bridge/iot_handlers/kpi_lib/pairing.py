"""Whom the box sends to, and with which key.

The box's ``odoo.conf`` says so, but a power cut may take that file while the box
rewrites it. So a copy lies beside the presses, with the keys that followed the first
one, in a file of its own: a damaged spool does not take it along.
"""

import json
import logging
import os

from . import conf, signing

_logger = logging.getLogger(__name__)

COMMANDS_KEPT = 100


class Pairing:
    def __init__(self, conf_path):
        """
        :param Path conf_path: the box's ``odoo.conf``
        """
        self._conf_path = conf_path
        self._stamp = None
        self.conf = conf.read(conf_path)
        self.path = self.conf.folder / "pairing.json"
        self._data = self._load()
        self._which = 0  # of the keys
        self._unsaved = False
        self.refresh()

    def refresh(self):
        """Read ``odoo.conf`` when it changed; the copy knows what that one has lost."""
        if self._unsaved:
            self._keep(self._data)
        try:
            status = self._conf_path.stat()
            stamp = (status.st_mtime_ns, status.st_size, status.st_ino)
        except OSError:
            stamp = None
        if stamp and stamp == self._stamp:
            return
        self._stamp = stamp
        self.conf = conf.read(self._conf_path)
        names = ("url", "token", "database", "identifier")
        told = {name: getattr(self.conf, name) for name in names}
        if told["url"] and told["token"] and told["identifier"]:
            if told != {name: self._data.get(name) for name in names}:
                key = signing.box_key(told["token"], told["identifier"])
                self._which = 0
                self._keep({**told, "keys": [key]})

    # --------------------------------------------------------------- what it says
    @property
    def url(self):
        return self._data.get("url", "")

    @property
    def database(self):
        return self._data.get("database", "")

    @property
    def identifier(self):
        return self._data.get("identifier") or self.conf.identifier

    @property
    def key(self):
        keys = self._data.get("keys") or [""]
        return keys[self._which % len(keys)]

    @property
    def claims(self):
        """:return: which devices are consoles: as the box says, and as Odoo does"""
        told = self._data.get("settings", {}).get("claims") or ()
        if isinstance(told, str):
            told = told.split()
        return (*self.conf.claims, *(str(one) for one in told))

    # ------------------------------------------------------------ what Odoo wants
    def was_accepted(self):
        """Odoo knows the key: it is the first to try from now on."""
        if self._which:
            keys = self._data["keys"]
            keys = [keys[self._which], *keys]
            self._which = 0
            self._keep({**self._data, "keys": list(dict.fromkeys(keys))})

    def was_refused(self):
        """Odoo does not know the key: perhaps another one (a backup was restored)."""
        self._which = (self._which + 1) % max(len(self._data.get("keys", ())), 1)

    def change_key(self, nonce):
        """Use the next key, once it is on the disk; Odoo takes the old one until then.

        :param str nonce: what both sides make it from
        """
        keys = self._data["keys"]
        if any(signing.next_key(key, nonce) == self.key for key in keys):
            return True  # done already
        following = signing.next_key(self.key, nonce)
        # the one before and the very first stay: see was_refused
        keys = list(dict.fromkeys([following, self.key, keys[-1]]))
        return self._keep({**self._data, "keys": keys}, only_on_disk=True)

    def take_settings(self, settings):
        if settings != self._data.get("settings"):
            self._keep({**self._data, "settings": settings})

    def is_new_command(self, identifier):
        """Remember a command before it is carried out, so that it is so only once."""
        done = self._data.get("commands", [])
        if identifier in done:
            return False
        return self._keep(
            {**self._data, "commands": [*done, identifier][-COMMANDS_KEPT:]},
            only_on_disk=True,
        )

    # ------------------------------------------------------------------- the copy
    def _load(self):
        try:
            data = json.loads(self.path.read_text(encoding="utf-8"))
            return data if isinstance(data, dict) else {}
        except (OSError, ValueError):
            return {}

    def _keep(self, data, only_on_disk=False):
        """Replace the copy as a whole.

        :param only_on_disk: go on with the old one when the disk refuses
        :return: whether it is on the disk
        """
        saved = True
        temporary = self.path.with_suffix(".new")
        try:
            with open(temporary, "w", encoding="utf-8", opener=_private) as file:
                json.dump(data, file)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(self.path)
        except OSError as error:
            if not self._unsaved:
                _logger.warning("the copy of the pairing was not written: %s", error)
            saved = False
        if saved or not only_on_disk:
            self._data = data
        self._unsaved = not saved
        return saved


def _private(path, flags):
    return os.open(path, flags, 0o600)
