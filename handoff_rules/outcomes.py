"""How one attempt to hand a call over ended. One vocabulary for ladder, timeline, API and tests."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    ANSWERED = "answered"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    FAILED = "failed"
    DECLINED = "declined"
    MACHINE = "machine"
    CLOSED = "closed"
    CANCELED = "canceled"
    CALLER_HUNG_UP = "caller_hung_up"
    REFERRED = "referred"
    UNCONFIRMED = "unconfirmed"
    BLOCKED = "blocked"


STARTS_NO_STEP = frozenset({Outcome.ANSWERED, Outcome.REFERRED, Outcome.CALLER_HUNG_UP, Outcome.CANCELED})
"""After these the caller is with a person, gone, or taken elsewhere: the ladder must not ring anybody. A caller who is
still there after `canceled` gets the ending (`ladder.closing`)."""


class Ends(StrEnum):
    """How a whole call ended, as a simulation and a saved test say it (DESIGN section 6)."""

    ANSWERED = "answered"
    REFERRED = "referred"
    UNCONFIRMED = "unconfirmed"
    RETURNED = "returned"
    VOICEMAIL = "voicemail"
    MESSAGE = "message"
    HUNG_UP = "hung_up"
    CALLER_HUNG_UP = "caller_hung_up"
