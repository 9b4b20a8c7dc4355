"""Boxes that one key closes and another opens; their size says nothing."""

import hashlib
import zlib

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

SECRET_SIZE = 32
BLOCK = 4096
_LENGTH = 4


class NotTheKey(ValueError):
    """This secret does not open this box."""


def _private_key(secret):
    seed = hashlib.blake2b(
        digest_size=PrivateKey.SIZE, key=secret, person=b"kpi seal"
    ).digest()
    return PrivateKey(seed)


def public_key(secret):
    """:return: in hexadecimal, the key that closes what ``secret`` opens"""
    return bytes(_private_key(secret).public_key).hex()


def seal(public, data):
    """Compress, pad to a multiple of 4 KiB and seal.

    :param str public: from ``public_key``
    :param bytes data: what nobody is to read
    """
    packed = zlib.compress(data, 9)
    framed = len(packed).to_bytes(_LENGTH, "big") + packed
    padding = bytes(-len(framed) % BLOCK)
    return SealedBox(PublicKey(bytes.fromhex(public))).encrypt(framed + padding)


def opener(secret):
    """:return: a function that opens a box and gives what was sealed"""
    box = SealedBox(_private_key(secret))

    def unseal(sealed):
        try:
            framed = box.decrypt(bytes(sealed))
        except CryptoError as error:
            raise NotTheKey from error
        size = int.from_bytes(framed[:_LENGTH], "big")
        return zlib.decompress(framed[_LENGTH : _LENGTH + size])

    return unseal
