"""A decision does about the same work for very many rules as for ten; work is counted in lines of code, not in time."""

from __future__ import annotations

import sys
from collections.abc import Callable
from itertools import product
from random import Random
from string import ascii_lowercase
from types import FrameType
from typing import Any

import pytest

from handoff_rules.compiled import compile_configuration
from handoff_rules.decide import decide
from handoff_rules.facts import Facts
from tests.handoff_rules import configurations as some

MANY, FEW = 2000, 10
CALL = {
    "intent": "nothing",
    "tier": "gold",
    "caller_id": "+14155550199",
    "note": "please help me with my booking",
    "card": "55",
    "bits": "1119000010011010111100",
    "call_sid": "CA123",
} | {f"other_{number}": "x" for number in range(15)}


def letters(number: int, count: int) -> str:
    """Other ones for each number, and always the same."""
    return "".join(Random(number).choices(ascii_lowercase, k=count))


def absent_pairs(note: str, distance: int) -> list[tuple[str, str]]:
    """Characters of the note that it never has at this distance from each other."""
    return sorted(set(product(note, note)) - set(zip(note, note[distance:], strict=False)))


GOLD = {"variable": "tier", "is": "gold"}
ABSENT = {distance: absent_pairs(CALL["note"], distance) for distance in (1, 2, 3)}
SHAPES: dict[str, Callable[[int], Any]] = {
    "equality": lambda n: {"variable": "intent", "is": f"v{n}"},
    "beginnings": lambda n: {"variable": "caller_id", "starts_with": [f"+1{n:06d}9", f"+44{n}"]},
    "ends": lambda n: {"variable": "caller_id", "ends_with": f"{n:05d}77"},
    "contained": lambda n: {"variable": "note", "contains": f"word{n}"},
    "patterns": lambda n: {"variable": "note", "like": f"*wo?d{n}*"},
    "patterns that share their longest word": lambda n: {"variable": "note", "like": f"*please*{n}*"},
    "patterns that share two words": lambda n: {"variable": "note", "like": f"*help*{n}*with*"},
    "patterns that share an area code": lambda n: {"variable": "caller_id", "like": f"+1415*{n}7"},
    "patterns of single letters": lambda n: {"variable": "note", "like": f"*{'*'.join(letters(n, 4))}*~*"},
    "patterns of letters and question marks": lambda n: {"variable": "note", "like": f"*{'?'.join(letters(n, 4))}"},
    "patterns with gaps of many widths": lambda n: {
        "variable": "note",
        "like": f"{'?' * (n % 23)}{letters(n, 1)}{'?' * (n % 19)}{letters(n, 2)[1]}~*",
    },
    "pairs of the note's characters": lambda n: {
        "variable": "note",
        "like": f"*{''.join(ABSENT[1][n % len(ABSENT[1])])}*{''.join(ABSENT[1][n * 7 % len(ABSENT[1])])}*",
    },
    "the same, with gaps between them": lambda n: {
        "variable": "note",
        "like": f"*{ABSENT[2][n % len(ABSENT[2])][0]}?{ABSENT[2][n % len(ABSENT[2])][1]}"
        f"*{'??'.join(ABSENT[3][n * 7 % len(ABSENT[3])])}*",
    },
    "words in another order": lambda n: {"variable": "note", "like": f"*book*{letters(n, 1)}*help*{letters(n, 3)}*"},
    "contained, of two characters": lambda n: {"variable": "bits", "contains": f"{n:011b}" * 3},
    "beginnings of beginnings": lambda n: {"variable": "bits", "starts_with": "1" * (n % 900 + 8) + "2" * (n // 900)},
    "shares in alternatives": lambda n: {
        "all": [
            {"any": [{"all": [{"share": 1}, {"variable": f"other_{k}", "is": "x"}]} for k in range(3)]},
            {"any": [{"all": [{"not": {"share": 50}}, {"variable": f"other_{k}", "is": "x"}]} for k in range(3)]},
        ]
    },
    "limits": lambda n: {"variable": "card", "less_than": f"-{n}"},
    "ranges": lambda n: {"variable": "card", "between": [str(100 + n), str(200 + n)]},
    "negations": lambda n: {"all": [{"variable": "tier", "is_not": "gold"}, {"variable": "intent", "is_not": f"v{n}"}]},
    "a variable each": lambda n: {"variable": f"own_{n}", "is": "1"},
    "a common variable that is missing": lambda n: {"all": [{"variable": "absent", "is": f"v{n}"}, GOLD]},
    "hours": lambda n: {"all": [{"hours": "never", "is": "open"}, GOLD]},
    "shares": lambda n: {"all": [{"share": 20}, {"variable": "intent", "is": f"v{n}"}]},
    "any": lambda n: {"any": [{"variable": "intent", "is": f"v{n}"}, {"variable": "tier", "is": f"t{n}"}]},
    "alternatives in two places": lambda n: {
        "all": [
            {"any": [GOLD, *({"variable": f"absent_{k}", "is": f"{n}"} for k in range(5))]},
            {"any": [{"variable": f"other_{k}", "is": f"{n}"} for k in range(6)]},
        ]
    },
    "many alternatives of several tests": lambda n: {
        "all": [
            GOLD,
            {
                "any": [
                    {"all": [{"variable": f"other_{k}", "is": "x"}, {"variable": "intent", "is": f"v{n}"}]}
                    for k in range(12)
                ]
            },
        ]
    },
    "not": lambda n: {"not": {"any": [GOLD, {"variable": "intent", "is": f"v{n}"}]}},
    "nested": lambda n: {
        "all": [
            GOLD,
            {"hours": "never", "is": "closed"},
            {
                "any": [
                    {"variable": "caller_id", "starts_with": f"+49{n:04d}"},
                    {"variable": "intent", "is_one_of": [f"a{n}", "b"]},
                    {"all": [{"not": {"variable": "note", "is": "x"}}, {"variable": "card", "is": f"q{n}"}]},
                ]
            },
        ]
    },
}


def lines_of_a_decision(conditions: list[Any], call: dict[str, str]) -> tuple[int, str | None]:
    compiled, facts = compile_configuration(some.read(conditions)), Facts(call, some.START)
    decide(compiled, facts)  # The first decision of a minute also asks the schedules.
    count = 0

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        decision = decide(compiled, facts)
    finally:
        sys.settrace(before)
    return count, decision.rule


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_no_match_costs_about_the_same_for_many_rules(shape: Callable[[int], Any]) -> None:
    few, _ = lines_of_a_decision([shape(n) for n in range(FEW)], CALL)
    many, rule = lines_of_a_decision([shape(n) for n in range(MANY)], CALL)
    assert rule is None
    assert many <= 5 * few
    assert many < 3000


@pytest.mark.parametrize("variable", ["intent", "note"])
def test_a_value_is_not_read_for_patterns_of_rules_that_other_tests_make_false(variable: str) -> None:
    conditions = [
        {"all": [SHAPES["patterns of single letters"](n), {"variable": variable, "is": f"v{n}"}]} for n in range(MANY)
    ]
    lines, rule = lines_of_a_decision(conditions, {"note": CALL["note"], "intent": "nothing", "call_sid": "CA123"})
    assert (rule, lines < 150) == (None, True)


@pytest.mark.parametrize("match", [0, MANY // 2, MANY - 1])
def test_the_place_of_the_match_does_not_matter(match: int) -> None:
    conditions = [{"all": [GOLD, {"variable": "intent", "is": f"v{n}"}]} for n in range(MANY)]
    lines, rule = lines_of_a_decision(conditions, CALL | {"intent": f"v{match}"})
    assert rule == f"r{match}"
    assert lines < 200


def test_a_pattern_that_many_rules_have_is_asked_once() -> None:
    nearly = [{"variable": "note", "like": f"*book?n{letter}*help*"} for letter in "abcdefghij"]
    lines, rule = lines_of_a_decision([nearly[n % 10] for n in range(MANY)], CALL | {"note": "booknna help bookina"})
    assert (rule, lines < 400) == ("r0", True)
    lines, rule = lines_of_a_decision([nearly[n % 10] for n in range(MANY)], CALL | {"note": "help booking"})
    assert (rule, lines < 400) == (None, True)


def test_the_draws_of_small_shares_are_made_64_at_once() -> None:
    lines, rule = lines_of_a_decision([{"share": 1}] * MANY, CALL)
    assert rule is not None
    assert lines < 200


def test_a_draw_that_no_call_can_make_is_no_candidate() -> None:
    never = {"all": [{"share": 50}, {"not": {"share": 50}}]}
    lines, rule = lines_of_a_decision([never] * MANY, CALL)
    assert (rule, lines < 100) == (None, True)


def test_variables_that_the_call_lacks_are_not_asked_for_one_after_another() -> None:
    told, rules = {f"told_{number}": "x" for number in range(100)}, 500
    lacking = [
        {"all": [{"variable": f"told_{n % 100}", "is": "x"}, {"variable": f"lacking_{n}", "is": "x"}]}
        for n in range(rules)
    ]
    found_by_what_is_told = [{"variable": f"lacking_{n}", "is": "x"} for n in range(rules) for _ in range(5)]
    lines, rule = lines_of_a_decision([*lacking, *found_by_what_is_told], told)
    assert (rule, lines < 4000) == (None, True)


def test_work_per_decision_does_not_grow_with_the_alternatives_of_one_rule() -> None:
    many = {"any": [{"variable": "intent", "is": f"v{n}"} for n in range(100)]}
    lines, rule = lines_of_a_decision([many], CALL)
    assert (rule, lines < 100) == (None, True)
