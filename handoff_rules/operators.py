"""The operators of a variable condition: a table of names, words for the trace, and pure tests on text.

Text is compared exactly, capital letters included: `is: VIP` does not match `vip`. Order is compared as numbers when
both sides are numbers (`comparison`). No test can raise.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from handoff_rules.comparison import is_between, is_less
from handoff_rules.glob import compile_glob

Operand = str | tuple[str, ...] | bool
Test = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Operator:
    """`words` say it in a sentence, `build` makes the test for one operand; it is asked only about present values."""

    words: str
    build: Callable[[Operand], Test]


def texts(operand: Operand) -> tuple[str, ...]:
    """One text or several, as several."""
    return operand if isinstance(operand, tuple) else (str(operand),)


def _is(operand: Operand) -> Test:
    expected = str(operand)
    return lambda value: value == expected


def _is_not(operand: Operand) -> Test:
    expected = str(operand)
    return lambda value: value != expected


def _is_one_of(operand: Operand) -> Test:
    expected = frozenset(texts(operand))
    return lambda value: value in expected


def _is_not_one_of(operand: Operand) -> Test:
    expected = frozenset(texts(operand))
    return lambda value: value not in expected


def _starts_with(operand: Operand) -> Test:
    prefixes = texts(operand)
    return lambda value: value.startswith(prefixes)


def _ends_with(operand: Operand) -> Test:
    suffixes = texts(operand)
    return lambda value: value.endswith(suffixes)


def _contains(operand: Operand) -> Test:
    parts = texts(operand)
    return lambda value: any(part in value for part in parts)


def _like(operand: Operand) -> Test:
    return compile_glob(str(operand))


def _less_than(operand: Operand) -> Test:
    limit = str(operand)
    return lambda value: is_less(value, limit)


def _greater_than(operand: Operand) -> Test:
    limit = str(operand)
    return lambda value: is_less(limit, value)


def _between(operand: Operand) -> Test:
    low, high = texts(operand)
    return lambda value: is_between(value, low, high)


def _always(_: Operand) -> Test:
    return lambda _value: True


def _never(_: Operand) -> Test:
    return lambda _value: False


OPERATORS: dict[str, Operator] = {
    "is": Operator("is", _is),
    "is_not": Operator("is not", _is_not),
    "is_one_of": Operator("is one of", _is_one_of),
    "is_not_one_of": Operator("is not one of", _is_not_one_of),
    "starts_with": Operator("starts with", _starts_with),
    "ends_with": Operator("ends with", _ends_with),
    "contains": Operator("contains", _contains),
    "like": Operator("is like", _like),
    "less_than": Operator("is less than", _less_than),
    "greater_than": Operator("is greater than", _greater_than),
    "between": Operator("is between", _between),
    "is_present": Operator("is present", _always),
    "is_missing": Operator("is missing", _never),
}
