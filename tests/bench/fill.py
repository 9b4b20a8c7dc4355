"""Fill one database: ``python fill.py DATABASE MONTHS``. Called by databases.py."""

import sys

import bootstrap  # noqa: F401
import company
import company_delays
import documents
from session import connect, environment


def main(database, months):
    registry = connect(database)
    with environment(registry) as env:
        made = company.make(env, months)
        made |= company_delays.make(env, months, made)
        counts = documents.make(env, months, made)
    for part, tables in counts.items():
        rows = ", ".join(f"{table} {count:,}" for table, count in tables.items())
        print(f"    {part}: {rows}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
