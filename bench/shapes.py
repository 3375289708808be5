"""Shapes of conditions for the benchmark of the decision, each with the call that makes it work hardest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from itertools import count, islice
from random import Random
from string import ascii_lowercase
from typing import Any

from bench.configuration import document
from handoff_rules.compiled import compile_configuration
from handoff_rules.configuration import read_configuration
from handoff_rules.evaluation import Evaluation
from handoff_rules.facts import Facts
from handoff_rules.tree import holds

Shape = Callable[[int], dict[str, Any]]

AT = datetime(2026, 11, 20, 20, tzinfo=UTC)
STEP = 1000
"""So many rules are read at once to find those that the call does not match."""
GOLD = {"variable": "customer_tier", "is": "gold"}
CALL = {
    "caller_id": "+12125550123", "called_number": "+14155550100", "call_sid": "CA" + "a" * 32, "customer_tier": "gold",
    "intent": "something else", "speech": "please help me with my last booking", "digits": "55",
    "story": "please help me with my last booking because the flight that i wanted to take was cancelled and nobody "
             "at the airport could tell me anything",
    "bits": "1119000010011010111100",
    **{f"told_{number}": "x" for number in range(12)},
}  # fmt: skip


def letters(number: int, count: int) -> str:
    """Other ones for each number, and always the same."""
    return "".join(Random(number).choices(ascii_lowercase, k=count))  # noqa: S311  # nothing secret


def pairs(number: int) -> list[str]:
    """Three of two letters each."""
    return [letters(3 * number + place, 2) for place in range(3)]


def with_gaps(number: int) -> str:
    """Four letters with up to six question marks between each two."""
    widths = Random(number).choices(range(7), k=3)  # noqa: S311  # nothing secret
    first, *others = letters(number, 4)
    return first + "".join("?" * width + letter for width, letter in zip(widths, others, strict=True))


def with_stars_and_gaps(number: int) -> str:
    """Two to four pairs of letters, with a gap in each and a star or a gap behind it."""
    random = Random(number)  # noqa: S311  # nothing secret
    return "".join(
        random.choice(ascii_lowercase) + "?" * random.randrange(4) + random.choice(ascii_lowercase)
        + random.choice(("*", "*", "*", "?" * random.randrange(3)))
        for _ in range(random.randint(2, 4))
    )  # fmt: skip


SHAPES: dict[str, Shape] = {
    "one value each": lambda n: {"variable": "intent", "is": f"intent-{n}"},
    "beginnings of numbers": lambda n: {"variable": "caller_id", "starts_with": [f"+1{n:06d}9", f"+44{n}"]},
    "words": lambda n: {"variable": "speech", "contains": f"word-{n}"},
    "patterns": lambda n: {"variable": "speech", "like": f"*wo?d-{n}*"},
    "patterns that share a word": lambda n: {"variable": "speech", "like": f"*please*{n}*"},
    "patterns that share two": lambda n: {"variable": "speech", "like": f"*help*{n}*with*"},
    "patterns of one area code": lambda n: {"variable": "caller_id", "like": f"+1212*{n}"},
    "patterns of single letters": lambda n: {"variable": "speech", "like": f"*{'*'.join(letters(n, 4))}*"},
    "patterns with gaps of several widths": lambda n: {
        "variable": "speech", "like": f"*{letters(n, 1)}{'?' * (n % 6)}{letters(n, 2)[1]}{'?' * (n % 5)}~*"},
    "patterns with gaps that end in the value": lambda n: {
        "variable": "speech", "like": f"*{letters(n, 1)}{'?' * (n % 6)}{letters(n, 2)[1]}{'?' * (n % 5)}b*"},
    "patterns with gaps at random": lambda n: {"variable": "speech", "like": f"*{with_gaps(n)}*"},
    "patterns with stars and gaps at random": lambda n: {"variable": "speech", "like": f"*{with_stars_and_gaps(n)}*"},
    "patterns with gaps from the start": lambda n: {
        "variable": "speech", "like": f"{'?' * (n % 23)}{letters(n, 1)}{'?' * (n % 19)}{letters(n, 2)[1]}*k??*"},
    "patterns of pairs in a story": lambda n: {"variable": "story", "like": f"*{'*'.join(pairs(n))}*"},
    "patterns with stars and gaps in a story": lambda n: {
        "variable": "story", "like": f"*{with_stars_and_gaps(n)}*"},
    "patterns of two variables": lambda n: {"all": [
        {"variable": "speech", "like": f"*{letters(n, 2)}*"},
        {"variable": "story", "like": f"*{'*'.join(pairs(n)[:2])}*"},
    ]},
    "patterns and a share": lambda n: {"all": [
        {"variable": "speech", "like": f"*{letters(n, 2)}*{letters(n, 3)[2]}*"}, {"share": 10}]},
    "alternatives of two patterns": lambda n: {"all": [GOLD, {"any": [
        {"all": [
            {"variable": "speech", "like": f"*{letters(6 * n + k, 2)}*{letters(6 * n + k, 4)[2:]}*"},
            {"variable": "story", "like": f"*{letters(6 * n + k, 3)}*q*"},
        ]} for k in range(6)
    ]}]},
    "words in another order": lambda n: {"variable": "speech", "like": f"*book*{letters(n, 1)}*help*{letters(n, 3)}*"},
    "parts of two letters": lambda n: {"variable": "bits", "contains": f"{n:014b}" * 2},
    "limits": lambda n: {"variable": "digits", "less_than": f"-{n}"},
    "negations": lambda n: {"not": {"any": [GOLD, {"variable": "intent", "is": f"intent-{n}"}]}},
    "a variable each": lambda n: {"variable": f"own_{n}", "is": "1"},
    "shares of 1 %": lambda n: {"all": [{"share": 1}, GOLD]},
    "alternatives in two places": lambda n: {"all": [
        {"any": [GOLD, *({"variable": f"absent_{k}", "is": f"{n}"} for k in range(4))]},
        {"any": [{"variable": f"told_{k}", "is": f"{n}"} for k in range(5)]},
    ]},
    "alternatives of two tests": lambda n: {"all": [GOLD, {"any": [
        {"all": [{"variable": f"told_{k}", "is": "x"}, {"variable": "intent", "is": f"intent-{n}"}]} for k in range(10)
    ]}]},
}  # fmt: skip


HOW_MANY_CALLS = {"shares of 1 %": 50, "patterns and a share": 50}
"""How many rules draw before one takes the call differs from call to call: these shapes are asked with so many."""


def of_shape(shape: Shape, rules: int, *, matching: bool = True) -> dict[str, Any]:
    """A configuration of this many rules of one shape; without `matching`, only of those that do not match the call."""
    numbers = range(rules) if matching else islice(_not_matching(shape), rules)
    return _rules(map(shape, numbers))


def _not_matching(shape: Shape) -> Iterator[int]:
    for first in count(0, STEP):
        compiled = compile_configuration(read_configuration(_rules(map(shape, range(first, first + STEP)))))
        evaluation = Evaluation(compiled, Facts(CALL, AT))
        yield from (first + rule.position for rule in compiled.rules if not holds(rule.tree, evaluation))


def _rules(conditions: Iterable[dict[str, Any]]) -> dict[str, Any]:
    return document(1) | {"rules": [
        {"id": f"rule-{number}", "name": f"Rule {number}", "when": condition, "destination": "front-desk"}
        for number, condition in enumerate(conditions)
    ]}  # fmt: skip
