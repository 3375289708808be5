"""Very many texts, found at once in a value: those that a search for each of them finds."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from handoff_rules.anywhere import HEAD, Anywhere
from handoff_rules.one_of_many import BRANCHES

values = st.text(alphabet="ab", max_size=90)
LONG = "ab" * HEAD


def one_by_one(texts: set[str], value: str) -> list[tuple[int, str]]:
    """The places where texts begin, each with the longest one there."""
    begun = [(place, [text for text in texts if value.startswith(text, place)]) for place in range(len(value))]
    return [(place, max(there, key=len)) for place, there in begun if there]


def found(texts: set[str], value: str) -> list[tuple[int, str]]:
    anywhere = Anywhere(texts)
    named = [(place, anywhere.beginnings.texts[position]) for place, position in anywhere.places(value)]
    assert list(anywhere.longest(value)) == [position for _, position in anywhere.places(value)]
    return named


@given(st.sets(st.text(alphabet="ab", min_size=1, max_size=70), max_size=12), values)
@example({"a", "ab", "abb"}, "aabab")
@example({LONG, LONG[:-1], "a"}, LONG + LONG[:-1])
@example({LONG + "b", LONG[:HEAD]}, LONG)
@example({LONG + "b"}, LONG)
@example(set(), "ab")
def test_the_longest_text_at_each_place_is_found(texts: set[str], value: str) -> None:
    assert found(texts, value) == one_by_one(texts, value)


@given(st.sets(st.text(min_size=1, max_size=5), max_size=12), st.data())
def test_a_text_of_any_characters_stands_for_itself(texts: set[str], data: st.DataObject) -> None:
    value = "".join(data.draw(st.lists(st.sampled_from([*texts, "a", "\n", "\\", "]"]), max_size=8)))
    assert found(texts, value) == one_by_one(texts, value)


@pytest.mark.parametrize("first", [" ", "一"])
def test_texts_with_very_many_first_characters_are_told_apart(first: str) -> None:
    characters = [chr(ord(first) + number) for number in range(5 * BRANCHES)]
    random = Random(1)
    texts = {"".join(random.choices(characters, k=random.randint(1, 3))) for _ in range(20 * BRANCHES)}
    for _ in range(20):
        value = "".join(random.choices(characters, k=140))
        assert found(texts, value) == one_by_one(texts, value)


def test_ten_thousand_texts_that_begin_each_other_make_an_expression_that_python_can_read() -> None:
    texts = {"a" * length for length in range(1, 2000)} | {f"{'b' * (number % 500)}{number}" for number in range(8000)}
    assert found(texts, "a" * 40 + "bb2") == one_by_one(texts, "a" * 40 + "bb2")
