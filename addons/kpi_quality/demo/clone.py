"""Copies of whole document trees by SQL, thousands at a time.

An order made through the ORM costs over 100 ms; its copy costs a fraction of one. So a
few hundred prototypes are made the proper way, and history is cloned from them.

A **plan** says which copies are wanted: a table with a row per copy and at least

- ``copy_no``: its number, unique;
- ``root_id``: the prototype's root document (e.g. the sales order);
- ``in_place``: the prototype itself is rewritten instead of copied, so that
  prototypes are part of the history too and nothing has to be deleted.

Whatever else the overrides need (dates, people, names) stands in further columns::

    cloner = TreeCloner(cr, "my_plan")
    cloner.add_root("sale_order")
    cloner.add("sale_order_line", "sale_order", by="order_id")
    cloner.add("stock_picking", "sale_order", by="sale_id")
    cloner.fill("sale_order", name=SQL("plan.name"), date_order=SQL("plan.ordered_at"))
    cloner.fill("sale_order_line")
    cloner.fill("stock_picking", date_done=SQL("plan.done_at"))
    cloner.link("account_tax_sale_order_line_rel")
    cloner.analyze()

First every table is added, which gives all new ids; then the rows are written,
referenced tables before those that refer to them. Columns come from the database, so
fields of any installed module are copied; foreign keys between the added tables are
turned to the copies. Stored amounts, states and translations are copied as they are.
The caller flushes before and invalidates the cache after.
"""

from odoo.tools import SQL


def store_plan(cr, table, columns, rows):
    """Make the temporary table of a plan.

    :param columns: ``{name: SQL type}``
    :param rows: dicts; what they do not have is NULL
    """
    cr.execute(
        SQL(
            """
            DROP TABLE IF EXISTS %(plan)s;
            CREATE TEMPORARY TABLE %(plan)s AS
            SELECT * FROM unnest(%(columns)s) AS plan(%(names)s);
            CREATE UNIQUE INDEX ON %(plan)s (copy_no);
            ANALYZE %(plan)s
            """,
            plan=SQL.identifier(table),
            columns=SQL(", ").join(
                SQL("%s::%s[]", [row.get(name) for row in rows], SQL(sql_type))
                for name, sql_type in columns.items()
            ),
            names=SQL(", ").join(map(SQL.identifier, columns)),
        )
    )


def step_aside(cr, records):
    """Names are unique: prototypes give up those that a plan hands out."""
    cr.execute(
        SQL(
            "UPDATE %s SET name = 'prototype ' || id WHERE id = ANY(%s)",
            SQL.identifier(records._table),
            records.ids,
        )
    )


