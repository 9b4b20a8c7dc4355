"""Small helpers: messages, running commands, locks, atomic folders, checksums."""

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path


class EnvError(Exception):
    """Something the user can act on; printed without a stack trace."""


def say(text: str = "") -> None:
    """Print one line at once (the output of make is often piped)."""
    print(text, flush=True)


def step(text: str) -> None:
    """Print the heading of a step."""
    say(f"==> {text}")


def run(command, *, what="", quiet=True, **kwargs) -> subprocess.CompletedProcess:
    """Run a command to its end.

    :param what: words for the error message, e.g. "installing the requirements"
    :param quiet: keep the output for the error message instead of showing it
    :raise EnvError: when the command fails, with the end of its output
    """
    command = [str(part) for part in command]
    if quiet:
        kwargs.update(stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    kwargs.setdefault("stdin", subprocess.DEVNULL)
    try:
        done = subprocess.run(
            command, check=False, text=True, errors="replace", **kwargs
        )
    except FileNotFoundError as error:
        raise EnvError(f"{command[0]} is not installed ({what or error})") from error
    if done.returncode:
        tail = "\n".join((done.stdout or "").splitlines()[-25:])
        raise EnvError(
            f"{what or 'command'} failed ({command[0]} ended with"
            f" {done.returncode}).\n  {' '.join(command)}\n{tail}"
        )
    return done


def sha256(path: Path) -> str:
    """:return: hexadecimal SHA-256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def digest_of(*parts) -> str:
    """:return: short stable digest of texts and of the contents of paths."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.read_bytes() if isinstance(part, Path) else str(part).encode()
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()[:16]


def remove(path: Path) -> None:
    """Remove a file or a folder, whether it exists or not."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


@contextlib.contextmanager
def building(final: Path):
    """Build a folder in a temporary place; it gets its name only when complete.

    An interrupted build leaves nothing under the final name; what it left beside
    it is removed by the next one.
    """
    final.parent.mkdir(parents=True, exist_ok=True)
    for stale in final.parent.glob(f".{final.name}.building-*"):
        remove(stale)
    temporary = Path(
        tempfile.mkdtemp(prefix=f".{final.name}.building-", dir=final.parent)
    )
    temporary.chmod(0o755)
    try:
        yield temporary
        remove(final)
        temporary.rename(final)
    finally:
        remove(temporary)


@contextlib.contextmanager
def locked(path: Path, what: str, *, shared=False):
    """Hold a file lock; say so when another process has it and wait.

    The lock goes with the process, so a killed one leaves nothing behind.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
    with path.open("a") as file:
        try:
            fcntl.flock(file, mode | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"waiting for another process: {what} ...")
            started = time.monotonic()
            fcntl.flock(file, mode)
            say(f"... waited {time.monotonic() - started:.0f} s")
        yield


def write_atomic(path: Path, text: str) -> None:
    """Write a text file so that a reader sees the old or the new one, never half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)


def fail(message: str) -> int:
    """Print an error for the user; :return: the exit status for it."""
    print(f"\nERROR: {message}", file=sys.stderr, flush=True)
    return 1


def indent(text: str, by: str = "    ") -> str:
    return "\n".join(by + line for line in text.split("\n"))
