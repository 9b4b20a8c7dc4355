"""No press is lost on the box: kills, torn files, full disks, wrong clocks."""

import math
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from kpi_lib import spool as spool_module
from kpi_lib.clock import Clock, iso
from kpi_lib.spool import TORN_KEPT, Spool
from pytest import mark

LIBRARY = str(Path(spool_module.__file__).parents[1])


class FixedClock:
    boot_id = "6e9b1f7a"

    def __init__(self, wall=1_800_000_000.25, boottime=1_000.5):
        self.at = wall
        self.since = boottime

    def wall(self):
        return self.at

    def boottime(self):
        return self.since


def opened(folder, clock=None, **options):
    return Spool(Path(folder) / "spool.db", clock or FixedClock(), **options)


def uuids(presses):
    return [press.uuid for press in presses]


def fill(spool, count):
    """Add presses, all of them to the disk at once: that takes a tenth of the time."""
    spool._retry_at = math.inf
    sent = [spool.add("c", number, 120).uuid for number in range(1, count + 1)]
    spool.settle()
    return sent


def test_a_press_as_it_was(tmp_path):
    spool = opened(tmp_path)
    press = spool.add("1a86:7523", 3, 250)
    spool.close()
    [found] = opened(tmp_path).batch(10)
    assert found == press._replace(seq=1)
    assert found[2:] == ("1a86:7523", 3, 250, 1_800_000_000.0, 1_000.25, "6e9b1f7a")
    assert iso(found.at) == "2027-01-15T08:00:00.000+00:00"


def test_the_disk_is_asked_to_keep_it(tmp_path):
    spool = opened(tmp_path)
    [[journal]] = spool._connection.execute("PRAGMA journal_mode")
    [[synchronous]] = spool._connection.execute("PRAGMA synchronous")
    assert (journal, synchronous) == ("wal", 2)  # 2 is FULL


@mark.parametrize(
    "wall", [0.0, 1_800_000_000 - 365 * 86400, 1_800_000_000 + 365 * 86400]
)
def test_a_clock_wrong_by_a_year_keeps_order_and_distance(tmp_path, wall):
    clock = FixedClock(wall)
    spool = opened(tmp_path, clock)
    first = spool.add("c", 1)
    clock.at += 1_000_000_000  # the clock is set in between
    clock.since += 7.5
    second = spool.add("c", 2)
    found = spool.batch(10)
    assert uuids(found) == [first.uuid, second.uuid]
    assert found[1].boottime - found[0].boottime == 7.5


def test_the_real_clock():
    clock = Clock()
    assert len(clock.boot_id) == 36
    before = clock.boottime()
    assert 0 < before <= clock.boottime()


class SpoolMachine(RuleBasedStateMachine):
    """Whatever happens, the spool is the list of what was added and not forgotten."""

    @initialize()
    def begin(self):
        self.folder = TemporaryDirectory()
        self.spool = opened(self.folder.name)
        self.disk, self.memory, self.late = [], [], []
        self.full = False

    def settled(self):
        if not self.full:
            self.disk += self.memory
            self.memory = []

    @rule(count=st.integers(1, 8))
    def add(self, count):
        for _time in range(count):
            self.memory.append(self.spool.add("c", 1).uuid)
            self.settled()

    @rule(size=st.integers(1, 50), keep=st.sets(st.integers(0, 49)))
    def send(self, size, keep):
        """Some of a batch are answered for; on a full disk these go all the same."""
        batch = uuids(self.spool.batch(size))
        if not self.full:
            assert batch == (self.disk + self.late)[:size]
        done = [uuid for place, uuid in enumerate(batch) if place not in keep]
        self.spool.forget(done)
        for part in (self.disk, self.late, self.memory):
            part[:] = [uuid for uuid in part if uuid not in done]
        self.settled()

    @rule()
    def refused(self):
        batch = uuids(self.spool.batch(1))
        if batch and batch[0] in self.disk and not self.full:
            self.spool.postpone(batch[0])
            self.late.append(self.disk.pop(0))

    @rule()
    def restart(self):
        if not self.full:
            self.spool.close()
            self.spool = opened(self.folder.name)

    @rule()
    def die(self):
        """The process goes without a word, and the power with it."""
        if not self.full:
            connection, self.spool._connection = self.spool._connection, None
            self.spool = opened(self.folder.name)
            connection.close()

    @rule()
    def fill_disk(self):
        connection = self.spool._connection
        [[pages]] = connection.execute("PRAGMA page_count")
        connection.execute(f"PRAGMA max_page_count = {pages}")
        self.full = True

    @rule()
    def empty_disk(self):
        if self.full:
            self.spool._connection.execute("PRAGMA max_page_count = 1000000")
            self.spool.settle()
            self.full = False
            self.settled()

    @invariant()
    def is_the_list(self):
        if not hasattr(self, "spool"):
            return
        everything = self.disk + self.late + self.memory
        found = uuids(self.spool.batch(10_000))
        if self.full:  # a press may or may not find a place that is left
            assert sorted(found) == sorted(everything)
            assert [uuid for uuid in found if uuid not in self.late] == (
                self.disk + self.memory
            )
        else:
            assert found == everything
        assert len(self.spool) == len(everything)
        assert self.spool.dropped == self.spool.torn == 0

    def teardown(self):
        if hasattr(self, "spool"):
            self.spool.close()
            self.folder.cleanup()


