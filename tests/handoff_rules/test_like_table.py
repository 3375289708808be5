"""Patterns that are asked all at once match what each of them matches alone, whichever way a value goes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from handoff_rules.anywhere import Anywhere
from handoff_rules.glob import LONGEST_VALUE, compile_glob
from handoff_rules.like_ends import Ends
from handoff_rules.like_gaps import GappedRuns
from handoff_rules.like_grams import LONGEST, Grams
from handoff_rules.like_in_order import RunsInOrder
from handoff_rules.like_kinds import SOME
from handoff_rules.like_levels import MANY
from handoff_rules.like_pattern import PatternRows, read
from handoff_rules.like_reading import Reading
from handoff_rules.like_shared import Shared
from handoff_rules.like_table import LikeTable
from handoff_rules.tables import bits_of

PIECES = ["a", "b", "ab", "ba", "aab", "abcab", "*", "*", "**", "?", "??", "*?"]
rows = st.lists(st.integers(0, 30), min_size=1, max_size=6)
values = st.text(alphabet="abc", max_size=12) | st.text(alphabet="ab", min_size=150, max_size=200)
patterns = st.lists(st.sampled_from(PIECES), max_size=7).map("".join)
in_order = st.lists(st.sampled_from(["a", "b", "ab", "ba", "aab", "*", "*"]), max_size=9).map("".join)
tables = st.dictionaries(patterns, rows, min_size=1, max_size=12)
first_rows = st.sampled_from([0, MANY])
"""Where the rows of a table begin: with very many before them, it works in another way."""


def one_by_one(tests: Mapping[str, list[int]], value: str) -> int:
    hits = {row for pattern, found in tests.items() if compile_glob(pattern)(value) for row in found}
    return sum(1 << row for row in hits)


def listed(tests: Mapping[str, list[int]], *, in_order: bool) -> PatternRows:
    return [(read(text), rows) for text, rows in tests.items() if read(text).in_order is in_order]


def numbered(texts: list[str], first: int = 0) -> dict[str, list[int]]:
    return {text: [first + number] for number, text in enumerate(dict.fromkeys(texts))}


def random_patterns(count: int, pieces: list[str]) -> list[str]:
    return ["".join(Random(number).choices(pieces, k=7)) for number in range(count)]


@settings(max_examples=500, deadline=None)
@given(tables, values)
@example({"": [0], "*": [1], "?": [2], "**?": [3], "a": [4]}, "")
@example({"a*a": [0], "aa*a": [1], "*a*a*a": [2]}, "aa")
@example({"?a??b*": [3], "*a?*?b": [3], "*b??": [3, 5]}, "cacb-b-b")
def test_patterns_asked_at_once_match_what_each_matches_alone(tests: dict[str, list[int]], value: str) -> None:
    assert LikeTable(tests).hits(value) == one_by_one(tests, value)


@settings(deadline=None)
@given(tables, values, st.integers(0, 2**31 - 1))
def test_a_table_asked_about_some_rows_tells_of_those(tests: dict[str, list[int]], value: str, among: int) -> None:
    assert LikeTable(tests).hits(value, among) == one_by_one(tests, value) & among


@pytest.mark.parametrize("asked", [10, SOME, SOME + 1, 500])
def test_a_large_table_asked_about_some_rows_tells_of_those(asked: int) -> None:
    tests = {text: [row, row + 1] for row, text in enumerate(dict.fromkeys(random_patterns(700, PIECES)))}
    among = sum(1 << row for row in range(0, 3 * asked, 3))
    for value in ("abcab", "aab", "cba" * 9):
        assert LikeTable(tests).hits(value, among) == one_by_one(tests, value) & among


@settings(deadline=None)
@given(tables, values)
def test_few_rows_among_many_others_match_the_same(tests: dict[str, list[int]], value: str) -> None:
    spread = {pattern: [row * 400 for row in rows] for pattern, rows in tests.items()}
    assert LikeTable(spread).hits(value) == one_by_one(spread, value)


@settings(max_examples=500, deadline=None)
@given(st.lists(in_order, min_size=1, max_size=12), values, first_rows)
@example(["ab*ab", "a*", "*a", "*a*a*"], "ab", 0)
@example(["*a*a*a*a*"], "aaa", 0)
@example(["*a*a*a*a*"], "aaa", MANY)
@example(["*a*ab*ba*"], "aaba", 0)
@example(["*a*ab*ba*"], "aaba", MANY)
def test_reading_finds_runs_in_order(texts: list[str], value: str, first: int) -> None:
    tests = numbered([text for text in texts if read(text).in_order], first)
    if tests:
        known = listed(tests, in_order=True)
        runs = Anywhere({run for pattern, _ in known for run in pattern.runs})
        every_row = sum(1 << row for found in tests.values() for row in found)
        assert RunsInOrder(known, runs.beginnings.texts).hits(Reading(value, runs), every_row) == one_by_one(
            tests, value
        )


@settings(max_examples=500, deadline=None)
@given(st.lists(patterns, min_size=1, max_size=12), values, st.integers(0, 2**12 - 1))
def test_reading_finds_runs_with_gaps(texts: list[str], value: str, among: int) -> None:
    tests = numbered(texts)
    among &= (1 << len(tests)) - 1
    known = [(read(text), found) for text, found in tests.items()]
    runs = Anywhere({run for pattern, _ in known for run in pattern.runs})
    hits = GappedRuns(known, runs.beginnings.texts).hits(Reading(value, runs), among)
    assert hits == one_by_one(tests, value) & among


@pytest.mark.parametrize("pieces", [PIECES, ["a", "b", "c", "ab", "*", "?", "??"], ["*", "a", "?", "?c*"]])
@pytest.mark.parametrize("look_up", [Shared, Ends, Grams])
@settings(deadline=None)
@given(value=values | st.text(alphabet="abc", min_size=LONGEST - 2, max_size=LONGEST + 2))
def test_a_look_up_leaves_every_pattern_that_a_value_is_like(
    look_up: Callable[[PatternRows], Shared | Ends | Grams], pieces: list[str], value: str
) -> None:
    tests = numbered(random_patterns(100, pieces), MANY)
    like = one_by_one(tests, value)
    assert look_up([(read(text), found) for text, found in tests.items()]).fitting(value, like) == like


@pytest.mark.parametrize(
    ("pattern", "left", "taken_away"),
    [
        ("*ab*cd*", ["ab cd", "cdab"], ["ab", "cd", "ba dc"]),
        ("*a?b*", ["axb", "xxa.b"], ["ab", "axxb", "bxa"]),
        ("*a??b?c*", ["a..b.c"], ["a..bc", "a.bc"]),
        ("*a*b*", ["ab", "ba", "c"], []),
    ],
)
def test_a_value_has_the_pairs_of_a_pattern_wherever_they_are(
    pattern: str, left: list[str], taken_away: list[str]
) -> None:
    grams = Grams([(read(pattern), [3])])
    assert [grams.fitting(value, 8) for value in left] == [8] * len(left)
    assert [grams.fitting(value, 8) for value in taken_away] == [0] * len(taken_away)


@pytest.mark.parametrize("pattern", ["*please*booking*", "*please?booking*", "please*booking", "*boo?ing*please*"])
@pytest.mark.parametrize("value", ["please", "the booking", "ple eas ase boo oki kin ing"])
def test_a_row_waits_for_something_of_each_of_two_words(pattern: str, value: str) -> None:
    assert Grams([(read(pattern), [0])]).fitting(value, 1) == (1 if "ase boo" in value else 0)
    assert Grams([(read(pattern), [0])]).fitting("please booking please", 1) == 1


def test_an_open_letter_does_not_make_two_words_of_one() -> None:
    texts = ["*bec?use*mentre*", "*mentre a*"]
    grams = Grams([(read(text), [row]) for row, text in enumerate(texts)])
    assert [grams.fitting(value, 0b001) for value in ("because", "because mentre")] == [0, 1]


def test_a_row_waits_for_the_pairs_that_fewest_others_have() -> None:
    texts = [f"*book {first}{second}*" for first in "acdefgh" for second in "ijklmnop"]
    grams = Grams([(read(text), [row]) for row, text in enumerate(texts)])
    left = grams.fitting("please book aj, nodm", (1 << len(texts)) - 1)
    assert [texts[row] for row in range(len(texts)) if left >> row & 1] == ["*book aj*"]


def test_pairs_that_few_rows_have_are_looked_up_where_there_are_very_many_pairs() -> None:
    texts = [f"*{chr(0x4E00 + row)}{chr(0x5E00 + row)}*{chr(0x6E00 + row)}{row % 10}*" for row in range(3000)]
    grams = Grams([(read(text), [row]) for row, text in enumerate(texts)])
    value = f"{texts[17]} {texts[2999]}".replace("*", "")
    assert grams.fitting(value, (1 << 3000) - 1) == 1 << 17 | 1 << 2999


def test_of_pairs_that_as_many_rows_have_one_waits_for_those_that_fewer_texts_have() -> None:
    assert Grams([(read("*the*xq*zj*"), [0])]).fitting("the other one", 1) == 0
    assert Grams([(read("*the*xq*zj*"), [0])]).fitting("xq zj", 1) == 1


@pytest.mark.parametrize(
    "pieces", [PIECES, ["a", "b", "c", "*"], ["a", "b", "c", "?", "??", "???"], ["a", "b", "?", "c*"]]
)
def test_very_many_patterns_match_what_each_matches_alone(pieces: list[str]) -> None:
    texts = [f"*{text}*" if number % 3 else text for number, text in enumerate(random_patterns(3 * MANY, pieces))]
    tests = numbered(texts)
    table = LikeTable(tests)
    for length in (0, 1, 3, 8, 13, 21, 300):
        for number in range(4):
            value = "".join(Random(number).choices("abc", k=length))
            assert table.hits(value) == one_by_one(tests, value)


def test_very_many_patterns_of_few_rows_match_what_each_matches_alone() -> None:
    tests = {text: [number % 50] for number, text in enumerate(dict.fromkeys(random_patterns(400, PIECES)))}
    table = LikeTable(tests)
    for number in range(30):
        value = "".join(Random(number).choices("abc", k=number))
        assert table.hits(value) == one_by_one(tests, value)


def test_patterns_of_many_rows_match_what_each_matches_alone_also_where_a_row_has_others_too() -> None:
    few = list(dict.fromkeys(random_patterns(30, PIECES)))
    tests = {text: list(range(number, 400, len(few))) for number, text in enumerate(few)}
    for row, text in enumerate(random_patterns(60, PIECES)):
        tests.setdefault(text, []).append(3 * row)
    table = LikeTable(tests)
    for number in range(40):
        value = "".join(Random(number).choices("abc", k=number % 13))
        assert table.hits(value) == one_by_one(tests, value)
        assert table.hits(value, 0b1011 << 90) == one_by_one(tests, value) & 0b1011 << 90


def test_a_value_that_is_too_long_is_like_nothing_in_the_table_as_well() -> None:
    table = LikeTable({"*?*": [0], "a*a": [1]})
    assert (table.hits("a" * LONGEST_VALUE), table.hits("a" * (LONGEST_VALUE + 1))) == (3, 0)


def test_a_pattern_of_a_few_rows_among_very_many_others_is_found() -> None:
    a_few = list(range(8))
    table = LikeTable({"*ab*yz*": a_few} | {f"*{row}*x*": [row] for row in range(100, 500)})
    assert table.hits("ab yz") == bits_of(a_few)
    assert table.hits("101 x") == bits_of([101])


def test_a_pattern_without_a_word_is_found_among_many_with_words() -> None:
    rows_by_pattern = {f"*word-{row}*of-its-own*": [row] for row in range(100)} | {"*b?l*": [100]}
    others = " ".join(f"word-{row}" for row in range(8, 100))
    assert LikeTable(rows_by_pattern).hits(f"word-7 of-its-own bill {others}") == 1 << 100 | 1 << 7
