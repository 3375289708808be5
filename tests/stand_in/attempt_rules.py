"""What must hold when an attempt begins: whom it may ring, with which attributes, under which caller ID."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from tests.stand_in.caller_id import fault_of_caller_id
from tests.stand_in.finished import Ended
from tests.stand_in.live_call import LiveCall
from tests.stand_in.transcript import Attempt


def begin_attempt(live: LiveCall, attempt: Attempt) -> None:
    """Whom an attempt may ring: never somebody twice, nobody once the caller has a person, and only allowed targets."""
    call = live.call
    if live.reached in {Ended.ANSWERED, Ended.REFERRED}:
        live.violation("promise", f"rings {attempt.targets} although the caller already was {live.reached}")
    live.reached, live.spoken_since_attempt = None, False
    for member in attempt.members:
        if call.allowed_targets is not None and member.target not in call.allowed_targets:
            live.violation("promise", f"{member.target} is not among the targets that are allowed")
    if not call.may_repeat_targets and any(attempt.targets == before.targets for before in live.transcript.attempts):
        live.violation("promise", f"{attempt.targets} is rung a second time")
    live.transcript.attempts.append(attempt)
    live.note(f"{attempt.verb} {', '.join(attempt.targets)} {attempt.headers or ''}".rstrip())


def check_dial(live: LiveCall, verb: Element, attempt: Attempt) -> None:
    for needed in ("action", "timeout", "timeLimit"):
        if verb.get(needed) is None:
            live.violation("promise", f"<Dial> of {attempt.targets} has no {needed}")
    for member in attempt.members:
        hard, sentence = fault_of_caller_id(live.call, verb.get("callerId"), member, live.owned_numbers)
        if sentence and hard:
            live.violation("13214", sentence)
        elif sentence:
            live.transcript.warning(live.now, "13214", sentence)
