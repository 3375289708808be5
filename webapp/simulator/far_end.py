"""What the far end does, in Twilio's own words: a simulated attempt is judged by the same tables as a real one.

A word says what people or machines do; what Twilio reports for it depends on the document. Who declines a phone that
nobody screens is reported as busy, and a mailbox that nobody screens has answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from handoff_rules.destinations import Destination
from handoff_rules.outcomes import Outcome
from webapp.voice.methods import Verb
from webapp.voice.outcomes import Attempted, dial_outcome, refer_outcome

THERE, GONE = {"CallStatus": "in-progress"}, {"CallStatus": "completed"}
BRIDGED = {"DialCallStatus": "completed", "DialBridged": "true"}
UNBRIDGED = {"DialCallStatus": "completed", "DialBridged": "false"}

DIALLED: Mapping[str, Mapping[str, str]] = {
    "answered": BRIDGED,
    "referred": BRIDGED,
    "machine": BRIDGED,
    "busy": {"DialCallStatus": "busy"},
    "declined": {"DialCallStatus": "busy"},
    "no_answer": {"DialCallStatus": "no-answer"},
    "failed": {"DialCallStatus": "failed"},
    "unconfirmed": {"DialCallStatus": "failed"},
    "canceled": {"DialCallStatus": "canceled"},
    "caller_hung_up": {"DialCallStatus": "no-answer"} | GONE,
}
"""What the `<Dial>` action tells (https://www.twilio.com/docs/voice/twiml/dial). Only a REFER can stay unconfirmed:
a dialled leg given that word fails."""

REFERRED: Mapping[str, Mapping[str, str]] = {
    "answered": {"ReferCallStatus": "in-progress", "ReferSipResponseCode": "202", "NotifySipResponseCode": "200"},
    "referred": {"ReferCallStatus": "in-progress", "ReferSipResponseCode": "202", "NotifySipResponseCode": "200"},
    "busy": {"ReferCallStatus": "busy", "ReferSipResponseCode": "202", "NotifySipResponseCode": "486"},
    "no_answer": {"ReferCallStatus": "failed", "ReferSipResponseCode": "202", "NotifySipResponseCode": "480"},
    "failed": {"ReferCallStatus": "failed", "ReferSipResponseCode": "405"},
    "declined": {"ReferCallStatus": "failed", "ReferSipResponseCode": "202", "NotifySipResponseCode": "603"},
    "machine": {"ReferCallStatus": "in-progress", "ReferSipResponseCode": "202", "NotifySipResponseCode": "200"},
    "unconfirmed": {"ReferSipResponseCode": "202"},
    "canceled": {"ReferCallStatus": "canceled", "ReferSipResponseCode": "202"} | GONE,
    "caller_hung_up": {"ReferCallStatus": "canceled", "ReferSipResponseCode": "202"} | GONE,
}
"""What the `<Refer>` action tells (https://www.twilio.com/docs/voice/twiml/refer)."""

SIP_CODES = {
    "busy": "486",
    "no_answer": "487",
    "failed": "503",
    "unconfirmed": "503",
    "declined": "603",
    "canceled": "487",
}
"""The final response to an INVITE (RFC 3261 section 21) that goes with the word."""
DIAL_STATUS_OF_SIP = {
    "486": "busy", "600": "busy", "603": "busy", "487": "no-answer", "480": "no-answer", "408": "no-answer",
}  # fmt: skip
BUSY_CODES = ("486", "600")


@dataclass(frozen=True, slots=True)
class Line:
    """How the document asks for the far leg: over SIP, with whisper or accept gate, listening for machines."""

    is_sip: bool = False
    screen: str = "off"
    machine_detection: bool = False

    @classmethod
    def of(cls, document: str, destination: Destination) -> Line:
        """From the document itself, because a sandbox phone is rung in place of the destination."""
        nouns = ET.fromstring(document).findall("Dial/*")  # noqa: S314  # our own document, parsed before
        if not nouns:
            return cls()
        last = nouns[-1]  # a group reports the line that ended last
        screen = destination.screen if last.get("url") else "off"
        return cls(last.tag == "Sip", screen, last.get("amdStatusCallback") is not None)


def attempted(word: str, verb: Verb, line: Line) -> Attempted:
    """The outcome of one attempt. `word` is of the far-end vocabulary, `sip:503` included."""
    if verb is Verb.REFER:
        return refer_outcome({**THERE, **_refer(word)})
    told, said = _dial(word, line)
    return dial_outcome({**THERE, **told}, said)


def _refer(word: str) -> Mapping[str, str]:
    if not word.startswith("sip:"):
        return REFERRED[word]
    code = word[4:]
    status = "busy" if code in BUSY_CODES else "failed"
    return {"ReferCallStatus": status, "ReferSipResponseCode": "202", "NotifySipResponseCode": code}


def _dial(word: str, line: Line) -> tuple[Mapping[str, str], Outcome | None]:
    """The action's fields, and what the far leg said for itself before it could be bridged."""
    if line.screen == "accept" and word in ("declined", "machine"):
        machine = word == "machine" and line.machine_detection
        return UNBRIDGED, Outcome.MACHINE if machine else Outcome.DECLINED
    if line.screen == "whisper" and word == "declined":
        return UNBRIDGED, None  # who hangs up while the whisper plays has said nothing
    if word.startswith("sip:"):
        code = word[4:]
        told: dict[str, str] = {"DialCallStatus": DIAL_STATUS_OF_SIP.get(code, "failed")}
    else:
        code = SIP_CODES.get(word, "")
        told = dict(DIALLED[word])
    if line.is_sip and code:
        told["DialSipResponseCode"] = code
    return told, None
