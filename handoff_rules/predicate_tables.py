"""The table for each family of predicates, made of all predicates of that family on one variable."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping

from handoff_rules.like_table import LikeTable
from handoff_rules.predicates import Family, Predicate
from handoff_rules.tables import ExactTable, OrderTable, PartTable, PrefixTable, SuffixTable, Table

Uses = list[tuple[Predicate, int]]
"""Predicates of one family and the row that has each; a row may be there more than once."""

TEXT_TABLES: dict[Family, Callable[[Mapping[str, list[int]]], Table]] = {
    Family.EXACT: ExactTable,
    Family.PREFIX: PrefixTable,
    Family.SUFFIX: SuffixTable,
    Family.PART: PartTable,
    Family.LIKE: LikeTable,
}


def patterns_of(uses: Uses) -> LikeTable:
    """The table of the family LIKE, which can be asked about some rows alone."""
    return LikeTable(_by_text(uses))


def table_of(family: Family, uses: Uses) -> Table:
    """`family` is any but PRESENT, which needs no table."""
    if family in TEXT_TABLES:
        return TEXT_TABLES[family](_by_text(uses))
    by_limit: dict[Predicate, list[int]] = defaultdict(list)
    for predicate, number in uses:
        by_limit[predicate].append(number)
    limits = [(limit.limit, limit.inclusive, rows) for limit, rows in by_limit.items() if limit.limit is not None]
    return OrderTable(limits, below=family is Family.BELOW)


def _by_text(uses: Uses) -> dict[str, list[int]]:
    by_text: dict[str, list[int]] = defaultdict(list)
    for predicate, number in uses:
        for text in predicate.operands:
            by_text[text].append(number)
    return by_text
