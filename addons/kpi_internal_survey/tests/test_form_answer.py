import json

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import tagged
from odoo.tests.common import BaseCase

from ..tools.answer import MOST_COMMENT, Rules, Unacceptable, read

RULES = Rules(
    unit=1,
    units=frozenset({2, 3}),
    criteria=frozenset({10, 11}),
    colleagues=frozenset({100, 101, 102, 103}),
    votes=3,
    low=2,
    high=10,
    needs_comment=False,
)
STRICT = RULES._replace(needs_comment=True)

numbers = st.one_of(
    st.integers(), st.floats(), st.sampled_from([1, 2, 3, 10, 11, 100, True, 2**40])
)
texts = st.one_of(st.text(max_size=8), st.sampled_from(["10", "011", "\0", "²", "x"]))
anything = st.recursive(
    st.one_of(st.none(), numbers, texts),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=3)
    ),
    max_leaves=8,
)
ratings = st.fixed_dictionaries(
    {},
    optional={
        "unit": st.one_of(st.sampled_from([1, 2, 3, 4]), anything),
        "marks": st.one_of(
            st.dictionaries(
                st.sampled_from(["10", "11", "010"]), st.integers(0, 11), max_size=2
            ),
            anything,
        ),
        "comment": st.one_of(st.text(max_size=20), anything),
    },
)
answers = st.one_of(
    anything,
    st.fixed_dictionaries(
        {},
        optional={
            "ratings": st.one_of(st.lists(ratings, max_size=4), anything),
            "votes": st.one_of(
                st.lists(st.sampled_from([100, 101, 102, 103, 5]), max_size=4),
                anything,
            ),
        },
    ),
)


def rating(unit=2, marks=None, comment=""):
    return {
        "unit": unit,
        "marks": {"10": 7} if marks is None else marks,
        "comment": comment,
    }


@tagged("post_install", "-at_install")
class TestSurveyAnswer(BaseCase):
    def check(self, data, reason, rules=RULES):
        with self.assertRaises(Unacceptable) as caught:
            read(data, rules)
        self.assertEqual(caught.exception.reason, reason)

    def check_ratings(self, reason, *items, rules=RULES):
        self.check({"ratings": list(items)}, reason, rules)

    def check_votes(self, reason, votes):
        self.check({"ratings": [rating()], "votes": votes}, reason)

    def test_taken(self):
        data = {
            "ratings": [
                rating(3, {"11": 1, "10": 10}, "  Line\r\nand line\0 "),
                rating(1, {"10": 5}),
                rating(2, {}),
            ],
            "votes": [103, 100],
            "more": "is ignored",
        }
        self.assertEqual(
            read(data, RULES),
            {
                "unit": 1,
                "ratings": [
                    {"unit": 1, "marks": {"10": 5}, "comment": ""},
                    {
                        "unit": 3,
                        "marks": {"10": 10, "11": 1},
                        "comment": "Line\nand line",
                    },
                ],
                "votes": [100, 103],
            },
        )

    def test_marks(self):
        for mark in (0, 11, -1, 7.0, True, "7", None, [7]):
            self.check_ratings("mark", rating(marks={"10": mark}))
        self.check_ratings("criterion", rating(marks={"12": 7}))
        self.check_ratings("unreadable", rating(marks={"10": 7, "010": 8}))
        self.check_ratings("unreadable", rating(marks={"²": 7}))
        self.check_ratings("unreadable", rating(marks=[7]))

    def test_units(self):
        self.check_ratings("unit", rating(4))
        self.check_ratings("unit_twice", rating(2), rating(2))
        for unit in (None, "2", True, 2.0, 0, 2**31):
            self.check_ratings("unreadable", rating(unit))

    def test_nothing_is_no_answer(self):
        for data in ({}, {"ratings": [], "votes": [100]}):
            self.check(data, "empty")
        self.check_ratings("empty", rating(marks={}))

    def test_comments(self):
        self.check_ratings("comment_alone", rating(marks={}, comment="Well"))
        self.check_ratings("comment_long", rating(comment="x" * (MOST_COMMENT + 1)))
        self.check_ratings("unreadable", rating(comment=7))
        longest = read({"ratings": [rating(comment="x" * MOST_COMMENT)]}, RULES)
        self.assertEqual(len(longest["ratings"][0]["comment"]), MOST_COMMENT)

    def test_extreme_marks_ask_for_a_word_where_they_must(self):
        for mark in (1, 2, 10):
            item = rating(marks={"10": 7, "11": mark})
            self.check_ratings("comment_missing", item, rules=STRICT)
            self.check_ratings(
                "comment_missing", {**item, "comment": " "}, rules=STRICT
            )
            self.assertTrue(read({"ratings": [item]}, RULES))
            self.assertTrue(read({"ratings": [{**item, "comment": "So"}]}, STRICT))
        for mark in (3, 9):
            self.assertTrue(read({"ratings": [rating(marks={"10": mark})]}, STRICT))

    def test_one_comment_answers_for_all_extremes_of_a_unit(self):
        item = rating(marks={"10": 1, "11": 10}, comment="Slow, and very polite")
        self.assertTrue(read({"ratings": [item]}, STRICT))
        self.check_ratings("comment_missing", item, rating(3, {"10": 1}), rules=STRICT)

    def test_votes(self):
        self.check_votes("votes", [100, 101, 102, 103])
        self.check_votes("vote_twice", [100, 100])
        self.check_votes("vote", [100, 104])
        self.check_votes("unreadable", ["100"])
        self.check_votes("unreadable", {"100": 1})

    @settings(deadline=None)
    @given(answers)
    def test_whatever_comes(self, data):
        """It is taken or refused, and what is taken keeps the rules."""
        for rules in (RULES, STRICT):
            try:
                ballot = read(data, rules)
            except Unacceptable:
                continue
            self.assertEqual(set(ballot), {"unit", "ratings", "votes"})
            units = [item["unit"] for item in ballot["ratings"]]
            self.assertEqual(units, sorted(set(units)))
            self.assertLessEqual(set(units), {1, 2, 3})
            for item in ballot["ratings"]:
                self.assertTrue(item["marks"])
                self.assertLessEqual(set(item["marks"]), {"10", "11"})
                self.assertLessEqual(set(item["marks"].values()), set(range(1, 11)))
            self.assertLessEqual(set(ballot["votes"]), RULES.colleagues)
            self.assertTrue(json.dumps(ballot, ensure_ascii=False).encode())
