"""How a box proves who it is: HMAC-SHA256 with a key that never travels.

The same as ``tools/signing.py`` of the add-on, which checks it.
"""

import hashlib
import hmac

HEADER = "X-KPI-Signature"


def digest(key, message):
    """:param str key: :param bytes message: :return: hexadecimal HMAC-SHA256"""
    return hmac.new(key.encode(), message, hashlib.sha256).hexdigest()


def box_key(token, identifier):
    """:return: the first key of a box, from the token it was paired with"""
    return digest(token, identifier.encode())


def next_key(key, nonce):
    """:return: the key that both sides change to"""
    return digest(key, nonce.encode())


def signature(key, body):
    """:return: value of the header for these bytes"""
    return f"sha256={digest(key, body)}"
