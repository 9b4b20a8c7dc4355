"""Run programs so that none of them outlives the command that started it.

Each program gets a process group of its own; whatever ends us (an error, Ctrl-C, a
time limit) ends the group, the browser it may have started included.
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from . import conf, util
from .util import EnvError

# the kernel ends a program when we are killed without a chance to do it ourselves
DIE_WITH_US = (
    ("setpriv", "--pdeathsig", "TERM", "--") if shutil.which("setpriv") else ()
)


def _end(process: subprocess.Popen) -> None:
    """End a program and all it started: politely, then not."""
    for number, patience in ((signal.SIGTERM, 15), (signal.SIGKILL, 5)):
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            break
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            process.poll()
            try:
                os.killpg(process.pid, 0)
            except ProcessLookupError:
                break
            time.sleep(0.1)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=5)


def end_one(process: subprocess.Popen) -> None:
    """End a single program that shares our group."""
    process.terminate()
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextlib.contextmanager
def started(command, *, output: Path | None = None, env=None, cwd=None):
    """Start a program; it is gone when the block ends, however it ends."""
    command = [*DIE_WITH_US, *(str(part) for part in command)]
    with contextlib.ExitStack() as stack:
        target = None
        if output:
            output.parent.mkdir(parents=True, exist_ok=True)
            target = stack.enter_context(output.open("w"))
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=target,
            stderr=subprocess.STDOUT if target else None,
            env=conf.env() if env is None else env,
            cwd=cwd,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            _end(process)


def run(command, *, timeout: float, **options) -> int:
    """Run a program to its end; :return: its exit status.

    :raise EnvError: when it takes longer than ``timeout`` seconds
    """
    with started(command, **options) as process:
        try:
            return process.wait(timeout=timeout)
        except subprocess.TimeoutExpired:
            name = Path(str(command[0])).name
            raise EnvError(f"{name} took more than {timeout:.0f} s; ended") from None


def free_port() -> int:
    """:return: a TCP port that nobody uses now."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def port_taken(host: str, port: int) -> bool:
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind((host, port))
        except OSError:
            return True
    return False


def wait_for(url: str, process: subprocess.Popen, timeout: float = 120) -> None:
    """Wait until a web server answers.

    :raise EnvError: when its process ended or the time is over
    """
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise EnvError(f"the server ended with {process.returncode} at its start")
        try:
            with urllib.request.urlopen(url, timeout=10):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise EnvError(f"no answer from {url} within {timeout:.0f} s")


def tail(path: Path, lines: int = 30) -> str:
    """:return: the end of a file, for a message."""
    if not path.exists():
        return ""
    text = path.read_text(encoding="utf-8", errors="replace")
    return "\n".join(util.indent(line) for line in text.splitlines()[-lines:])
