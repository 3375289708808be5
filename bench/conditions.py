"""Conditions as people write them, each of another shape, with the call that makes them work hardest."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

Shape = Callable[[int], dict[str, Any]]
"""The condition of a rule by its number."""

STORY = (
    "please help me with my last booking because the flight that i wanted to take was cancelled and nobody at the "
    "airport could tell me anything"
)
SYLLABLES = tuple("ba re ti ket fli ght pay ment can cel log in sup port bill ing".split())  # noqa: SIM905  # easier to read
SPOKEN = (*STORY.split(), *("".join(Random(n).choices(SYLLABLES, k=2 + n % 2)) for n in range(300)))  # noqa: S311
"""Words that rules ask for: the call says one in twelve of them."""


def words(number: int, count: int) -> list[str]:
    """Other ones for each number, and always the same."""
    return Random(number).choices(SPOKEN, k=count)  # noqa: S311  # nothing secret


def in_order(number: int, count: int) -> str:
    return f"*{'*'.join(words(number, count))}*"


def with_an_open_letter(word: str) -> str:
    return f"{word[: len(word) // 2]}?{word[len(word) // 2 + 1 :]}"


GOLD = {"variable": "customer_tier", "is": "gold"}
CALL = {
    "caller_id": "+12125550123", "called_number": "+14155550100", "call_sid": "CA" + "a" * 32, "customer_tier": "gold",
    "intent": "something else", "speech": "please help me with my last booking", "digits": "55",
    "story": STORY,
    "bits": "1119000010011010111100",
    **{f"told_{number}": "x" for number in range(12)},
    **{f"said_{number}": "x" for number in range(100)},
}  # fmt: skip


CONDITIONS: dict[str, Shape] = {
    "one value each": lambda n: {"variable": "intent", "is": f"intent-{n}"},
    "beginnings of numbers": lambda n: {"variable": "caller_id", "starts_with": [f"+1{n:06d}9", f"+44{n}"]},
    "words": lambda n: {"variable": "speech", "contains": f"word-{n}"},
    "patterns": lambda n: {"variable": "speech", "like": f"*wo?d-{n}*"},
    "patterns that share a word": lambda n: {"variable": "speech", "like": f"*please*{n}*"},
    "patterns that share two": lambda n: {"variable": "speech", "like": f"*help*{n}*with*"},
    "patterns of one area code": lambda n: {"variable": "caller_id", "like": f"+1212*{n}"},
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
    "a word with an open letter": lambda n: {
        "variable": "story", "like": f"*{with_an_open_letter(words(n, 1)[0])}*"},
    "one of three words": lambda n: {"variable": "story", "contains": words(n, 3)},
    "two words in order": lambda n: {"variable": "story", "like": in_order(n, 2)},
    "three words in order": lambda n: {"variable": "story", "like": in_order(n, 3)},
    "two words in order and a share": lambda n: {"all": [
        {"variable": "story", "like": in_order(n, 2)}, {"share": 10}]},
    "two words not in order and a share": lambda n: {"all": [
        {"not": {"variable": "story", "like": in_order(n, 2)}}, {"share": 1}]},
    "words of two variables": lambda n: {"all": [
        {"variable": "story", "like": in_order(n, 2)}, {"variable": "speech", "contains": words(n + 1, 1)}]},
    "a first word and another": lambda n: {"variable": "story", "like": f"{'*'.join(words(n, 2))}*"},
    "alternatives of words": lambda n: {"all": [GOLD, {"any": [
        {"all": [
            {"variable": "speech", "contains": words(6 * n + k, 1)},
            {"variable": "story", "like": in_order(6 * n + k + 7, 2)},
        ]} for k in range(6)
    ]}]},
    "one of a hundred variables": lambda n: {"variable": f"said_{n % 100}", "is": "y"},
    "two of a hundred variables": lambda n: {"all": [
        {"variable": f"said_{n % 100}", "is": "x"}, {"variable": f"said_{n * 37 % 100}", "is": "y"}]},
    "variables that the call lacks": lambda n: {"all": [
        {"variable": f"said_{n % 100}", "is": "x"}, {"variable": f"absent_{n * 37 % 97}", "is": "x"}]},
}  # fmt: skip
