"""Plays `<Refer>`: Twilio asks the SIP caller to call somebody else, and tells the action how that went."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from xml.etree.ElementTree import Element

from tests.stand_in.attempt_rules import begin_attempt
from tests.stand_in.far_end import SIP_ANSWER
from tests.stand_in.finished import Ended
from tests.stand_in.live_call import CallerGoneError, Document, LiveCall
from tests.stand_in.sip_address import read_sip_target
from tests.stand_in.steps import Fetch, Step
from tests.stand_in.transcript import Attempt, Member


@dataclass(frozen=True, slots=True)
class ReferResult:
    """The three fields of the action request (None: not sent), and whether the caller is still on the line."""

    status: str | None
    refer_code: int
    notify_code: int | None
    caller_stays: bool
    reached: Ended | None = None


def result_of(word: str, random: Random) -> ReferResult:
    """The table of docs/voice/twiml/refer. Where the page says two things, the seed chooses one of them."""
    answered = ReferResult("in-progress", 202, 200, random.random() < 0.5, Ended.REFERRED)
    gone = ReferResult("canceled", 202, 180, False)
    by_word = {
        "unconfirmed": ReferResult(None, 202, None, True, Ended.UNCONFIRMED),
        "unconfirmed_and_gone": ReferResult(None, 202, None, False, Ended.UNCONFIRMED),
        "busy": ReferResult(random.choice(["busy", "failed"]), 202, 486, True),
        "no_answer": ReferResult(random.choice(["no-answer", "failed"]), 202, 487, True),
        "failed": ReferResult(random.choice([None, "failed"]), 405, None, True),
        "declined": ReferResult("failed", 202, 603, True),
        "canceled": gone,
        "caller_hung_up": gone,
    }
    found = SIP_ANSWER.fullmatch(word)
    if found:
        return ReferResult("busy" if found[1] in {"486", "600"} else "failed", 202, int(found[1]), True)
    return by_word.get(word, answered)


def play_refer(live: LiveCall, verb: Element, document: Document) -> Step:
    live.answer()
    number = live.begin("Refer")
    target = read_sip_target((verb[0].text or "").strip())
    attempt = Attempt("Refer", (Member("sip", target.address, target.headers),), dict(verb.attrib), document.url)
    begin_attempt(live, attempt)
    answer = live.far_end.next()
    word = answer.of_member(0)
    result = result_of(word, live.random)
    attempt.outcome = word
    live.point(f"during Refer {number}")
    live.pass_time(answer.seconds if result.notify_code else 20)
    live.note(f"REFER: {result.refer_code}, NOTIFY: {result.notify_code}, status {result.status}")
    live.reached = result.reached
    attempt.bridged = result.reached is Ended.REFERRED
    return after_refer(live, verb, document, result)


def after_refer(live: LiveCall, verb: Element, document: Document, result: ReferResult) -> Step:
    parameters = {
        "ReferCallStatus": result.status,
        "ReferSipResponseCode": str(result.refer_code),
        "NotifySipResponseCode": None if result.notify_code is None else str(result.notify_code),
    }
    sent = {name: value for name, value in parameters.items() if value is not None}
    action, method = verb.get("action"), verb.get("method", "POST")
    if action is None:
        live.violation("promise", "<Refer> has no action")
    if result.caller_stays:
        return Fetch(action, method, sent, document.url) if action else None
    live.leg.status = "completed"
    if action is not None:
        live.send_unplayed(live.resolve(action, document.url), method, live.leg.parameters() | sent)
    raise CallerGoneError