class TreeCloner:
    """Clone trees of documents as a plan table says; see the module's docstring."""

    def __init__(self, cr, plan):
        """:param str plan: name of the plan table"""
        self.cr = cr
        self.plan = SQL.identifier(plan)
        self.maps = {}  # table -> temporary table (copy_no, old_id, new_id)

    # ----------------------------------------------------------- which rows
    def add_root(self, table):
        """The table of the roots: one row per row of the plan."""
        self._create_map(
            table,
            SQL("SELECT copy_no, root_id AS old_id FROM %s", self.plan),
        )

    def add(self, table, parent, by):
        """The rows of a table that belong to copied rows of another one.

        :param str parent: a table added before
        :param by: the column of ``table`` that refers to the parent, or for longer
            ways an SQL of pairs ``SELECT ... AS parent_id, ... AS id``
        """
        pairs = by
        if isinstance(by, str):
            pairs = SQL(
                "SELECT %s AS parent_id, id FROM %s",
                SQL.identifier(by),
                SQL.identifier(table),
            )
        self._create_map(
            table,
            SQL(
                """
                SELECT DISTINCT parent.copy_no, pair.id AS old_id
                FROM %s AS parent
                JOIN (%s) AS pair ON pair.parent_id = parent.old_id
                """,
                self.maps[parent],
                pairs,
            ),
        )

    def _create_map(self, table, rows):
        self.maps[table] = SQL.identifier(f"clone_{table}")
        self.cr.execute(
            SQL(
                """
                DROP TABLE IF EXISTS %(map)s;
                CREATE TEMPORARY TABLE %(map)s AS
                SELECT
                    item.copy_no,
                    item.old_id,
                    CASE
                        WHEN item.in_place THEN item.old_id
                        ELSE nextval(pg_get_serial_sequence(%(table)s, 'id'))::int4
                    END AS new_id
                FROM (
                    SELECT wanted.copy_no, wanted.old_id, plan.in_place
                    FROM (%(rows)s) AS wanted
                    JOIN %(plan)s AS plan ON plan.copy_no = wanted.copy_no
                    ORDER BY wanted.copy_no, wanted.old_id
                ) AS item;
                CREATE UNIQUE INDEX ON %(map)s (copy_no, old_id);
                ANALYZE %(map)s;
                ANALYZE %(source)s
                """,
                map=self.maps[table],
                table=table,
                # Prototypes of a moment ago: without statistics the planner takes
                # them for one row and nests loops.
                source=SQL.identifier(table),
                rows=rows,
                plan=self.plan,
            )
        )

    # ---------------------------------------------------------- the writing
    def fill(self, table, **overrides):
        """Insert the copies of a table and rewrite its prototypes.

        :param overrides: SQL by column, over ``source`` (the row copied), ``plan``,
            ``clone`` (copy_no, old_id, new_id) and, for a foreign key to an added
            table, ``new_<column>`` (likewise; NULL when it is not copied)
        :return: number of copies inserted
        """
        values = {name: SQL.identifier("source", name) for name in self._columns(table)}
        joins = []
        for column, target in self._references(table).items():
            if target not in self.maps:
                continue
            alias = SQL.identifier(f"new_{column}")
            values[column] = SQL(
                "COALESCE(%s.new_id, %s)", alias, SQL.identifier("source", column)
            )
            joins.append(
                SQL(
                    """
                    LEFT JOIN %(map)s AS %(alias)s
                        ON %(alias)s.copy_no = clone.copy_no
                        AND %(alias)s.old_id = %(column)s
                    """,
                    map=self.maps[target],
                    alias=alias,
                    column=SQL.identifier("source", column),
                )
            )
        values |= overrides | {"id": SQL("clone.new_id")}
        parts = {
            "table": SQL.identifier(table),
            "map": self.maps[table],
            "plan": self.plan,
            "joins": SQL(" ").join(joins),
        }
        self.cr.execute(
            SQL(
                """
                INSERT INTO %(table)s (%(columns)s)
                SELECT %(values)s
                FROM %(map)s AS clone
                JOIN %(plan)s AS plan ON plan.copy_no = clone.copy_no
                JOIN %(table)s AS source ON source.id = clone.old_id
                %(joins)s
                WHERE NOT plan.in_place
                ORDER BY clone.new_id
                """,
                columns=SQL(", ").join(map(SQL.identifier, values)),
                values=SQL(", ").join(values.values()),
                **parts,
            )
        )
        inserted = self.cr.rowcount
        if overrides:
            self.cr.execute(
                SQL(
                    """
                    UPDATE %(table)s AS target
                    SET %(assignments)s
                    FROM %(map)s AS clone
                    JOIN %(plan)s AS plan ON plan.copy_no = clone.copy_no
                    JOIN %(table)s AS source ON source.id = clone.old_id
                    %(joins)s
                    WHERE plan.in_place AND target.id = clone.new_id
                    """,
                    assignments=SQL(", ").join(
                        SQL("%s = %s", SQL.identifier(column), value)
                        for column, value in overrides.items()
                    ),
                    **parts,
                )
            )
        return inserted

    def link(self, table):
        """Copy the rows of a many2many table between copied (and other) records."""
        values = {name: SQL.identifier("source", name) for name in self._columns(table)}
        joins, copy_no = [], None
        for column, target in self._references(table).items():
            if target not in self.maps:
                continue
            alias = SQL.identifier(f"new_{column}")
            values[column] = SQL("%s.new_id", alias)
            same_copy = copy_no and SQL(" AND %s.copy_no = %s", alias, copy_no)
            joins.append(
                SQL(
                    "JOIN %s AS %s ON %s.old_id = %s %s",
                    self.maps[target],
                    alias,
                    alias,
                    SQL.identifier("source", column),
                    same_copy or SQL(""),
                )
            )
            copy_no = copy_no or SQL("%s.copy_no", alias)
        self.cr.execute(
            SQL(
                """
                INSERT INTO %(table)s (%(columns)s)
                SELECT %(values)s
                FROM %(table)s AS source
                %(joins)s
                JOIN %(plan)s AS plan ON plan.copy_no = %(copy_no)s
                WHERE NOT plan.in_place
                """,
                table=SQL.identifier(table),
                columns=SQL(", ").join(map(SQL.identifier, values)),
                values=SQL(", ").join(values.values()),
                joins=SQL(" ").join(joins),
                plan=self.plan,
                copy_no=copy_no,
            )
        )
        return self.cr.rowcount

    def analyze(self):
        """Let the planner know the new rows, which nobody else sees before commit."""
        for table in self.maps:
            self.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))

    # -------------------------------------------------------- the database
    def _columns(self, table):
        self.cr.execute(
            SQL(
                """
                SELECT column_name
                FROM information_schema.columns
                WHERE table_schema = current_schema()
                    AND table_name = %s
                    AND is_generated = 'NEVER'
                ORDER BY ordinal_position
                """,
                table,
            )
        )
        return [name for [name] in self.cr.fetchall()]

    def _references(self, table):
        """:return: ``{column: table it refers to}``, by the foreign keys"""
        self.cr.execute(
            SQL(
                """
                SELECT attribute.attname, target.relname
                FROM pg_constraint AS reference
                JOIN pg_class AS target
                    ON target.oid = reference.confrelid
                JOIN pg_attribute AS attribute
                    ON attribute.attrelid = reference.conrelid
                    AND attribute.attnum = reference.conkey[1]
                WHERE reference.contype = 'f'
                    AND reference.conrelid = %s::regclass
                    AND cardinality(reference.conkey) = 1
                ORDER BY attribute.attnum
                """,
                table,
            )
        )
        return dict(self.cr.fetchall())
