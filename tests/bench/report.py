"""The report: a plain table, and what it was measured on."""

import os
import platform
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Report:
    """Lines in the order in which they were measured."""

    rows: list = field(default_factory=list)
    missed: list = field(default_factory=list)

    def title(self, text):
        self.rows.append(text)
        print(f"... {text}", flush=True)

    def line(self, name, value, other="", ratio=None, aim=None):
        """One measured line.

        :param str value: ours
        :param str other: what it is compared with
        :param float ratio: ours by the other
        :param float aim: the ratio that is not to be exceeded
        """
        verdict = ""
        if aim is not None:
            verdict = f"aim {aim:.2f}: " + ("met" if ratio <= aim else "MISSED")
            if ratio > aim:
                self.missed.append(name)
        self.rows.append(
            (name, value, other, "" if ratio is None else f"{ratio:.2f}", verdict)
        )

    def check(self, name, is_right):
        """:param is_right: whether a figure agrees with the one it is checked by"""
        self.rows.append((name, "equal" if is_right else "DIFFERENT", "", "", ""))
        if not is_right:
            self.missed.append(name)

    def show(self):
        cells = [row for row in self.rows if not isinstance(row, str)]
        if not cells:
            return
        widths = [max(len(row[column]) for row in cells) for column in range(5)]
        for row in self.rows:
            if isinstance(row, str):
                print(f"\n{row}")
                continue
            name, *others = (
                cell.ljust(width) if position in (0, 4) else cell.rjust(width)
                for position, (cell, width) in enumerate(zip(row, widths, strict=True))
            )
            print("  ".join(["  " + name, *others]).rstrip())
        if self.missed:
            print("\nmissed: " + ", ".join(self.missed))


def seconds(value):
    return f"{value * 1000:,.0f} ms" if value < 1 else f"{value:,.2f} s"


def machine(cr):
    """:return: a text about the machine, PostgreSQL and Odoo"""
    from odoo import release

    processor = platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        models = [
            line.split(":", 1)[1].strip()
            for line in cpuinfo.read_text().split("\n")
            if line.startswith("model name")
        ]
        processor = models[0] if models else processor
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cr.execute(
        "SELECT current_setting('server_version'), current_setting('shared_buffers'),"
        " current_setting('work_mem'), pg_size_pretty(pg_database_size("
        "current_database()))"
    )
    version, buffers, work_mem, size = cr.fetchone()
    load = os.getloadavg()[0]
    return (
        f"{processor}, {os.cpu_count()} processors, {memory:.0f} GB, load {load:.1f};"
        f" Python {platform.python_version()}, Odoo {release.version};"
        f" PostgreSQL {version}, shared_buffers {buffers}, work_mem {work_mem};"
        f" database {size}"
    )
