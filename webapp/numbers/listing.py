"""The numbers page's rows: where each number leads, which environment its calls meet, and how old the picture is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from webapp.configurations.conflicts import STORE_FAULTS
from webapp.configurations.deployment import Deployment
from webapp.messaging.a2p.facts import AccountFacts
from webapp.messaging.a2p.memory import RegistrationMemory
from webapp.messaging.refusals import fix_of, message_of
from webapp.numbers.connecting import Numbers
from webapp.numbers.states import NumberState, state_of
from webapp.twilio_rest.errors import TwilioRequestError


@dataclass(frozen=True, slots=True)
class NumberRow:
    """`environment` is what a caller who is no test caller meets; `can_undo` tells whether we connected it."""

    state: NumberState
    environment: str
    can_undo: bool


@dataclass(frozen=True, slots=True)
class NumberList:
    """`trouble` set: Twilio did not answer, and `rows` are as of `read_at` (None: never read).

    `store_away`: which numbers can be given back, and what was read before, is not known just now.
    """

    rows: tuple[NumberRow, ...]
    read_at: datetime | None
    trouble: str = ""
    trouble_fix: str = ""
    store_away: bool = False


def list_numbers(
    numbers: Numbers, memory: RegistrationMemory, deployment: Deployment, base_url: str, now: datetime
) -> NumberList:
    """Asked of Twilio; when it does not answer, what the registration's snapshot remembers."""
    read_at: datetime | None = now
    trouble = fix = ""
    remembered = _Remembered(numbers, memory)
    try:
        found = numbers.all()
    except TwilioRequestError as error:
        kept = remembered.snapshot()
        found, read_at = (kept.numbers, kept.read_at("numbers")) if kept else ((), None)
        trouble, fix = message_of(error), fix_of(error)
    undo = remembered.with_undo()
    rows = tuple(
        NumberRow(state_of(one, base_url), deployment.environment_of(one.phone_number, ""), one.sid in undo)
        for one in found
    )
    return NumberList(rows, read_at, trouble, fix, remembered.is_away)


class _Remembered:
    """What the store knows. Twilio's own list needs no store, so its absence is noted and never the end of a list."""

    def __init__(self, numbers: Numbers, memory: RegistrationMemory) -> None:
        self._numbers = numbers
        self._memory = memory
        self.is_away = False

    def snapshot(self) -> AccountFacts | None:
        try:
            return self._memory.snapshot()
        except STORE_FAULTS:
            self.is_away = True
            return None

    def with_undo(self) -> frozenset[str]:
        try:
            return self._numbers.with_undo()
        except STORE_FAULTS:
            self.is_away = True
            return frozenset()