SpoolMachine.TestCase.settings = settings(
    max_examples=50, stateful_step_count=25, deadline=None
)
TestSpoolMachine = SpoolMachine.TestCase


def child(code, folder, **more):
    program = f"""
import sys
from pathlib import Path
sys.path.insert(0, {LIBRARY!r})
from kpi_lib.clock import Clock
from kpi_lib.spool import Spool
spool = Spool(Path({str(folder)!r}) / "spool.db", Clock())
{code}
"""
    return subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, **more
    )


def test_killed_again_and_again(tmp_path):
    """What was told to be kept is there after each kill, in order, and once."""
    told = []
    for kill in range(4):
        process = child(
            "while True: print(spool.add('c', 1, 80).uuid, flush=True)", tmp_path
        )
        for _press in range(40 + 7 * kill):
            told.append(process.stdout.readline().strip())
        os.kill(process.pid, signal.SIGKILL)
        told += process.stdout.read().split()
        process.wait()
        spool = opened(tmp_path)
        found = uuids(spool.batch(100_000))
        spool.close()
        # the last press of each life may be kept and not be told any more
        assert [uuid for uuid in found if uuid in set(told)] == told
        assert len(found) - len(told) <= kill + 1
        assert len(set(found)) == len(found)
    assert len(told) >= 40 + 47 + 54 + 61


def test_killed_while_it_forgets(tmp_path):
    spool = opened(tmp_path)
    sent = fill(spool, 3_000)
    spool.close()
    process = child(
        """
while batch := spool.batch(10):
    spool.forget([press.uuid for press in batch])
    print(batch[-1].seq, flush=True)
""",
        tmp_path,
    )
    for _batch in range(20):
        last = int(process.stdout.readline())
    os.kill(process.pid, signal.SIGKILL)
    last = int((process.stdout.read().split() or [last])[-1])
    process.wait()
    left = uuids(opened(tmp_path).batch(10_000))
    assert left in (sent[last:], sent[last + 10 :])
    assert left


def test_a_full_disk_of_a_real_process(tmp_path):
    """The file may not grow: presses wait in memory, and no error comes out."""
    program = """
import resource
for number in range(2_000):
    spool.add("c", 1)
assert spool.in_memory and spool.trouble, (spool.in_memory, spool.trouble)
assert len(spool) == len(spool.batch(10_000)) == 2_000
# what Odoo has goes, though the disk cannot be told
spool.forget([press.uuid for press in spool.batch(500)])
assert len(spool) == len(spool.batch(10_000)) == 1_500
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
spool.add("c", 2)
spool.settle()
assert not spool.in_memory and not spool.trouble, (spool.in_memory, spool.trouble)
print(len(spool), spool.dropped)
"""
    limit = (200_000, resource.RLIM_INFINITY)
    process = child(
        program,
        tmp_path,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit),
    )
    output, _errors = process.communicate(timeout=60)
    assert (process.returncode, output.split()) == (0, ["1501", "0"])
    found = opened(tmp_path).batch(10_000)
    assert len(found) == 1_501
    assert found[-1].button == 2


