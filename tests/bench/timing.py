"""Stopwatches: medians of alternating runs, numbers of statements, peak memory."""

import os
import resource
import time
from contextlib import contextmanager
from pathlib import Path
from statistics import median


class Stopwatch:
    """Seconds and SQL statements of a block."""

    def __init__(self):
        self.seconds = 0.0
        self.statements = 0

    @contextmanager
    def running(self, cr=None):
        before = cr.sql_log_count if cr else 0
        started = time.perf_counter()
        yield
        self.seconds = time.perf_counter() - started
        self.statements = (cr.sql_log_count - before) if cr else 0


def alternate(runs, *tasks):
    """Run tasks in turn, A B B A ..., so that a busy machine slows all alike.

    :param tasks: functions that return the seconds they took
    :return: the median seconds of each
    """
    seconds = [[] for _task in tasks]
    for run in range(runs):
        turn = list(enumerate(tasks))
        for position, task in reversed(turn) if run % 2 else turn:
            seconds[position].append(task())
    return [median(of_task) for of_task in seconds]


def peak_of_process():
    """:return: the most memory this process has had, in MB"""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def peak_of_backend(cr):
    """:return: the most memory this connection's server process has had, in MB.

    With the shared buffers it has touched; None when the server is elsewhere.
    """
    status = _of_backend(cr, "status")
    if not status:
        return None
    [line] = [line for line in status.split("\n") if line.startswith("VmHWM")]
    return int(line.split()[1]) / 1024


def processor_seconds(cr):
    """:return: seconds of work so far of this process and of its connection's server.

    Other work on the machine makes them longer by little. Elsewhere than on this
    machine the server's are those of the clock.
    """
    times = _of_backend(cr, "stat")
    if not times:
        return time.perf_counter()
    user, system = times.rsplit(")", 1)[1].split()[11:13]
    ticks = os.sysconf("SC_CLK_TCK")
    return time.process_time() + (int(user) + int(system)) / ticks


def _of_backend(cr, name):
    """:return: a file of the kernel about the server process, None when elsewhere"""
    cr.execute("SELECT pg_backend_pid()")
    [pid] = cr.fetchone()
    folder = Path(f"/proc/{pid}")
    try:
        if "postgres" not in (folder / "comm").read_text():
            return None
        return (folder / name).read_text()
    except OSError:
        return None
