"""Each lookup table says of every text what the plain test says, one after another."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from handoff_rules.glob import LONGEST_VALUE, compile_glob
from handoff_rules.like_table import LikeTable
from handoff_rules.tables import PartTable, PrefixTable, SuffixTable, Table

TESTS: dict[str, tuple[Callable[[Mapping[str, list[int]]], Table], Callable[[str], Callable[[str], bool]]]] = {
    "starts_with": (PrefixTable, lambda text: lambda value: value.startswith(text)),
    "ends_with": (SuffixTable, lambda text: lambda value: value.endswith(text)),
    "contains": (PartTable, lambda text: lambda value: text in value),
}
rows = st.lists(st.integers(0, 30), min_size=1, max_size=6)
texts = st.text(alphabet="ab", max_size=9)
values = st.text(alphabet="abc", max_size=12) | st.text(alphabet="ab", min_size=150, max_size=200)
pieces = st.sampled_from(["a", "b", "ab", "ba", "aab", "abcab", "*", "*", "**", "?", "??", "*?"])
patterns = st.lists(pieces, max_size=7).map("".join)


def one_by_one(tests: Mapping[str, list[int]], plain: Callable[[str], Callable[[str], bool]], value: str) -> int:
    hits = {row for text, found in tests.items() if plain(text)(value) for row in found}
    return sum(1 << row for row in hits)


@pytest.mark.parametrize("operator", TESTS)
@given(tests=st.dictionaries(texts, rows, min_size=1, max_size=12), value=values)
def test_a_table_of_texts_says_what_each_test_says(operator: str, tests: dict[str, list[int]], value: str) -> None:
    table, plain = TESTS[operator]
    assert table(tests).hits(value) == one_by_one(tests, plain, value)


@settings(max_examples=1000)
@given(st.dictionaries(patterns, rows, min_size=1, max_size=12), values)
@example({"": [0], "*": [1], "?": [2], "**?": [3], "a": [4]}, "")
@example({"a*a": [0], "aa*a": [1], "*a*a*a": [2]}, "aa")
@example({"?a??b*": [3], "*a?*?b": [3], "*b??": [3, 5]}, "cacb-b-b")
def test_patterns_read_at_once_match_what_each_matches_alone(tests: dict[str, list[int]], value: str) -> None:
    assert LikeTable(tests).hits(value) == one_by_one(tests, compile_glob, value)


def test_a_value_that_is_too_long_is_like_nothing_in_the_table_as_well() -> None:
    table = LikeTable({"*": [0], "a*": [1]})
    assert (table.hits("a" * LONGEST_VALUE), table.hits("a" * (LONGEST_VALUE + 1))) == (3, 0)
