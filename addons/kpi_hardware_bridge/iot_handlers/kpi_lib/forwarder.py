"""The thread that brings presses to Odoo.

It posts what the spool holds, oldest first, and forgets only what Odoo answered for,
row by row. When that fails it waits longer and longer, a minute at most. Without
presses it says every minute that the box is well.
"""

import json
import logging
import os
import random
import threading
import time

import requests

from . import VERSION, signing
from .clock import iso

_logger = logging.getLogger(__name__)

ROUTE = "/kpi_bridge/v1/events"
MOST = 1000  # presses in a request
HEARTBEAT = 60
TIMEOUT = (5, 30)  # to connect, to be answered
FIRST_DELAY, LONGEST_DELAY = 0.5, 60
#: Odoo took offence at what was in the request, not at the moment
OFFENDED = {400, 413, 422, 500}


class Failure(Exception):
    """A request that did nothing, with the reason in a few words."""

    def __init__(self, reason, status=None, retry_after=0.0):
        super().__init__(reason)
        self.status = status
        self.retry_after = retry_after


class Forwarder(threading.Thread):
    def __init__(self, spool, pairing, *, diagnose=None, on_command=None):
        """
        :param diagnose: function without parameters that returns a list of texts
        :param on_command: function of a command's name, called once for each
        """
        super().__init__(name="kpi-forwarder", daemon=True)
        self.spool = spool
        self.pairing = pairing
        self.diagnose = diagnose or list
        self.on_command = on_command or (lambda name: None)
        #: why the last request failed; empty after a good one
        self.trouble = ""
        self._session = None
        self._size = MOST
        self._failures = 0
        self._spoke_at = None  # by the monotonic clock
        self._news = threading.Event()
        self._stopped = threading.Event()

    # ---------------------------------------------------------------- the thread
    def run(self):
        while not self._stopped.is_set():
            self._news.clear()
            try:
                delay = self.turn()
            except Exception:
                # whatever it is, the next press must find the thread alive
                _logger.exception("the forwarder goes on after an error")
                delay = LONGEST_DELAY
            if self._failures:
                self._stopped.wait(delay)
            else:
                self._news.wait(delay)

    def wake(self):
        """There is something to send. Does not cut a pause after a failure short."""
        self._news.set()

    def report(self):
        """Speak to Odoo at once, presses or not."""
        self._spoke_at = None
        self._news.set()

    def stop(self):
        self._stopped.set()
        self._news.set()

    # ------------------------------------------------------------------ one turn
    def turn(self):
        """Send once.

        :return: seconds to wait for the next turn, unless news come earlier
        """
        self.pairing.refresh()
        if not (self.pairing.url and self.pairing.key):
            self.trouble = "not paired"
            return HEARTBEAT
        presses = self.spool.batch(self._size)
        if not presses and (rest := self._until_heartbeat()) > 0:
            return rest
        try:
            self._take(presses, self._post(self._body(presses)))
        except Failure as failure:
            return self._failed(failure, presses)
        self._failures, self.trouble = 0, ""
        self._size = min(self._size * 2, MOST)
        return 0 if len(self.spool) else self._until_heartbeat()

    def _until_heartbeat(self):
        if self._spoke_at is None:
            return 0
        return max(self._spoke_at + HEARTBEAT - time.monotonic(), 0)

    def _failed(self, failure, presses):
        if str(failure) != self.trouble:
            _logger.warning("presses wait on the box: %s", failure)
        self.trouble = str(failure)
        self._failures += 1
        if failure.status == 401:
            self.pairing.was_refused()
        elif failure.status in OFFENDED and presses:
            if len(presses) > 1:
                # find the one that it is about
                self._size = len(presses) // 2
                if failure.status != 500:
                    return FIRST_DELAY
            else:
                self.spool.postpone(presses[0].uuid)
        delay = min(FIRST_DELAY * 2 ** min(self._failures - 1, 10), LONGEST_DELAY)
        # boxes of many shops must not come back in step
        return max(failure.retry_after, delay * random.uniform(0.5, 1))

    # ------------------------------------------------------------------- the wire
    def _body(self, presses):
        clock = self.spool.clock
        return {
            "sender": self.pairing.identifier,
            "sent_at": iso(clock.wall()),
            "boot_id": clock.boot_id,
            "sent_boottime": clock.boottime(),
            "queue": len(self.spool) - len(presses),
            "dropped": self.spool.dropped,
            "version": VERSION,
            "diagnosis": self.diagnose(),
            "events": [
                {
                    "uuid": press.uuid,
                    "console": press.console,
                    "button": press.button,
                    "held_ms": press.held_ms,
                    "at": iso(press.at),
                    "boottime": press.boottime,
                    "boot_id": press.boot_id,
                    "seq": press.seq,
                }
                for press in presses
            ],
        }

    def _post(self, body):
        """:return: Odoo's answer as a dict. :raise Failure:"""
        data = json.dumps(body, separators=(",", ":")).encode()
        headers = {
            "Content-Type": "application/json",
            signing.HEADER: signing.signature(self.pairing.key, data),
        }
        if self.pairing.database:
            headers["X-Odoo-Database"] = self.pairing.database
        try:
            response = self._connected().post(
                self.pairing.url + ROUTE,
                data=data,
                headers=headers,
                timeout=TIMEOUT,
                allow_redirects=False,
            )
            self._spoke_at = time.monotonic()
        except (requests.RequestException, OSError, ValueError) as error:
            # never go on with a connection of unknown state
            self._session = None
            raise Failure(f"{type(error).__name__}: no answer") from error
        if response.status_code != 200:
            raise Failure(
                f"answer {response.status_code}",
                response.status_code,
                _seconds(response.headers.get("Retry-After")),
            )
        try:
            answer = response.json()
        except ValueError as error:
            raise Failure("the answer is not JSON") from error
        if not isinstance(answer, dict) or not isinstance(answer.get("results"), list):
            raise Failure("the answer is not from Odoo")
        return answer

    def _connected(self):
        if self._session is None:
            # one connection for all: to greet each time costs more than a press
            self._session = requests.Session()
            # what the environment says is looked up here, and not for each press
            self._session.trust_env = False
            self._session.proxies = requests.utils.get_environ_proxies(self.pairing.url)
            self._session.verify = os.environ.get("REQUESTS_CA_BUNDLE") or True
            self._session.headers["User-Agent"] = f"OdooIoTBox/1.0 kpi_bridge/{VERSION}"
        return self._session

    # ------------------------------------------------------------------ the answer
    def _take(self, presses, answer):
        self.pairing.was_accepted()
        sent = {press.uuid for press in presses}
        answered = {
            result["uuid"]
            for result in answer["results"]
            if isinstance(result, dict)
            and isinstance(result.get("uuid"), str)
            and result["uuid"] in sent
            and result.get("status") in ("stored", "known", "rejected")
        }
        self.spool.forget(answered)
        if isinstance(answer.get("settings"), dict):
            self.pairing.take_settings(answer["settings"])
        nonce = answer.get("rotate")
        if isinstance(nonce, str) and nonce:
            self.pairing.change_key(nonce)
        for command in answer.get("commands") or ():
            self._obey(command)
        if sent - answered:
            raise Failure("some presses were not answered")

    def _obey(self, command):
        if not isinstance(command, dict):
            return
        name, identifier = command.get("name"), command.get("id")
        if isinstance(name, str) and self.pairing.is_new_command(identifier):
            _logger.info("command from Odoo: %s", name)
            self.on_command(name)


def _seconds(text):
    """:return: what ``Retry-After`` says, between nothing and an hour"""
    try:
        return min(max(float(text), 0), 3600)
    except (TypeError, ValueError):
        return 0
