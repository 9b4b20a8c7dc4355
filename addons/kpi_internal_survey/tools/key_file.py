"""A secret in a file that only the server's own user can read."""

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from .sealing import SECRET_SIZE


def make():
    return secrets.token_bytes(SECRET_SIZE)


def to_text(secret):
    return f"{secret.hex()}\n"


def from_text(text):
    """:return: the secret, or None when this is no key file"""
    try:
        secret = bytes.fromhex(text.strip())
    except ValueError:
        return None
    return secret if len(secret) == SECRET_SIZE else None


def write(path, secret):
    """All of it or nothing, and on the disk before this returns."""
    path = Path(path)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.parent.chmod(0o700)
    # mkstemp makes files of mode 0600.
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with open(handle, "w", encoding="ascii") as file:
            file.write(to_text(secret))
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(temporary)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def read(path):
    """:return: the secret, or None when there is no such file, or it is none"""
    try:
        return from_text(Path(path).read_text(encoding="ascii"))
    except (FileNotFoundError, UnicodeDecodeError):
        return None


def remove(path, secret=None):
    """:param secret: remove the file only if this is in it"""
    if secret is None or read(path) == secret:
        Path(path).unlink(missing_ok=True)
