"""A stored call played again: the same caller, time and far end, against any version."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from handoff_rules.facts import Facts, Vote
from handoff_rules.intake import MenuIntake
from handoff_rules.outcomes import Ends, Outcome
from webapp.calls.record import NEVER_SENT, Attempt, CallRecord
from webapp.calls.timeline import Event, Kind
from webapp.configurations import Published
from webapp.configurations.deployment import Deployment
from webapp.simulator.call import SimulatedCall
from webapp.simulator.play import AS_CONFIGURED, FarEnd, simulate
from webapp.simulator.result import Simulation
from webapp.simulator.saved_tests import Difference

PLAYED = frozenset(
    {
        Outcome.ANSWERED, Outcome.BUSY, Outcome.NO_ANSWER, Outcome.FAILED, Outcome.DECLINED, Outcome.MACHINE,
        Outcome.CANCELED, Outcome.CALLER_HUNG_UP, Outcome.REFERRED, Outcome.UNCONFIRMED,
    }
)  # fmt: skip
"""Outcomes that somebody or something at the far end makes; the others are decided by the configuration."""


class NotReplayableError(Exception):
    """The facts of the call have expired or cannot be read."""


@dataclass(frozen=True, slots=True)
class Replay:
    """`differences` compare with what the call really did; none means that it would go the same way, unless there are
    secrets in `simulation.unknown`."""

    simulation: Simulation
    differences: tuple[Difference, ...]


class _Said:
    """What the code rules said when the call was decided: a replay does not ask them again."""

    def __init__(self, votes: tuple[Vote, ...]) -> None:
        self._votes = votes

    def votes(self, variables: Mapping[str, str]) -> tuple[Vote, ...]:
        return self._votes


def replay(
    record: CallRecord,
    published: Published,
    *,
    began_with: Published | None = None,
    deployment: Deployment | None = None,
) -> Replay:
    """Play the call against `published`. `began_with` is its own version: what its menu set is not taken for told.

    A call that the API took elsewhere is played from there on: no document of ours leads from one part to the other.

    Raises NotReplayableError.
    """
    simulation = play_again(record, published, began_with=began_with, deployment=deployment)
    return Replay(simulation, tuple(_differences(record.since_transfer, simulation)))


def play_again(
    record: CallRecord,
    published: Published,
    *,
    began_with: Published | None = None,
    deployment: Deployment | None = None,
) -> Simulation:
    facts = record.facts
    if facts is None:
        raise NotReplayableError(f"Nothing is known any more about how {record.call_sid} was decided.")
    return simulate(
        published, call_of(record, facts, began_with), far_end_of(record.since_transfer), deployment=deployment,
        environment=record.environment or AS_CONFIGURED,
        code_rules=_Said(facts.votes), kept=facts.kept,
    )  # fmt: skip


def call_of(record: CallRecord, facts: Facts, began_with: Published | None = None) -> SimulatedCall:
    """The call as its decision knew it: what was told later decided nothing, and secrets are known by results alone."""
    known, digits = facts.variables, facts.variables.get("digits", "")
    return SimulatedCall(
        caller=known.get("caller_id", ""), called=known.get("called_number", ""), over=record.over, at=facts.at,
        variables={name: value for name, value in known.items() if name not in _set_by_menu(began_with, digits)},
        digits=digits, speech=facts.variables.get("speech", ""), call_sid=record.call_sid,
        account_sid=known.get("account_sid", ""), asked_for=record.asked_for,
        reason=record.agents_reason or (record.reason if record.asked_for else ""), failing=facts.failing,
        leaves=None if record.decision or record.attempts else record.ends or Ends.CALLER_HUNG_UP,
    )  # fmt: skip


def _set_by_menu(began_with: Published | None, digits: str) -> Mapping[str, str]:
    intake = began_with.compiled.configuration.intake if began_with else None
    return intake.choices.get(digits, {}) if isinstance(intake, MenuIntake) else {}


def far_end_of(record: CallRecord) -> FarEnd:
    """Each destination does again what it did; one that was not rung then is answered."""
    words = {
        attempt.destination: _word(attempt)
        for attempt in record.attempts
        if attempt.outcome in PLAYED and attempt.outcome is not None and NEVER_SENT not in attempt.raw
    }
    unfinished = record.attempts[-1] if record.attempts else None
    if unfinished is not None and unfinished.outcome is None and record.ends is Ends.CALLER_HUNG_UP:
        words[unfinished.destination] = Outcome.CALLER_HUNG_UP.value
    return lambda destination: words.get(destination, Outcome.ANSWERED.value)


def _word(attempt: Attempt) -> str:
    """Who declined by their own telephone (603) was never asked by us: with a whisper before the bridge the bare word
    would mean somebody who hung up on it."""
    if attempt.outcome is Outcome.DECLINED and attempt.raw.get("DialSipResponseCode") == DECLINED_CODE:
        return f"sip:{DECLINED_CODE}"
    return attempt.outcome.value if attempt.outcome else Outcome.ANSWERED.value


DECLINED_CODE = "603"
"""RFC 3261 section 21.6.2."""


def _differences(record: CallRecord, simulation: Simulation) -> Iterator[Difference]:
    if record.path != simulation.path:
        yield Difference("path", " → ".join(record.path) or "nobody", " → ".join(simulation.path) or "nobody")
    ends = _ends(record)
    if ends is not None and ends is not simulation.ends:
        yield Difference("ends", ends.value, simulation.ends.value)
    if record.rule != simulation.rule:
        yield Difference("rule", record.rule or "no rule", simulation.rule or "no rule")
    then, now = _routes(record.events), _routes(simulation.events)
    if moved := [one for one in then if one in now and then[one] != now[one]]:
        yield Difference("rings", " → ".join(then[one] for one in moved), " → ".join(now[one] for one in moved))


def _ends(record: CallRecord) -> Ends | None:
    """Where the call led: whether the caller then left a message is no matter of the version."""
    asked = any(event.kind is Kind.VOICEMAIL for event in record.events)
    return Ends.VOICEMAIL if asked and record.ends is Ends.CALLER_HUNG_UP else record.ends


def _routes(events: Iterable[Event]) -> dict[str, str]:
    """The configured routes of each destination that was rung: it may have moved to another number meanwhile."""
    rung = (event.detail for event in events if event.kind is Kind.HANDED_OFF)
    return {detail["destination"]: ", ".join(detail["routes"]) for detail in rung if detail.get("routes")}
