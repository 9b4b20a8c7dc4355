"""The sequence of FORMULAS.md, and what must hold for every stream of presses."""

from hypothesis import given
from hypothesis import strategies as st
from pytest import mark

from odoo.addons.kpi_quality.tools.polls import Press, Rule, derive

HOUR = 3_600


def stream(*items):
    """Presses from ``(seconds, button[, held seconds])``; their order is their uuid."""
    return [
        Press(
            f"{number:03}",
            round(seconds * 1000),
            button,
            round((held[0] if held else 0.2) * 1000),
        )
        for number, (seconds, button, *held) in enumerate(items)
    ]


def polls(*items, **rule):
    derived = derive(stream(*items), [Rule(**rule)])
    return [(poll.moment / 1000, poll.answer) for poll in derived.polls]


def force_majeures(*items, **rule):
    derived = derive(stream(*items), [Rule(**rule)])
    return [
        (item.start / 1000, item.stop / 1000, item.ended_by)
        for item in derived.force_majeures
    ]


def test_sequence_of_the_formulas():
    derived = derive(
        stream(
            (0, "seller"),
            (12, "yes"),
            (100, "seller"),
            (170, "no"),
            (200, "seller"),
            (205, "no"),
            (207, "yes"),
            (230, "seller"),
            (300, "seller", 3.4),
            (310, "seller"),
            (330, "no"),
            (500, "seller", 4.0),
        )
    )
    assert [(poll.moment // 1000, poll.answer) for poll in derived.polls] == [
        (0, "yes"),
        (100, "silent"),
        (200, "no"),
        (230, "silent"),
        (310, "no"),
    ]
    [force_majeure] = derived.force_majeures
    assert force_majeure[1:] == (300_000, 500_000, "press")
    assert [poll.force_majeure for poll in derived.polls] == [
        *[None] * 4,
        force_majeure.uuid,
    ]
    assert derived.unasked == ["003"]
    assert len(derived.attempts) == 5


def test_answer_at_the_end_of_the_window_counts():
    assert polls((0, "seller"), (60, "no")) == [(0, "no")]
    assert polls((0, "seller"), (60.001, "no")) == [(0, "silent")]


def test_answer_goes_before_the_press_of_the_same_moment():
    assert polls((0, "seller"), (30, "seller"), (30, "yes")) == [
        (0, "yes"),
        (30, "silent"),
    ]


def test_bounce_is_measured_from_the_press_before():
    presses = (0, "seller"), (2, "seller"), (4, "seller"), (7, "seller")
    assert polls(*presses) == [(0, "silent"), (7, "silent")]


def test_any_long_part_makes_the_whole_long():
    assert polls((0, "seller"), (2, "seller", 3), (10, "no")) == []
    assert force_majeures((0, "seller"), (2, "seller", 3)) == [(0, HOUR, "limit")]


def test_long_press_leaves_an_open_poll_open():
    assert polls((0, "seller"), (10, "seller", 5), (20, "no")) == [(0, "no")]


@mark.parametrize(
    ("last", "ended"),
    [
        ((HOUR, "seller", 3), [(0, HOUR, "press")]),
        (
            (HOUR + 0.001, "seller", 3),
            [(0, HOUR, "limit"), (HOUR + 0.001, 2 * HOUR + 0.001, "limit")],
        ),
        ((HOUR, "over"), [(0, HOUR, "over")]),
        ((HOUR + 0.001, "over"), [(0, HOUR, "limit")]),
        ((0, "over"), [(0, HOUR, "limit")]),
    ],
)
def test_end_of_force_majeure(last, ended):
    assert force_majeures((0, "seller", 3), last) == ended


def test_over_and_long_press_at_once_open_anew():
    assert force_majeures((0, "seller", 3), (9, "seller", 3), (9, "over")) == [
        (0, 9, "over"),
        (9, HOUR + 9, "limit"),
    ]


@mark.parametrize(
    ("meaning", "asked", "tried"), [("poll", 1, 0), ("attempt", 0, 1), ("both", 1, 1)]
)
def test_meaning(meaning, asked, tried):
    derived = derive(stream((0, "seller")), [Rule(meaning=meaning)])
    assert (len(derived.polls), len(derived.attempts)) == (asked, tried)


def test_rule_in_force_at_the_press():
    rules = [Rule(valid_from=0, window=60_000), Rule(valid_from=100_000, window=10_000)]
    derived = derive(
        stream(
            (-5, "seller"), (50, "no"), (99, "seller"), (120, "yes"), (130, "seller")
        )
        + [Press("a", 141_000, "no")],
        rules,
    )
    assert [poll.answer for poll in derived.polls] == ["no", "yes", "silent"]


def test_presses_of_a_study_are_observations():
    presses = stream((0, "seller"), (10, "seller"), (20, "no"), (30, "seller", 4))
    derived = derive(presses, observed=[(10_000, 30_000)])
    assert [(poll.moment, poll.answer) for poll in derived.polls] == [(0, "silent")]
    assert [item.start for item in derived.force_majeures] == [30_000]


PRESSES = st.lists(
    st.builds(
        Press,
        st.uuids().map(str),
        st.integers(0, 400).map(lambda number: number * 500),
        st.sampled_from(["seller", "seller", "seller", "yes", "no", "unsure", "over"]),
        st.sampled_from([200, 200, 2999, 3000, 5000]),
    ),
    max_size=40,
    unique_by=lambda press: press.uuid,
)
RULES = st.builds(
    Rule,
    meaning=st.sampled_from(["poll", "attempt", "both"]),
    window=st.sampled_from([5_000, 60_000]),
    bounce=st.sampled_from([0, 500, 3_000]),
    limit=st.sampled_from([10_000, 60_000, 3_600_000]),
)


@given(PRESSES, RULES, st.randoms(use_true_random=False))
def test_order_and_repetition_change_nothing(presses, rule, chance):
    again = presses + chance.sample(presses, len(presses) // 2)
    chance.shuffle(again)
    assert derive(again, [rule]) == derive(presses, [rule])


@given(PRESSES, RULES)
def test_every_answer_is_asked_unasked_or_repeated(presses, rule):
    derived = derive(presses, [rule])
    answers = {
        press.uuid for press in presses if press.button in ("yes", "no", "unsure")
    }
    used = [poll.answer_uuid for poll in derived.polls if poll.answer_uuid]
    assert len(set(used)) == len(used)
    assert set(used) <= answers
    assert set(derived.unasked) <= answers
    assert not set(used) & set(derived.unasked)


@given(PRESSES, RULES)
def test_windows_never_overlap(presses, rule):
    found = derive(presses, [rule]).polls
    for poll, following in zip(found, found[1:], strict=False):
        assert poll.moment <= poll.closes <= following.moment
        assert poll.closes <= poll.moment + rule.window
        assert poll.response is None or 0 < poll.response <= rule.window


@given(PRESSES, RULES)
def test_force_majeures_never_overlap_nor_outlast_the_limit(presses, rule):
    found = derive(presses, [rule]).force_majeures
    for item in found:
        assert 0 <= item.stop - item.start <= rule.limit
    for item, following in zip(found, found[1:], strict=False):
        assert item.stop <= following.start


@given(PRESSES, RULES, st.integers(1, 10**6))
def test_another_clock_changes_nothing_but_the_moments(presses, rule, shift):
    later = derive([p._replace(moment=p.moment + shift) for p in presses], [rule])
    derived = derive(presses, [rule])
    assert [poll[3:] for poll in later.polls] == [poll[3:] for poll in derived.polls]
    assert later.attempts == derived.attempts
    assert later.unasked == derived.unasked


@given(PRESSES, RULES)
def test_distant_presses_do_not_touch_each_other(presses, rule):
    distance = 10**9
    copy = [p._replace(uuid=f"x{p.uuid}", moment=p.moment + distance) for p in presses]
    derived = derive(presses, [rule])
    both = derive(presses + copy, [rule])
    assert both.polls[: len(derived.polls)] == derived.polls
    assert len(both.polls) == 2 * len(derived.polls)
    assert len(both.force_majeures) == 2 * len(derived.force_majeures)
