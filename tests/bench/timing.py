"""Stopwatches: medians of alternating runs, numbers of statements, peak memory."""

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
    cr.execute("SELECT pg_backend_pid()")
    [pid] = cr.fetchone()
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return None
    if "postgres" not in status.split("\n", 1)[0]:
        return None
    [line] = [line for line in status.split("\n") if line.startswith("VmHWM")]
    return int(line.split()[1]) / 1024
