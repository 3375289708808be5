"""The demo itself: each call played through the server, then read back from the call log and compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic, sleep

from webapp.calls.record import CallRecord
from webapp.demo.calls import CALLS, DemoCall
from webapp.demo.clock import set_clock
from webapp.demo.player import Played, Player
from webapp.demo.stage import Stage

PATIENCE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Shown:
    """`faults` say in sentences what was not as scripted; none means that everything was."""

    call: DemoCall
    record: CallRecord | None
    played: Played
    faults: tuple[str, ...]


def show(stage: Stage, calls: Sequence[DemoCall] = CALLS) -> Iterator[Shown]:
    player = Player(stage.sender)
    for call in calls:
        set_clock(stage.data, call.at)
        played = player.play(call)
        record = _ended(stage, played.call_sid)
        yield Shown(call, record, played, tuple(_faults(call, record, played)))


def _ended(stage: Stage, call_sid: str) -> CallRecord | None:
    """The call log is written beside the answers, so it may be a moment behind."""
    end = monotonic() + PATIENCE_SECONDS
    while monotonic() < end:
        record = stage.calls.get(call_sid)
        if record is not None and record.ends is not None and record.duration_seconds is not None:
            return record
        sleep(0.01)
    return stage.calls.get(call_sid)


def _faults(call: DemoCall, record: CallRecord | None, played: Played) -> Iterator[str]:
    if record is None:
        yield "the call is not in the call log"
        return
    if record.path != call.path:
        yield f"it rang {', '.join(record.path) or 'nobody'} and should have rung {', '.join(call.path)}"
    if record.ends is not call.ends:
        yield f"it ended {record.ends.value if record.ends else 'nowhere'} and should have ended {call.ends.value}"
    if record.rule != call.rule:
        yield f"it went by {record.rule or 'no rule'} and should have gone by {call.rule or 'no rule'}"
    if (vote := _vote(record)) != call.vote:
        yield f"it was decided by {vote or 'no code rule'} and should have been by {call.vote or 'no code rule'}"
    if missing := [name for name in call.sends if name not in played.referred_with]:
        yield f"the REFER did not carry {', '.join(missing)}"
    rung = sum(attempt.verb != "hang_up" for attempt in record.attempts)
    if rung != len(played.rung):
        yield f"the log tells of {rung} attempts, and the documents made {len(played.rung)}"


def why(shown: Shown, names: Mapping[str, str]) -> str:
    """In a few words: the rule, and what came of each attempt."""
    if shown.record is None:
        return ""
    outcomes = [
        f"{names.get(attempt.destination, attempt.destination)} {attempt.outcome.value.replace('_', ' ')}"
        for attempt in shown.record.attempts
        if attempt.outcome is not None
    ]
    vote = _vote(shown.record)
    decided = f"rule {shown.record.rule}" if shown.record.rule else f"code rule {vote}" if vote else "no rule: default"
    return "; ".join([decided, *outcomes])


def _vote(record: CallRecord) -> str | None:
    """The code rule that named the destination."""
    votes = record.facts.votes if record.facts else ()
    return next((vote.source for vote in votes if vote.destination is not None), None)
