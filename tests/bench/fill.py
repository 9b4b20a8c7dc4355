"""Fill one database: ``python fill.py DATABASE MONTHS``. Called by databases.py."""

import sys

import bootstrap  # noqa: F401
import company
import documents
from session import connect, environment


def main(database, months):
    registry = connect(database)
    with environment(registry) as env:
        made = company.make(env, months)
        counts = documents.make(env, months, made)
    for table, count in counts.items():
        print(f"    {table}: {count:,}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
