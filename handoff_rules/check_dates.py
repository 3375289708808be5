"""Days that are over: when one is, and the rules that wait for nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from handoff_rules.atoms import DateAtom
from handoff_rules.configuration import Configuration
from handoff_rules.problems import Problem
from handoff_rules.tree import Tree, Trees, leaves, surely

ZONES_AND_NIGHTS = timedelta(days=2)
"""A date is over everywhere on earth, and with it a window of its that goes past midnight."""


def is_over(day: date, today: date | None) -> bool:
    """Never without `today`."""
    return today is not None and day < today - ZONES_AND_NIGHTS


def date_problems(configuration: Configuration, trees: Trees, today: date | None) -> Iterator[Problem]:
    """Rules that matched until a day and never will again. `trees`: of those that a call could reach until then."""
    for position, tree in trees:
        if (last := _last_day(tree, today)) is not None:
            message = f"“{configuration.rules[position].name}” can never match again: its last day was {last}."
            yield Problem(f"rules/{position}", message, "Give it days to come, or remove it.", "warning")


def _last_day(tree: Tree, today: date | None) -> date | None:
    """The last day of its dates that are over, when without them the condition cannot hold."""
    over = {atom: atom.last for atom in leaves(tree) if isinstance(atom, DateAtom) and is_over(atom.last, today)}
    if not over or surely(tree, lambda atom: False if atom in over else None) is not False:
        return None
    return max(over.values())
