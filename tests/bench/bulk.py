"""Loading many rows: constraints and indexes are made once, after the rows."""

from contextlib import contextmanager

from odoo.tools import SQL

FOREIGN_KEYS = """
    SELECT
        'ALTER TABLE ' || conrelid::regclass
            || ' DROP CONSTRAINT ' || quote_ident(conname),
        'ALTER TABLE ' || conrelid::regclass || ' ADD CONSTRAINT '
            || quote_ident(conname) || ' ' || pg_get_constraintdef(oid)
    FROM pg_constraint
    WHERE contype = 'f'
        AND conrelid = ANY(%(tables)s::regclass[])
        AND confrelid != ALL(%(tables)s::regclass[])
"""
INDEXES = """
    SELECT
        'DROP INDEX ' || indexrelid::regclass,
        pg_get_indexdef(indexrelid)
    FROM pg_index
    WHERE indrelid = ANY(%(tables)s::regclass[])
        AND NOT indisprimary
        AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
"""


@contextmanager
def loading(cr, tables):
    """Without triggers, secondary indexes and foreign keys that lead out of ``tables``.

    A journal written by triggers would date everything today. All of it comes back,
    the keys checked against every row, when the block ends. Foreign keys between the
    tables stay: the cloner follows them.
    """
    statements = [
        (
            f"ALTER TABLE {table} DISABLE TRIGGER USER",
            f"ALTER TABLE {table} ENABLE TRIGGER USER",
        )
        for table in tables
    ]
    for query in (FOREIGN_KEYS, INDEXES):
        cr.execute(SQL(query, tables=list(tables)))
        statements += cr.fetchall()
    for drop, _make in statements:
        cr.execute(SQL(drop))
    yield
    for _drop, make in reversed(statements):
        cr.execute(SQL(make.replace("%", "%%")))
