"""A program with the whole database looks for whom an answer is of.

The people of the survey answer one after another, in an order that the program knows,
each in a committed transaction. Everything that PostgreSQL keeps of a row is looked
at: ids, places (``ctid``), transactions (``xmin``), all tables of Odoo. The program has
no key file: who has that and the database before the count can read all, which is why
the file is not in the database.
"""

from contextlib import contextmanager
from random import Random
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import SQL

from ..tools import sealing
from .committed_common import CommittedSurvey

MARKER = "attackedcomment"
# A row as PostgreSQL keeps it: what it says of itself.
ORDERS = ("id", "ctid", "(xmin::TEXT::BIGINT, ctid)")
# One of 120 is right by chance; the test is the same each time (see _count).
MOST_HITS = 6
MOST_CORRELATION = 0.25


@tagged("post_install", "-at_install")
class TestAttackIdentity(CommittedSurvey):
    UNITS = 4
    PEOPLE = 40
    COMMENTS = 120

    def setUp(self):
        super().setUp()
        with self.committed() as env:
            people = [(person.id, code) for person, code in self.people(env).items()]
        Random(20).shuffle(people)
        self.rows_before = self.rows_by_table()
        # Known to the attacker: who answered, and in which order.
        self.order = [person for person, _code in people]
        for number, (person, code) in enumerate(people):
            said = f"{MARKER} {number:03}" if number < self.COMMENTS else ""
            self.submit_committed(person, code, comment=said, mark=1 + number % 10)

    # --------------------------------------------------- what the attacker does
    def query(self, query):
        with self.committed() as env:
            return env.execute_query(query)

    def tables(self):
        return [
            name
            for [name] in self.query(
                SQL(
                    """
                    SELECT table_name
                    FROM information_schema.tables
                    WHERE table_schema = 'public'
                        AND table_type = 'BASE TABLE'
                    """
                )
            )
        ]

    def over_tables(self, select):
        """One query over all tables at once.

        :param select: a SELECT by table, with %(name)s and %(table)s
        """
        parts = [
            SQL(select, name=name, table=SQL.identifier(name)) for name in self.tables()
        ]
        rows = []
        for start in range(0, len(parts), 100):
            union = SQL(" UNION ALL ").join(parts[start : start + 100])
            rows += self.query(union)
        return rows

    def rows_by_table(self):
        return dict(
            self.over_tables("SELECT %(name)s, COUNT(*) FROM %(table)s"),
        )

    def tables_that_say(self, text):
        """Where it stands, as text or in the bytes of a binary column."""
        hexadecimal = text.encode().hex()
        found = self.over_tables(
            f"""
            SELECT %(name)s
            FROM %(table)s t
            WHERE t::TEXT LIKE '%%{text}%%'
                OR t::TEXT LIKE '%%{hexadecimal}%%'
            """
        )
        return {name for [name] in found}

    def tables_written_with_boxes(self):
        """Whose rows come from the transactions of boxes."""
        found = self.over_tables(
            f"""
            SELECT DISTINCT %(name)s
            FROM %(table)s
            WHERE xmin::TEXT IN (
                SELECT xmin::TEXT
                FROM kpi_survey_sealed
                WHERE campaign_id = {self.campaign_id}
            )
            """
        )
        return {name for [name] in found}

    def order_of_comments(self, env, order):
        env.cr.execute(
            f"""
            SELECT RIGHT(text, 3)::INTEGER
            FROM kpi_survey_comment
            WHERE campaign_id = %s
            ORDER BY {order}
            """,
            [self.campaign_id],
        )
        return [number for [number] in env.cr.fetchall()]

    def attack(self, env):
        """Join each comment to somebody by its place in the table.

        Three lists of people are laid beside it: as they answered, as their ids go,
        and as the ids go within the units.

        :return: most right guesses and highest correlation of all ways
        """
        commented = self.order[: self.COMMENTS]
        lists = [list(range(self.COMMENTS))]
        lists.append(sorted(lists[0], key=lambda number: commented[number]))
        hits, correlations = [], []
        for order in ORDERS:
            found = self.order_of_comments(env, order)
            self.assertEqual(sorted(found), lists[0])
            for guess in (*lists, *[known[::-1] for known in lists]):
                pairs = list(zip(found, guess, strict=True))
                hits.append(sum(one == other for one, other in pairs))
                correlations.append(abs(correlation(pairs)))
        return max(hits), max(correlations)

    # ------------------------------------------------------------ with the count
    @contextmanager
    def counted(self, commit=True):
        """The random numbers of the database are the same ones in each run."""
        with self.committed() as env:
            env.cr.execute("SELECT setseed(0.25)")
            self.close(env)
            env.cr.commit() if commit else env.flush_all()
            if commit:
                self.count(env)
            else:
                self.campaign(env)._count_boxes()
            yield env
            if not commit:
                env.cr.rollback()

    def test_attack(self):
        """One survey for all of it: so many answers take their time."""
        self.attack_before_the_count()
        self.attack_without_the_shuffle()
        self.attack_after_the_count()

    # --------------------------------------------------------------- before it
    def attack_before_the_count(self):
        boxes = [
            bytes(box) for [box] in self.query(SQL("SELECT box FROM kpi_survey_sealed"))
        ]
        self.assertEqual(len(boxes), len(self.order))
        with self.subTest("boxes look the same, with or without a comment"):
            self.assertEqual(len({len(box) for box in boxes}), 1)
            self.assertEqual(len(set(boxes)), len(boxes))
        with self.subTest("nothing stands anywhere in clear"):
            self.assertEqual(self.tables_that_say(MARKER), set())
        with self.subTest("no secret of the database opens a box"):
            self.assertFalse(any(opens(key, boxes[0]) for key in self.secrets()))
            with self.committed() as env:
                key = env["kpi.survey.key"]._secret(self.campaign(env))
            self.assertTrue(opens(key, boxes[0]))
        with self.subTest("nothing that names somebody is written with a box"):
            # The ballot knows its unit, and a hash.
            self.assertEqual(
                self.tables_written_with_boxes(),
                {"kpi_survey_sealed", "kpi_survey_ballot"},
            )
        with self.subTest("ballots are in the order of their hashes"):
            hashes = self.query(
                SQL(
                    "SELECT code_hash FROM kpi_survey_ballot WHERE campaign_id = %s "
                    "ORDER BY id",
                    self.campaign_id,
                )
            )
            self.assertEqual(hashes, sorted(hashes))
        with self.subTest("nobody is noted as one who answered"):
            self.assertEqual(set(self.grown()), {"kpi_survey_sealed"})

    def secrets(self):
        """Whatever 32 bytes the database would give as a key."""
        texts = {
            value
            for table in ("kpi_survey_campaign", "ir_config_parameter")
            for [row] in self.query(
                SQL("SELECT to_jsonb(t) FROM %s t", SQL.identifier(table))
            )
            for value in row.values()
            if isinstance(value, str)
        }
        for text in texts:
            yield text.encode()[:32].ljust(32, b"\0")
            try:
                yield bytes.fromhex(text)[:32].ljust(32, b"\0")
            except ValueError:
                continue

    def grown(self):
        """Tables with a row for each who answered, or more, since they began."""
        after = self.rows_by_table()
        return {
            name: after[name] - before
            for name, before in self.rows_before.items()
            if after[name] - before >= len(self.order)
        }

    def files_of_boxes(self):
        """:return: bytes by file: of the table, and of the large values beside it"""
        rows = self.query(
            SQL(
                """
                SELECT
                    pg_relation_filenode(file),
                    pg_relation_size(file)
                FROM
                    pg_class AS sealed,
                    unnest(ARRAY[sealed.oid, sealed.reltoastrelid]) AS file
                WHERE sealed.oid = 'kpi_survey_sealed'::REGCLASS
                """
            )
        )
        self.assertEqual(len(rows), 2)
        return dict(rows)

    # ---------------------------------------------------------------- after it
    def attack_after_the_count(self):
        before = self.files_of_boxes()
        with self.counted() as env:
            self.assertTrue(self.campaign(env).is_counted)
            hits, highest = self.attack(env)
        with self.subTest("the files of the boxes are others, and empty: no dead rows"):
            after = self.files_of_boxes()
            self.assertFalse(before.keys() & after.keys())
            self.assertTrue(all(before.values()))
            self.assertFalse(any(after.values()))
        with self.subTest("no place in the table says whose a comment is"):
            self.assertLessEqual(hits, MOST_HITS)
            self.assertLess(highest, MOST_CORRELATION)
        with self.subTest("all comments are of one transaction"):
            self.assertEqual(
                self.query(
                    SQL("SELECT COUNT(DISTINCT xmin::TEXT) FROM kpi_survey_comment")
                ),
                [(1,)],
            )
        with self.subTest("comments stand in one table only"):
            self.assertEqual(self.tables_that_say(MARKER), {"kpi_survey_comment"})
        with self.subTest("no table has a row for each who answered"):
            self.assertEqual(self.grown(), {})
        with self.subTest("no figure has fewer than five people"):
            for name in ("result", "result_criterion", "cell"):
                rows = self.query(
                    SQL(
                        "SELECT COALESCE(MIN(respondents), 5) FROM %s",
                        SQL.identifier(f"kpi_survey_{name}"),
                    )
                )
                self.assertGreaterEqual(rows[0][0], 5)
        with self.subTest("the key is gone, so codes cannot be made again"):
            with self.committed() as env:
                self.assertFalse(env["kpi.survey.key"]._is_there(self.campaign(env)))
                self.assertFalse(
                    list(env["kpi.survey.key"]._folder().glob("*.key")),
                )

    def attack_without_the_shuffle(self):
        """Everybody is found: so that nobody is, with it, means something."""
        with self.committed() as env:
            cls = type(env["kpi.survey.campaign"])
        with (
            patch.object(cls, "_published_order", lambda self: SQL("text")),
            patch.object(cls, "_insert", only_comments(cls._insert)),
            self.counted(commit=False) as env,
        ):
            hits, highest = self.attack(env)
        self.assertEqual(hits, self.COMMENTS)
        self.assertAlmostEqual(highest, 1)


def only_comments(insert):
    """The other tables have no text to be sorted by."""

    def insert_sorted(self, model_name, rows):
        if model_name == "kpi.survey.comment":
            return insert(self, model_name, rows)
        order = patch.object(type(self), "_published_order", lambda self: SQL("1"))
        with order:
            return insert(self, model_name, rows)

    return insert_sorted


def opens(secret, box):
    try:
        return bool(sealing.opener(secret)(box))
    except sealing.NotTheKey:
        return False


def correlation(pairs):
    """Of two rankings: Pearson's of the ranks is Spearman's."""
    count = len(pairs)
    middle = (count - 1) / 2
    spread = sum((number - middle) ** 2 for number in range(count))
    return sum((one - middle) * (other - middle) for one, other in pairs) / spread
