"""Read consoles for as long as they are plugged in; open them anew when they return."""

import fcntl
import logging
import math
import os
import select

from .keypad import KeypadDecoder
from .lines import LineDecoder

try:
    import serial
except ImportError:  # the box has it
    serial = None

_logger = logging.getLogger(__name__)

BAUD_RATE = 9600
AGAIN = 1  # seconds until a device that is not there is opened again
TICK = 1  # seconds until a reader looks whether it is to stop
EVIOCGRAB = 0x40044590  # nobody else gets the keys: they are no typing
EVIOCSCLOCKID = 0x400445A0  # a clock that nobody sets, so held times are right
CLOCK_MONOTONIC = (1).to_bytes(4, "little")


class Reader:
    """Opens, reads, and opens again; an error of the device is no end of it."""

    #: seconds without a byte; such a console is reported
    silent_after = math.inf

    def __init__(self, bridge, console, stopped):
        """
        :param bridge: where the presses go, see :class:`kpi_lib.bridge.Bridge`
        :param str console: its identifier
        :param stopped: the event that ends it
        """
        self.bridge = bridge
        self.console = console
        self.stopped = stopped
        self.decoder = None
        self._trouble = ""

    def run(self):
        try:
            while not self.stopped.is_set():
                self._read_once()
                self.stopped.wait(AGAIN)
        finally:
            self.bridge.lost(self.console)

    def _read_once(self):
        try:
            # a console that was plugged in again may have another path
            device = self.devices().get(self.console)
            if device:
                self.read_path(device.path)
        except Exception as error:
            if str(error) != self._trouble:
                _logger.warning("%s is not read: %s", self.console, error)
            self._trouble = str(error)
            self.bridge.unread(self.console, self._trouble)

    def opened(self, path):
        _logger.info("%s is read from %s", self.console, path)
        self._trouble = ""
        self.bridge.heard(self.console, self.silent_after)

    def take(self, data):
        self.bridge.heard(self.console, self.silent_after)
        for press in self.decoder.feed(data):
            self.bridge.press(self.console, press.button, press.held_ms)


class SerialReader(Reader):
    silent_after = 60  # it says every ten seconds that it is alive

    def devices(self):
        return self.bridge.serial_ports()

    def read_path(self, path):
        self.decoder = LineDecoder()
        with serial.Serial(path, BAUD_RATE, timeout=TICK, exclusive=True) as port:
            self.opened(path)
            while not self.stopped.is_set():
                data = port.read(port.in_waiting or 1)
                if data:
                    self.take(data)


class KeypadReader(Reader):
    def devices(self):
        return self.bridge.keypads()

    def read_path(self, path):
        self.decoder = KeypadDecoder()
        keypad = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        try:
            for request, argument in ((EVIOCGRAB, 1), (EVIOCSCLOCKID, CLOCK_MONOTONIC)):
                fcntl.ioctl(keypad, request, argument)
            self.opened(path)
            self.read_from(keypad)
        finally:
            os.close(keypad)

    def read_from(self, descriptor):
        """Read until the device is gone.

        :param int descriptor: gives ``struct input_event``
        """
        try:
            while not self.stopped.is_set():
                if select.select([descriptor], [], [], TICK)[0]:
                    data = os.read(descriptor, 4096)
                    if not data:
                        break
                    self.take(data)
        finally:
            # a key that is down while the plug is pulled was pressed all the same
            for press in self.decoder.end():
                self.bridge.press(self.console, press.button, press.held_ms)
