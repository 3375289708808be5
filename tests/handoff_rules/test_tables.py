"""Each lookup table says of every text what the plain test says, one after another."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from handoff_rules.anywhere import HEAD
from handoff_rules.tables import PartTable, PrefixTable, SuffixTable, Table, chosen, highest_first, more_than

TESTS: dict[str, tuple[Callable[[Mapping[str, list[int]]], Table], Callable[[str], Callable[[str], bool]]]] = {
    "starts_with": (PrefixTable, lambda text: lambda value: value.startswith(text)),
    "ends_with": (SuffixTable, lambda text: lambda value: value.endswith(text)),
    "contains": (PartTable, lambda text: lambda value: text in value),
}
rows = st.lists(st.integers(0, 30), min_size=1, max_size=6)
texts = st.text(alphabet="ab", max_size=9)
values = st.text(alphabet="abc", max_size=12) | st.text(alphabet="ab", min_size=150, max_size=200)


def one_by_one(tests: Mapping[str, list[int]], plain: Callable[[str], Callable[[str], bool]], value: str) -> int:
    hits = {row for text, found in tests.items() if plain(text)(value) for row in found}
    return sum(1 << row for row in hits)


@pytest.mark.parametrize("operator", TESTS)
@given(tests=st.dictionaries(texts, rows, min_size=1, max_size=12), value=values)
@example(tests={"ab": [0], "ba": [1]}, value="caab")
@example(tests={"": [0], "aaaab": [1], "aaa": [2]}, value="aaaac")
@example(tests={"ab" * HEAD: [0], "ab" * HEAD + "a": [1]}, value="ab" * HEAD + "aba")
def test_a_table_of_texts_says_what_each_test_says(operator: str, tests: dict[str, list[int]], value: str) -> None:
    table, plain = TESTS[operator]
    assert table(tests).hits(value) == one_by_one(tests, plain, value)


bit_sets = st.integers(0, 1 << 200) | st.lists(st.integers(0, 200), max_size=4).map(
    lambda ns: sum(1 << n for n in {*ns})
)


@given(bits=bit_sets, few=st.integers(0, 110))
def test_there_are_more_than_a_few_bits_where_counting_all_says_so(bits: int, few: int) -> None:
    assert more_than(few, bits) is (bits.bit_count() > few)


@given(bits=bit_sets)
def test_the_things_chosen_are_those_whose_number_has_a_bit(bits: int) -> None:
    assert list(chosen(range(201), bits)) == [*highest_first(bits)][::-1]
