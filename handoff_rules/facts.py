"""Facts: everything a decision may look at, as plain values; votes are what code rules said about the call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

EARLIEST_YEAR, LATEST_YEAR = 1972, 2999
"""Clock offsets are whole minutes only since 1972 (IANA tz database), and calendars beyond 2999 help nobody."""


@dataclass(frozen=True, slots=True)
class Vote:
    """What one code rule said: a destination, overrides, or both. `source` is the entry point's name."""

    source: str
    destination: str | None = None
    reason: str | None = None
    utterance: str | None = None
    set: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Facts:
    """`variables` are call variables by name (absent means missing), `at` the instant of the decision, with a zone.

    `votes` come from code rules, `failing` names destinations that fail repeatedly: it is carried to the ladder.
    `kept` is only filled when facts come back from storage: for each condition on a secret variable (by its key)
    whether it held, or None when the variable was missing; the secret itself was never stored.

    Raises ValueError when `at` has no zone or lies outside 1972 to 2999.
    """

    variables: Mapping[str, str]
    at: datetime
    votes: tuple[Vote, ...] = ()
    failing: frozenset[str] = frozenset()
    kept: Mapping[str, bool | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("`at` needs a time zone: an instant without one means another moment on each machine.")
        if not EARLIEST_YEAR <= self.at.year <= LATEST_YEAR:
            raise ValueError(f"`at` must lie between the years {EARLIEST_YEAR} and {LATEST_YEAR}.")
