"""Who stands out: worked cases, and what holds for all rankings."""

from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.kpi_quality.tools import outliers
from odoo.addons.kpi_quality.tools.outliers import (
    MIN_CASES,
    MIN_MEMBERS,
    Fences,
    Member,
    far_from_leader,
    tukey_fences,
)


def find_outliers(members, apart):
    return outliers.find_outliers(members, apart).marks


# Eighths are exact in binary, so scaling and shifting loses nothing.
hours = st.integers(0, 8000).map(lambda eighths: eighths / 8)
cases = st.integers(0, 3 * MIN_CASES)
rankings = st.dictionaries(
    st.integers(0, 50), st.builds(Member, hours, cases), max_size=25
)


def ranking(*values, count=MIN_CASES):
    return {number: Member(value, count) for number, value in enumerate(values)}


def fences_only(marks):
    """Without the distance from the leader, which is no question of the scatter."""
    kept = {key: set(reasons) - {"leader"} for key, reasons in marks.items()}
    return {key: reasons for key, reasons in kept.items() if reasons}


class TestWorked:
    def test_fences(self):
        """Quartiles 2 and 4, distance 2: fences 2 - 3 and 4 + 3."""
        assert tukey_fences([1, 2, 3, 4, 5]) == Fences(-1.0, 7.0)
        assert tukey_fences([5, 3, 1, 4, 2]) == Fences(-1.0, 7.0)

    def test_four_members_have_no_fences(self):
        assert tukey_fences([1, 1, 1, 100]) is None
        assert find_outliers(ranking(1, 1, 1, 1.5), 1) == {}

    def test_a_bad_one_and_a_good_one(self):
        marks = find_outliers(ranking(10, 10, 11, 11, 12, 20, 2), 0.5)
        assert marks[5] == ["above"]
        assert marks[6] == ["below"]
        # The middle is 9 hours behind the best, so 18 hours are nothing special.
        assert set(marks) == {5, 6}

    def test_twice_a_few_minutes_is_no_distance(self):
        """Twice the best and the middle's distance are 0.2; but 0.5 is apart."""
        assert not far_from_leader(0.5, 0.1, 0.2, apart=0.5)
        assert far_from_leader(0.7, 0.1, 0.2, apart=0.5)

    def test_twice_as_far_behind_as_the_middle(self):
        assert not far_from_leader(6.0, 2.0, 4.0, apart=0.5)
        assert far_from_leader(6.1, 2.0, 4.0, apart=0.5)

    def test_twice_the_best(self):
        assert not far_from_leader(8.0, 4.0, 4.1, apart=0.5)
        assert far_from_leader(8.1, 4.0, 4.1, apart=0.5)

    def test_behind_a_leader_who_is_never_late(self):
        assert find_outliers(ranking(0, 5, 6), 0.5) == {}
        assert find_outliers(ranking(0, 0, 0.6), 0.5) == {2: ["leader"]}

    def test_few_cases_are_no_leader_and_no_outlier(self):
        few = {"few": Member(0.0, MIN_CASES - 1), "lost": Member(99.0, MIN_CASES - 1)}
        assert find_outliers(few | ranking(4, 4, 4, 4, 4.4), 0.5) == {}

    def test_what_they_were_held_against(self):
        held = outliers.find_outliers(ranking(3, 1, 2, 5, 4), 0.5)
        assert (held.fences, held.best) == (Fences(-1.0, 7.0), 1)
        assert outliers.find_outliers(ranking(1, count=1), 0.5) == ({}, None, None)

    def test_one_far_off_among_equals(self):
        """No scatter at all: the least distance that matters decides."""
        assert find_outliers(ranking(4, 4, 4, 4, 4, 4.5), 0.5) == {}
        assert find_outliers(ranking(4, 4, 4, 4, 4, 4.6), 0.5) == {5: ["above"]}


class TestAlways:
    @given(rankings, hours)
    def test_few_cases_are_never_marked(self, members, apart):
        marks = find_outliers(members, apart)
        assert all(members[key].cases >= MIN_CASES for key in marks)

    @given(rankings, hours)
    def test_those_with_few_cases_change_nothing(self, members, apart):
        counted = {k: m for k, m in members.items() if m.cases >= MIN_CASES}
        assert find_outliers(members, apart) == find_outliers(counted, apart)

    @given(rankings, hours, st.randoms(use_true_random=False))
    def test_the_order_does_not_matter(self, members, apart, random):
        keys = list(members)
        random.shuffle(keys)
        shuffled = {key: members[key] for key in keys}
        assert find_outliers(shuffled, apart) == find_outliers(members, apart)

    @given(rankings, hours, st.sampled_from((0.25, 0.5, 2, 4, 60 * 64)))
    def test_the_unit_does_not_matter(self, members, apart, factor):
        scaled = {k: m._replace(value=m.value * factor) for k, m in members.items()}
        assert find_outliers(scaled, apart * factor) == find_outliers(members, apart)

    @given(rankings, hours, hours)
    def test_fences_move_with_the_values(self, members, apart, shift):
        shifted = {k: m._replace(value=m.value + shift) for k, m in members.items()}
        assert fences_only(find_outliers(shifted, apart)) == fences_only(
            find_outliers(members, apart)
        )

    @given(rankings, hours)
    def test_at_most_half_are_far_from_the_leader(self, members, apart):
        counted = {k: m for k, m in members.items() if m.cases >= MIN_CASES}
        far = [k for k, why in find_outliers(members, apart).items() if "leader" in why]
        assert len(far) * 2 <= len(counted)

    @given(rankings, hours)
    def test_the_leader_is_never_behind(self, members, apart):
        counted = {k: m for k, m in members.items() if m.cases >= MIN_CASES}
        if counted:
            leader = min(counted, key=lambda key: counted[key].value)
            reasons = find_outliers(members, apart).get(leader, [])
            assert "leader" not in reasons
            assert "above" not in reasons

    @given(rankings, hours)
    def test_worse_is_never_marked_less(self, members, apart):
        marks = find_outliers(members, apart)
        counted = [k for k, m in members.items() if m.cases >= MIN_CASES]
        for key in counted:
            for other in counted:
                if members[other].value >= members[key].value:
                    bad = {"above", "leader"} & set(marks.get(key, ()))
                    assert bad <= set(marks.get(other, ()))

    @given(st.lists(hours, min_size=MIN_MEMBERS, max_size=30))
    def test_half_of_the_members_lie_inside(self, values):
        fences = tukey_fences(values)
        inside = [v for v in values if fences.low <= v <= fences.high]
        assert len(inside) * 2 >= len(values)
