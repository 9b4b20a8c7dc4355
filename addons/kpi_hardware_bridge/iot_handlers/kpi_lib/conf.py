"""What the box's own ``odoo.conf`` says, read anew when it changes.

Besides the pairing, which the box writes there itself, a section of ours may stand in
it. All of it is optional::

    [kpi_bridge]
    # where presses wait
    folder = /home/pi/kpi_bridge
    # which devices are consoles: VID:PID, patterns of names, paths
    claims = 1a86:7523 usb-Arduino* /dev/ttyACM0
"""

import configparser
from pathlib import Path
from typing import NamedTuple

FOLDER = "/home/pi/kpi_bridge"
SERIAL_NUMBER = Path("/sys/firmware/devicetree/base/serial-number")


class Conf(NamedTuple):
    url: str = ""
    token: str = ""
    database: str = ""
    identifier: str = ""
    folder: Path = Path(FOLDER)
    claims: tuple[str, ...] = ()


def read(path):
    """:return: :class:`Conf`; an unreadable file is as good as an empty one"""
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read(path, encoding="utf-8")
    except (OSError, ValueError, configparser.Error):
        parser = configparser.RawConfigParser()

    def box(key):
        return parser.get("iot.box", key, fallback="").strip()

    def own(key):
        return parser.get("kpi_bridge", key, fallback="").strip()

    return Conf(
        url=box("remote_server").rstrip("/"),
        token=box("token"),
        database=box("db_name"),
        identifier=own("identifier") or serial_number(),
        folder=Path(own("folder") or FOLDER),
        claims=tuple(own("claims").split()),
    )


def serial_number(path=SERIAL_NUMBER):
    """:return: the identifier that the box pairs with: the number of its board"""
    try:
        return path.read_text(encoding="ascii").strip("\x00\n ")
    except (OSError, ValueError):
        return ""
