"""The text that an IoT Box is paired with, and the address it contains."""

import ipaddress
from urllib.parse import quote, urlsplit

LOCAL_NAMES = ("localhost", "localhost.localdomain")


def address_of(url):
    """:return: scheme, host and port of an address: a box drops the rest"""
    parts = urlsplit((url or "").strip())
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def address_problem(url):
    """What is wrong with an address that a box in the shop is to call.

    :return: ``none`` when there is no address, ``local`` when the box would call
        itself, ``http`` when everybody on the way can read along, else None
    """
    try:
        parts = urlsplit((url or "").strip())
        host, _port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return "none"
    if parts.scheme not in ("http", "https") or not host:
        return "none"
    if host in LOCAL_NAMES or host.endswith(".localhost") or _is_loopback(host):
        return "local"
    return "http" if parts.scheme == "http" else None


def _is_loopback(host):
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def pairing_text(url, token, database=None):
    """Exactly what a box of Odoo 19.0 takes: nothing missing, nothing more.

    :param database: its name, for a server that cannot tell by its host name
    """
    text = f"{address_of(url)}?token={quote(token)}&db_uuid=&enterprise_code="
    return f"{text}&db_name={quote(database, safe='')}" if database else text
