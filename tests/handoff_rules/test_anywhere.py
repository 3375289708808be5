"""Very many texts, found at once in a value: those that a search for each of them finds."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from handoff_rules.anywhere import HEAD, Anywhere

values = st.text(alphabet="ab", max_size=90)
LONG = "ab" * HEAD


def one_by_one(texts: set[str], value: str) -> list[tuple[int, str]]:
    """The places where texts begin, each with the longest one there."""
    begun = [(place, [text for text in texts if value.startswith(text, place)]) for place in range(len(value))]
    return [(place, max(there, key=len)) for place, there in begun if there]


def found(texts: set[str], value: str) -> list[tuple[int, str]]:
    anywhere = Anywhere(texts)
    return [(place, anywhere.beginnings.texts[position]) for place, position in anywhere.places(value)]


@given(st.sets(st.text(alphabet="ab", min_size=1, max_size=70), max_size=12), values)
@example({"a", "ab", "abb"}, "aabab")
@example({LONG, LONG[:-1], "a"}, LONG + LONG[:-1])
@example({LONG + "b", LONG[:HEAD]}, LONG)
@example({LONG[:HEAD], LONG[:HEAD] + "b", "b"}, LONG[:HEAD] + "b")
@example({LONG + "b"}, LONG)
@example(set(), "ab")
def test_the_longest_text_at_each_place_is_found(texts: set[str], value: str) -> None:
    assert found(texts, value) == one_by_one(texts, value)


@given(st.sets(st.text(min_size=1, max_size=5), max_size=12), st.data())
def test_a_text_of_any_characters_stands_for_itself(texts: set[str], data: st.DataObject) -> None:
    value = "".join(data.draw(st.lists(st.sampled_from([*texts, "a", "\n", "\0", "\\", "𝒶"]), max_size=8)))
    assert found(texts, value) == one_by_one(texts, value)


def test_texts_that_begin_each_other_are_found_among_ten_thousand() -> None:
    texts = {"a" * length for length in range(1, 2000)} | {f"{'b' * (number % 500)}{number}" for number in range(8000)}
    assert found(texts, "a" * 40 + "bb2") == one_by_one(texts, "a" * 40 + "bb2")


@given(st.sets(st.text(alphabet="ab", min_size=1, max_size=70), max_size=12), values)
@example({LONG, LONG[:-1], "a"}, LONG + LONG[:-1])
@example({LONG[:HEAD], LONG[:HEAD] + "b", "b"}, LONG[:HEAD])
def test_all_that_a_value_has_is_found_or_begins_one_that_is(texts: set[str], value: str) -> None:
    anywhere = Anywhere(texts)
    named = {anywhere.beginnings.texts[position] for position in anywhere.found(value)}
    there = {text for text in texts if text in value}
    assert named <= there
    assert all(any(longer.startswith(text) for longer in named) for text in there)
