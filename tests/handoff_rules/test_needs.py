"""Which rows a call has all variables for."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from handoff_rules.needs import Needs

names = st.sampled_from("abcdef")


@given(st.lists(st.lists(names, max_size=4, unique=True), max_size=20), st.dictionaries(names, st.text() | st.none()))
def test_a_row_whose_variables_the_call_has_as_texts_is_met_and_no_other(
    needs: list[list[str]], variables: dict[str, str | None]
) -> None:
    met = Needs(needs).met(variables)
    for row, needed in enumerate(needs):
        assert bool(met >> row & 1) is all(variables.get(name) is not None for name in needed)
