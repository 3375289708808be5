"""Plays Twilio's side of a call: does what each document says, and nothing that it does not say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, repeat
from urllib.parse import parse_qsl
from xml.etree import ElementTree as ET

from webapp import urls
from webapp.demo.calls import Answer, DemoCall
from webapp.simulator.far_end import DIAL_STATUS_OF_SIP, DIALLED, REFERRED, UNBRIDGED
from webapp.webhook_forms import form_of_call, new_call_sid
from webapp.webhook_sender import WebhookSender

MOST_DOCUMENTS = 30
Request = tuple[str, Mapping[str, str]]


class DemoFault(Exception):  # noqa: N818  # the demo's own word, told as a sentence
    """The application answered with something that Twilio could not have played."""


@dataclass(slots=True)
class Played:
    """What was seen from the outside: the targets of every attempt, header names of REFERs, the words heard."""

    call_sid: str
    rung: list[tuple[str, ...]] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    heard_by_far_end: list[str] = field(default_factory=list)
    referred_with: list[str] = field(default_factory=list)
    webhooks: int = 0


class Player:
    def __init__(self, sender: WebhookSender) -> None:
        self._sender = sender

    def play(self, call: DemoCall) -> Played:
        """From the first webhook to the last status callback. Raises DemoFault."""
        return _Call(self._sender, call).play()


class _Call:
    """One call while it is played."""

    def __init__(self, sender: WebhookSender, call: DemoCall) -> None:
        self.sender = sender
        self.played = Played(new_call_sid())
        self.form = form_of_call(
            caller=call.caller, called=call.to, over=call.over, call_sid=self.played.call_sid, variables=call.headers
        )
        self.keys: Iterator[str] = chain(call.keys, repeat(""))
        self.far_end: Iterator[Answer] = chain(call.far_end, repeat("answered"))

    def play(self) -> Played:
        request: Request | None = (urls.CALL, {})
        for _ in range(MOST_DOCUMENTS):
            if request is None:
                break
            request = self.perform(self.ask(*request))
        else:
            raise DemoFault(f"more than {MOST_DOCUMENTS} documents: the call does not end")
        self.tell(urls.STATUS, self.form | {"CallStatus": "completed", "CallDuration": "30"})
        return self.played

    def ask(self, url: str, fields: Mapping[str, str], form: Mapping[str, str] | None = None) -> ET.Element:
        """The next document, which must be one."""
        answered = self.sender.post(url, {**(form or self.form), **fields})
        self.played.webhooks += 1
        if answered.status != 200 or "xml" not in answered.content_type:
            raise DemoFault(f"{url.partition('?')[0]} answered {answered.status} {answered.content_type}, not TwiML")
        self.form["CallStatus"] = "in-progress"
        return ET.fromstring(answered.body)  # noqa: S314  # our own server's words

    def tell(self, url: str, fields: Mapping[str, str]) -> None:
        self.sender.post(url, fields)
        self.played.webhooks += 1

    def perform(self, document: ET.Element) -> Request | None:
        """Verb after verb, until one of them leads to another document; None when the call is over."""
        for verb in document:
            perform = _VERBS.get(verb.tag)
            if perform is None:
                raise DemoFault(f"a document holds <{verb.tag}>, which this demo does not play")
            if verb.tag == "Hangup":
                return None
            following = perform(self, verb)
            if following is not None:
                return following if following[0] else None
        return None

    def say(self, verb: ET.Element) -> None:
        self.played.heard.append(verb.text or "")

    def gather(self, verb: ET.Element) -> Request | None:
        for said in verb.iter("Say"):
            self.say(said)
        key = next(self.keys)
        if key or verb.get("actionOnEmptyResult") == "true":
            return verb.get("action", ""), {"Digits": key}
        return None

    def redirect(self, verb: ET.Element) -> Request:
        return (verb.text or "").strip(), {}

    def record(self, verb: ET.Element) -> Request:
        recording = {
            "RecordingSid": "RE" + self.played.call_sid[2:], "RecordingDuration": "12",
            "RecordingUrl": "https://api.twilio.com/recordings/demo",
        }  # fmt: skip
        callback = verb.get("recordingStatusCallback")
        if callback:
            self.tell(callback, self.form | recording | {"RecordingStatus": "completed"})
        return verb.get("action", ""), recording

    def refer(self, verb: ET.Element) -> Request:
        target = (verb.findtext("Sip") or "").strip()
        address, _, headers = target.partition("?")
        self.played.rung.append((address,))
        self.played.referred_with += [name for name, _ in parse_qsl(headers)]
        word = next(self.far_end)
        assert isinstance(word, str)
        code = word.removeprefix("sip:")
        told = REFERRED.get(word) or {
            "ReferCallStatus": "failed", "ReferSipResponseCode": "202", "NotifySipResponseCode": code,
        }  # fmt: skip
        return verb.get("action", ""), told

    def dial(self, verb: ET.Element) -> Request:
        lines = list(verb)
        self.played.rung.append(tuple((line.text or "").partition("?")[0] for line in lines))
        answer = next(self.far_end)
        words = answer if isinstance(answer, tuple) else (answer,) * len(lines)
        result: Mapping[str, str] = {}
        for number, (line, word) in enumerate(zip(lines, words, strict=True)):
            result = self.ring(line, word, number)
            if result.get("DialBridged") == "true":
                break
        return verb.get("action", ""), result

    def ring(self, line: ET.Element, word: str, number: int) -> Mapping[str, str]:
        """One line: its status callback, its screening, and what the action is told about it."""
        leg = self.leg(line, number)
        result = dict(DIALLED.get(word) or {"DialCallStatus": DIAL_STATUS_OF_SIP.get(word[4:], "failed")})
        if word in ("answered", "machine", "declined") and line.get("url"):
            result = dict(DIALLED["answered"] if self.takes(line, leg, word) else UNBRIDGED)
        status = {"CallStatus": result["DialCallStatus"], "SequenceNumber": "3", "CallDuration": "30"}
        if callback := line.get("statusCallback"):
            self.tell(callback, {**leg, **status})
        return {**result, "DialCallSid": leg["CallSid"]}

    def leg(self, line: ET.Element, number: int) -> dict[str, str]:
        sid = f"CA{int(self.played.call_sid[2:], 16) + 100 * len(self.played.rung) + number + 1:032x}"[:34]
        return {
            "AccountSid": self.form["AccountSid"], "CallSid": sid, "ParentCallSid": self.played.call_sid,
            "CallStatus": "in-progress", "Direction": "outbound-dial", "From": self.form["From"], "To": line.text or "",
        }  # fmt: skip

    def takes(self, line: ET.Element, leg: Mapping[str, str], word: str) -> bool:
        """The far leg plays its own documents before the bridge: whisper, or the question for a key."""
        if detected := line.get("amdStatusCallback"):
            heard = {name: leg[name] for name in ("AccountSid", "CallSid")}
            self.tell(detected, {**heard, "AnsweredBy": "machine_start" if word == "machine" else "human"})
        request: Request | None = (line.get("url", ""), {})
        while request is not None:
            document = self.ask(*request, form=leg)
            if document.find("Hangup") is not None and document.find("Gather") is None:
                return False
            self.played.heard_by_far_end.extend(said.text or "" for said in document.iter("Say"))
            question = document.find("Gather")
            request = self.pressed(question, word) if question is not None else None
        return True

    def pressed(self, question: ET.Element, word: str) -> Request:
        return question.get("action", ""), {"Digits": {"answered": "1", "declined": "2"}.get(word, "")}


_VERBS = {
    "Say": _Call.say,
    "Gather": _Call.gather,
    "Redirect": _Call.redirect,
    "Record": _Call.record,
    "Refer": _Call.refer,
    "Dial": _Call.dial,
    "Hangup": _Call.say,
}
