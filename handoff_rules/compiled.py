"""A configuration made ready for decisions, once per version; everything on it is read and never written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from handoff_rules.atoms import VariableAtom
from handoff_rules.configuration import Configuration
from handoff_rules.hours_open import CompiledHours, compile_hours
from handoff_rules.index import RuleIndex
from handoff_rules.indexing import build_index
from handoff_rules.rules import Rule
from handoff_rules.tree import AtomTable, Tree

if TYPE_CHECKING:
    from collections.abc import Mapping

    from handoff_rules.atoms import Atom


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """`position` is its place in `configuration.rules`."""

    position: int
    rule: Rule
    tree: Tree


@dataclass(frozen=True, slots=True)
class Compiled:
    configuration: Configuration
    rules: tuple[CompiledRule, ...]
    index: RuleIndex
    atoms: tuple[Atom, ...]
    secret_atoms: tuple[VariableAtom, ...]
    hours: Mapping[str, CompiledHours]
    zone: ZoneInfo
    secret_variables: frozenset[str]


def compile_configuration(configuration: Configuration) -> Compiled:
    """Make a configuration ready for `decide` and `explain`.

    Raises ConfigurationError when a schedule is faulty, which `check` reports as an error beforehand.
    """
    secret = configuration.secret_variables
    table = AtomTable(secret)
    rules = tuple(
        CompiledRule(position, rule, table.tree(rule.when, rule.id))
        for position, rule in enumerate(configuration.rules)
    )
    return Compiled(
        configuration=configuration,
        rules=rules,
        index=build_index((rule.position, rule.tree) for rule in rules if rule.rule.enabled),
        atoms=table.atoms,
        secret_atoms=tuple(a for a in table.atoms if isinstance(a, VariableAtom) and a.variable in secret),
        hours={hours.id: compile_hours(hours, configuration.time_zone) for hours in configuration.hours},
        zone=ZoneInfo(configuration.time_zone),
        secret_variables=secret,
    )
