"""Patterns of letters at random, which no person writes: nearly all of them nearly match, and no two are alike."""

from __future__ import annotations

from random import Random
from string import ascii_lowercase

from bench.conditions import GOLD, Shape


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


RANDOM_LETTERS: dict[str, Shape] = {
    "words in another order": lambda n: {"variable": "speech", "like": f"*book*{letters(n, 1)}*help*{letters(n, 3)}*"},
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
}  # fmt: skip