def test_a_folder_that_cannot_be_written(tmp_path):
    spool = Spool(tmp_path / "nowhere" / "spool.db", FixedClock(), memory_limit=50)
    sent = [spool.add("c", 1).uuid for _time in range(60)]
    assert uuids(spool.batch(100)) == sent[10:]
    assert (spool.in_memory, spool.dropped) == (50, 10)
    assert "unable to open" in spool.trouble
    spool.path.parent.mkdir()
    spool.settle()
    assert (spool.in_memory, spool.dropped, spool.trouble) == (0, 10, "")
    spool.close()
    spool = Spool(spool.path, FixedClock())
    assert (uuids(spool.batch(100)), spool.dropped) == (sent[10:], 10)


def test_a_bounded_size_drops_the_oldest_and_says_so(tmp_path):
    spool = opened(tmp_path, limit=100)
    sent = fill(spool, 130)
    assert uuids(spool.batch(1_000)) == sent[30:]
    assert (len(spool), spool.dropped) == (100, 30)
    spool.close()
    assert opened(tmp_path).dropped == 30


@mark.parametrize("while_open", [False, True])
@mark.parametrize("damage", ["garbage", "empty header", "cut", "page", "nothing left"])
def test_a_torn_file(tmp_path, damage, while_open):
    spool = opened(tmp_path)
    sent = fill(spool, 2_000)
    spool.close()  # all of it is in the file itself now
    spool = opened(tmp_path) if while_open else None
    path = tmp_path / "spool.db"
    data = bytearray(path.read_bytes())
    if damage == "garbage":
        data = bytearray(os.urandom(len(data)))
    elif damage == "empty header":
        data[:100] = bytes(100)
    elif damage == "cut":
        data = data[: len(data) // 2]
    elif damage == "page":
        middle = len(data) // 8192 * 4096
        data[middle : middle + 4096] = os.urandom(4096)
    else:
        data = bytearray()
    with path.open("r+b") as file:
        file.write(data)
        file.truncate(len(data))
    spool = spool or opened(tmp_path)
    added = [spool.add("c", 9).uuid for _time in range(5)]
    found = uuids(spool.batch(10_000))
    assert found[-5:] == added
    assert [uuid for uuid in sent if uuid in set(found)] == found[:-5]  # in order
    spool.close()
    spool = opened(tmp_path)
    again = uuids(spool.batch(10_000))
    if not while_open:  # who has the file open may notice at the next start only
        assert again == found
    assert [uuid for uuid in found if uuid in set(again)] == again
    assert again[-5:] == added
    if spool.torn:
        assert len(list(tmp_path.glob("spool.db.torn-*[0-9]"))) == 1
    elif damage == "nothing left":
        assert again == added  # an empty file is a new one
    else:
        assert again == sent + added  # what was open has mended it
    if damage == "page":
        assert len(found) > 1_000  # the other pages were read


def test_damaged_files_do_not_fill_the_disk(tmp_path):
    for number in range(TORN_KEPT + 3):
        (tmp_path / "spool.db").write_bytes(os.urandom(5_000))
        spool = opened(tmp_path)
        spool.add("c", 1)
        assert spool.torn == 1, number  # the file with the count was damaged, too
        spool.close()
    assert len(list(tmp_path.glob("spool.db.torn-*[0-9]"))) == TORN_KEPT


def test_somebody_removes_the_file(tmp_path):
    spool = opened(tmp_path)
    sent = fill(spool, 100)
    for path in tmp_path.iterdir():
        path.unlink()
    sent += fill(spool, 10)
    spool.close()
    assert uuids(opened(tmp_path).batch(1_000)) == sent
