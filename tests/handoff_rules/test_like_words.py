"""Words of patterns: a value that lacks one, or has them in another order, takes the rows away; no other does."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from handoff_rules.anywhere import HEAD
from handoff_rules.glob import compile_glob
from handoff_rules.like_levels import MANY
from handoff_rules.like_pattern import PatternRows, read
from handoff_rules.like_table import LikeTable
from handoff_rules.like_words import Words, apart

WORDS = ["abc", "abcd", "bcd", "cab", "abcab", "aaa", "a"]
several = st.lists(st.sampled_from([*WORDS, "ab?bc", "b?a"]), min_size=1, max_size=5)
values = st.lists(st.sampled_from([*WORDS, " ", "b"]), max_size=9).map("".join)
first_rows = st.sampled_from([0, MANY])
LONG = "abcd" * HEAD


def numbered(texts: list[str], first: int = 0) -> PatternRows:
    return [(read(text), [first + number]) for number, text in enumerate(dict.fromkeys(texts))]


def left(texts: list[str], value: str) -> list[str]:
    known, _ = apart(numbered(texts))
    rows = Words(known).fitting(value, (1 << len(texts)) - 1)
    return [texts[row] for row in range(len(texts)) if rows >> row & 1]


@settings(max_examples=500, deadline=None)
@given(st.lists(several, min_size=1, max_size=30), values, first_rows)
@example([["abc", "abc"]], "abc abc", 0)
@example([["abc", "abcd"], ["abcd", "abc"], ["a"], ["a", "a"]], "abcdabc", MANY)
def test_a_value_leaves_every_pattern_that_it_is_like(runs: list[list[str]], value: str, first: int) -> None:
    with_words, _ = apart(numbered([f"*{'*'.join(own)}*" for own in runs], first))
    like = sum(1 << row for pattern, rows in with_words if compile_glob(pattern.text)(value) for row in rows)
    if with_words:
        assert Words(with_words).fitting(value, like) == like


@settings(max_examples=500, deadline=None)
@given(st.lists(several, min_size=1, max_size=80), values)
def test_a_table_of_words_matches_what_each_pattern_matches_alone(runs: list[list[str]], value: str) -> None:
    tests = {f"*{'*'.join(own)}*": [row] for row, own in enumerate(runs)}
    like = {row for text, rows in tests.items() if compile_glob(text)(value) for row in rows}
    assert LikeTable(tests).hits(value) == sum(1 << row for row in like)


@pytest.mark.parametrize(
    ("pattern", "leaving", "taking_away"),
    [
        ("*bill*pay*", ["bill to pay", "paying the bill by paypal"], ["pay the bill", "bill", "pay", ""]),
        ("*new*bill*pay*", ["a new bill to pay"], ["bill to pay", "pay a new bill", "a new payment of a bill"]),
        ("*bill*", ["billing"], ["bil", "ill"]),
        ("*bill*bill*", ["a bill, no bill"], ["a bill"]),
        ("*bill*billing*", ["bill billing", "billing"], ["bill"]),
        ("*bill*at*", ["bill at", "billing at"], ["at bill", "bill"]),
        ("*bill*x*", ["bill"], ["x"]),
        ("*bi?ling*", ["biling", "bi ling"], ["lingbi", "billig"]),
        (f"*{LONG}x*bill*", [f"{LONG}x bill", f"{LONG[:HEAD]} bill"], [f"{LONG[: HEAD - 1]} bill"]),
    ],
)
def test_a_row_waits_for_its_words_in_their_order(pattern: str, leaving: list[str], taking_away: list[str]) -> None:
    texts = [pattern, *(f"*other-{number}*" for number in range(20))]
    assert [left(texts, value) for value in leaving] == [[pattern]] * len(leaving)
    assert [left(texts, value) for value in taking_away] == [[]] * len(taking_away)


def test_a_row_waits_for_the_three_words_that_fewest_others_have() -> None:
    texts = ["*please*one*two*three*", *(f"*please*other-{number}*" for number in range(20))]
    assert left(texts, "one two three") == [texts[0]]


def test_rows_of_words_that_few_have_are_found_among_very_many() -> None:
    texts = [f"*first-{number:03}*last-{number:03}*" for number in range(MANY)]
    assert left(texts, "first-007, first-998, last-998, last-007") == ["*first-007*last-007*", "*first-998*last-998*"]


@pytest.mark.parametrize(
    ("others", "with_words"),
    [
        pytest.param(["*ab*cd*"], 20, id="short runs"),
        pytest.param(["*bo?k*"], 21, id="a short run beside an open letter"),
        pytest.param(["*b?l*"], 20, id="single letters"),
        pytest.param(["*please*x*", "*please*y*"], 20, id="a run that many have"),
        pytest.param([f"*a*{n}*" for n in range(10)], 0, id="too many of them"),
    ],
)
def test_patterns_without_a_word_of_their_own_are_asked_by_grams(others: list[str], with_words: int) -> None:
    known, rest = apart(numbered([*others, *(f"*word-{number}*of-its-own*" for number in range(20))]))
    assert (len(known), len(rest)) == (with_words, 20 + len(others) - with_words)
