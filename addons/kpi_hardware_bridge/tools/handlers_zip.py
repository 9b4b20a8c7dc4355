"""The handlers that an IoT Box downloads, as one file that only changes with them."""

import functools
import hashlib
import io
import zipfile
from pathlib import Path

EPOCH = (1980, 1, 1, 0, 0, 0)
LEFT_OUT = ("__pycache__", ".pyc")


@functools.cache
def handlers_zip(folder):
    """Pack a folder; the same files give the same fingerprint, on every server.

    Read once a process: an upgrade of the add-on restarts the server anyhow.

    :param str folder: holds ``drivers/``, ``interfaces/`` and what they share
    :return: the bytes, and their fingerprint
    """
    content = io.BytesIO()
    fingerprint = hashlib.sha256()  # of what is packed: packers differ
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in _files(Path(folder)):
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o100644 << 16
            data = path.read_bytes()
            archive.writestr(entry, data)
            fingerprint.update(f"{entry.filename}\0{len(data)}\0".encode() + data)
    return content.getvalue(), fingerprint.hexdigest()[:32]


def _files(folder):
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file()
        and not any(part.endswith(LEFT_OUT) for part in path.parts)
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )


def is_same(header, fingerprint):
    """Whether an ``If-None-Match`` names it: boxes write it without quotes."""
    return any(
        candidate.strip().removeprefix("W/").strip('"') == fingerprint
        for candidate in (header or "").split(",")
    )
