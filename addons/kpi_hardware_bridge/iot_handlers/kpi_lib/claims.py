"""Which devices are consoles of ours.

A box may have scales, printers and scanners on the same sort of wire, so only what is
named counts: by ``VID:PID``, by a pattern of its name, or by its path. Without any
word about it, what calls itself KPI is ours.
"""

import glob
import struct
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

try:
    from serial.tools.list_ports import comports
except ImportError:  # the box has it
    comports = None

OURS = ("*kpi*",)
#: bits of the digits on the main block and on the number block
DIGIT_KEYS = (2, 3, 4, 79, 80, 81)


class Device(NamedTuple):
    """A port or a keypad."""

    path: str
    usb: str = ""  # e.g. 1a86:7523
    number: str = ""  # of this very piece
    place: str = ""  # the socket that it is plugged into
    names: tuple[str, ...] = ()

    @property
    def identifier(self):
        """:return: what Odoo knows the console by; the same after a restart"""
        if self.usb and self.number:
            return f"{self.usb}:{self.number}"
        if self.usb and self.place:
            return f"{self.usb}@{self.place}"
        return self.path

    def is_claimed(self, patterns):
        return any(
            fnmatchcase(name.casefold(), pattern.casefold())
            for pattern in (*patterns, *OURS)
            for name in (self.usb, self.path, *self.names)
        )


def serial_ports(patterns, dev=Path("/dev")):
    """:return: the serial ports that are consoles, by identifier"""
    links = _links(dev / "serial" / "by-id")
    ports = [
        Device(
            path=port.device,
            usb=f"{port.vid:04x}:{port.pid:04x}" if port.vid is not None else "",
            number=port.serial_number or "",
            place=port.location or "",
            names=(port.product or "", *links.get(_real(port.device), ())),
        )
        for port in (comports() if comports else ())
    ]
    known = {_real(port.path) for port in ports}
    for pattern in patterns:
        if pattern.startswith("/") and "/input/" not in pattern:
            ports += [
                Device(path) for path in glob.glob(pattern) if _real(path) not in known
            ]
    return _claimed(ports, patterns)


def keypads(patterns, dev=Path("/dev"), sys=Path("/sys")):
    """:return: the keypads that are consoles, by identifier"""
    links = _links(dev / "input" / "by-id")
    found = []
    for folder in sorted((sys / "class" / "input").glob("event*")):
        device = folder / "device"
        if not _has_digits(_word(device / "capabilities" / "key")):
            continue
        path = str(dev / "input" / folder.name)
        vendor, product = (
            _word(device / "id" / name) for name in ("vendor", "product")
        )
        found.append(
            Device(
                path=path,
                usb=f"{vendor}:{product}" if vendor and product else "",
                number=_word(device / "uniq"),
                place=_word(device / "phys").rpartition("/")[0],
                names=(_word(device / "name"), *links.get(_real(path), ())),
            )
        )
    return _claimed(found, patterns)


def _claimed(devices, patterns):
    claimed = {}
    for device in devices:
        if device.is_claimed(patterns):
            claimed.setdefault(device.identifier, device)
    return claimed


def _links(folder):
    """:return: names and paths of the links in a folder, by what they lead to"""
    links = {}
    if folder.is_dir():
        for link in sorted(folder.iterdir()):
            links.setdefault(_real(link), []).extend((link.name, str(link)))
    return links


def _real(path):
    return str(Path(path).resolve())


def _word(path):
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def _has_digits(bitmap):
    """:param str bitmap: the kernel's longs in hexadecimal, the highest first"""
    size = struct.calcsize("@l") * 8
    bits = 0
    for place, word in enumerate(reversed(bitmap.split())):
        bits |= int(word, 16) << (place * size)
    return any(bits >> key & 1 for key in DIGIT_KEYS)
