"""A call that is over: where it went, how it ended, what was heard, and what was wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tests.stand_in.call import Call
from tests.stand_in.grammar import Violation
from tests.stand_in.transcript import Attempt, Exchange, Transcript


class Ended(StrEnum):
    """How the wire saw the end. Only the application knows whether a hang-up was a BYE or a spoken ending."""

    ANSWERED = "answered"
    REFERRED = "referred"
    UNCONFIRMED = "unconfirmed"
    VOICEMAIL = "voicemail"
    HUNG_UP = "hung_up"
    REJECTED = "rejected"
    CALLER_HUNG_UP = "caller_hung_up"
    SESSION_OVER = "session_over"
    APPLICATION_ERROR = "application_error"


@dataclass(frozen=True, slots=True)
class Finished:
    call: Call
    call_sid: str
    ended: Ended
    words_at_the_end: bool
    seconds: float
    transcript: Transcript

    @property
    def ok(self) -> bool:
        return not self.transcript.violations

    @property
    def violations(self) -> list[Violation]:
        return self.transcript.violations

    @property
    def attempts(self) -> list[Attempt]:
        return self.transcript.attempts

    @property
    def path(self) -> list[tuple[str, ...]]:
        """The targets of each attempt in order; a ring group is one entry with several targets."""
        return [attempt.targets for attempt in self.attempts]

    @property
    def heard(self) -> list[str]:
        return self.transcript.heard

    @property
    def points(self) -> list[str]:
        """The places at which the caller could have hung up, in order."""
        return self.transcript.points

    @property
    def documents(self) -> list[Exchange]:
        return [each for each in self.transcript.exchanges if each.webhook.kind == "document"]

    @property
    def words(self) -> tuple[str, ...]:
        """The answers that DESIGN's word list has for such an end: some differ only inside the application."""
        if self.ended is not Ended.HUNG_UP:
            return ("answered",) if self.ended is Ended.SESSION_OVER else (str(self.ended),)
        spoken = ("message",) if self.words_at_the_end else ()
        return (*spoken, "hung_up", *(("returned",) if self.call.over == "sip" else ()))

    def report(self) -> str:
        """The whole call as text: for the message of an assertion."""
        found = "\n".join(f"  {violation}" for violation in [*self.violations, *self.transcript.faults]) or "  nothing"
        requests = "\n".join(
            f"  {each.webhook.method} {each.webhook.url} -> {each.status or each.received.code} {each.body}"
            for each in self.transcript.exchanges
        )
        return (
            f"call {self.call_sid} ({self.call.over}, from {self.call.from_}, to {self.call.to}) "
            f"ended {self.ended} after {self.seconds:.0f} s\nwrong:\n{found}\nwhat happened:\n"
            f"{self.transcript.text()}\nrequests:\n{requests}"
        )

    def require(self, *, faults: bool = False) -> Finished:
        """Raise with the whole story when anything was wrong. `faults`: webhooks may fail when the call is saved."""
        if not self.ok or (self.transcript.faults and not faults):
            raise AssertionError(self.report())
        return self
