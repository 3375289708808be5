"""What the lines of an attempt say before the bridge, kept for the webhook that tells how the attempt ended.

Several lines of a ring group may speak, in any order, and each report may come twice: a line's first word counts, and
nothing counts that comes after the end of the attempt was told, so that a repeated webhook is answered as the first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from handoff_rules.outcomes import Outcome
from webapp.store.connection import Command

ENDED_UNBRIDGED = (Outcome.DECLINED, Outcome.MACHINE, Outcome.BUSY, Outcome.FAILED)
"""How a line ends that nobody talked on, without its ringing out. The word that stands first counts for all of a group:
a person's over a machine's, a machine's over the network's."""
WORDS = (Outcome.ANSWERED, *ENDED_UNBRIDGED)

_LEAVE = (
    "if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 and redis.call('HSETNX', KEYS[1], ARGV[2], ARGV[3]) == 1 then "
    "redis.call('HINCRBY', KEYS[1], ARGV[3], 1) end return 1"
)


def fields_of(attempt: int) -> tuple[str, ...]:
    """Where it is counted how many lines said each of WORDS."""
    return tuple(_field(attempt, word) for word in WORDS)


def _field(attempt: int, word: Outcome) -> str:
    return f"said:{attempt}:{word.value}"


def leaving(steps: str, attempt: int, leg: str, word: Outcome, *, until: str) -> Command:
    """The command that keeps the word of a line, unless the claim `until` is there: then the attempt is over.

    That somebody took the call is kept beside what machine detection may have said of the same line.
    """
    once = f"leg:{attempt}:{leg}" + (":took-it" if word is Outcome.ANSWERED else "")
    return ("EVAL", _LEAVE, 1, steps, until, once, _field(attempt, word))


@dataclass(frozen=True, slots=True)
class Said:
    """How many lines of an attempt said each word."""

    counts: Mapping[Outcome, int]

    @property
    def took_it(self) -> bool:
        return bool(self.counts.get(Outcome.ANSWERED))

    def of_all(self, lines: int) -> Outcome | None:
        """What counts for the whole attempt when each of its `lines` ended with a word; None when one of them rang out
        or told nothing."""
        words = [word for word in ENDED_UNBRIDGED if self.counts.get(word)]
        return words[0] if words and sum(self.counts[word] for word in words) >= lines else None


def read(attempt: int, fields: Mapping[str, str]) -> Said:
    told = {word: fields.get(_field(attempt, word), "") for word in WORDS}
    return Said({word: int(text) for word, text in told.items() if text.isascii() and text.isdecimal()})
