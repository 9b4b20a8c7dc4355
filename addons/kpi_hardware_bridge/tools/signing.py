"""How a device proves who it is: HMAC-SHA256 over the raw body of a request.

A key is a text, and its UTF-8 bytes are what signs: the same as
``openssl dgst -sha256 -hmac "$KEY"``.
"""

import hashlib
import hmac

SCHEME = "sha256="


def digest(key, message):
    """:return: HMAC-SHA256 in hexadecimal

    :param str key: the text
    :param message: bytes, or a text whose UTF-8 bytes are meant
    """
    if isinstance(message, str):
        message = message.encode()
    return hmac.new(key.encode(), message, hashlib.sha256).hexdigest()


def sign(key, body):
    """:return: what the header ``X-KPI-Signature`` says of these bytes"""
    return SCHEME + digest(key, body)


def is_signed(key, body, signature):
    """Whether the header fits; takes as long for a wrong one as for a right one."""
    expected = sign(key, body).encode()
    return hmac.compare_digest(expected, (signature or "").encode(errors="replace"))


def next_key(key, nonce):
    """The key that follows: both sides compute it, so it never travels."""
    return digest(key, nonce)
