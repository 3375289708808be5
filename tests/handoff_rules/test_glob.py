"""A pattern matches what its definition says: `*` any text, `?` one character, all others themselves."""

from __future__ import annotations

import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from handoff_rules.glob import LONGEST_VALUE, compile_glob, plain
from handoff_rules.operators import OPERATORS


def by_definition(pattern: str, value: str) -> bool:
    """For each beginning of the pattern, which beginnings of the value are like it."""
    like = {0}
    for character in pattern:
        if character == "*":
            like = set(range(min(like), len(value) + 1)) if like else set()
        else:
            like = {end + 1 for end in like if end < len(value) and character in ("?", value[end])}
    return len(value) in like


@settings(max_examples=2000)
@given(st.text(alphabet="ab*?", max_size=9), st.text(alphabet="ab", max_size=9))
@example("ab*ba", "aba")
@example("*", "")
@example("a?*", "a\n")
@example("*.*[", "x.y[")
def test_a_pattern_matches_what_its_definition_says(pattern: str, value: str) -> None:
    assert compile_glob(pattern)(value) is by_definition(pattern, value)


def test_a_longer_value_than_any_that_is_kept_is_like_nothing_that_must_be_searched_for() -> None:
    for pattern in ("a*a", "*a*a*", "*?*"):
        test = compile_glob(pattern)
        assert (test("a" * LONGEST_VALUE), test("a" * (LONGEST_VALUE + 1))) == (True, False)


@given(st.text(alphabet="ab*?\n", max_size=5))
@example("")
@example("**")
@example("a**")
@example("**a")
def test_a_plain_pattern_says_what_another_operator_says(pattern: str) -> None:
    same = plain(pattern)
    assert (same is None) is bool(re.search(r"[?]|[^*][*]+[^*]", pattern, re.DOTALL))
    if same is not None:
        operator, text = same
        for value in ("", "a", "aa", text, f"a{text}", f"{text}a", f"a{text}a", text * LONGEST_VALUE):
            assert (
                OPERATORS[operator].build(text)(value) is compile_glob(pattern)(value) is by_definition(pattern, value)
            )
