"""Plays `<Dial>`: rings its lines together or one after another, screens, bridges, and reports to the action URL."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from tests.stand_in.attempt_rules import begin_attempt, check_dial
from tests.stand_in.far_end import TAKES_IT, Answer, dial_status, sip_code
from tests.stand_in.finished import Ended
from tests.stand_in.legs import Leg, dialled_leg, sid
from tests.stand_in.live_call import CallerGoneError, Document, LiveCall, RedirectedError
from tests.stand_in.screening import accepts, screening_of
from tests.stand_in.sip_address import read_sip_target
from tests.stand_in.steps import Fetch, Play, Step
from tests.stand_in.transcript import Attempt, Member
from tests.stand_in.wire import Webhook

RING_SECONDS = {"busy": 2, "failed": 3, "declined": 6, "canceled": 4}
CONNECT_SECONDS = 6


@dataclass(slots=True)
class Line:
    """One noun of a Dial, the leg that it makes and the word that says how it goes."""

    noun: Element
    member: Member
    leg: Leg
    word: str
    keys: tuple[str, ...]
    code: int = 0


@dataclass(slots=True)
class Dialling:
    """One Dial while it is played."""

    live: LiveCall
    verb: Element
    document: Document
    answer: Answer
    attempt: Attempt
    number: int
    lines: list[Line] = field(default_factory=list)
    bridged: Line | None = None
    picked_up: Line | None = None
    last: Line | None = None
    talked: int = 0

    @property
    def timeout(self) -> int:
        return int(self.verb.get("timeout", "30"))

    def ring(self) -> None:
        if self.verb.get("sequential") == "true":
            for line in self.lines:
                self.ring_together([line])
                if self.bridged:
                    return
        else:
            self.ring_together(self.lines)

    def ring_together(self, lines: list[Line]) -> None:
        """Failures come first, then those who pick up are screened in turn, and whoever is left rings until the end."""
        live = self.live
        for line in lines:
            self.event(line, "initiated")
        for line in lines:
            if not line.word.startswith("sip:") and line.word != "failed":
                self.event(line, "ringing")
        live.point(f"during Dial {self.number}")
        if any(line.word == "caller_hung_up" for line in lines):
            live.note("the caller hangs up while it rings")
            raise CallerGoneError
        waiting = [line for line in lines if not self.fails_at_once(line)]
        for line in [line for line in waiting if line.word != "no_answer"]:
            waiting.remove(line)
            live.pass_time(CONNECT_SECONDS)
            if self.picks_up(line):
                break
        for line in waiting:
            if not self.bridged:
                live.pass_time(self.timeout + 5 if line is waiting[0] else 0)  # Twilio adds about five seconds
            self.end(line, "canceled" if self.bridged else dial_status(line.word), 487)

    def fails_at_once(self, line: Line) -> bool:
        screened = line.noun.get("url") is not None
        if line.word in TAKES_IT or line.word in {"no_answer", "machine"} or (line.word == "declined" and screened):
            return False
        self.live.pass_time(RING_SECONDS.get(line.word, 3))
        self.end(line, dial_status(line.word), sip_code(line.word))
        return True

    def picks_up(self, line: Line) -> bool:
        live, leg = self.live, line.leg
        leg.status, leg.answered_at = "in-progress", live.now
        self.event(line, "answered")
        self.picked_up = self.last = line
        detect_machine(live, line.noun, leg, line.word)
        screen = screening_of(line.noun, self.document.url, line.word, line.keys)
        if screen is not None and not accepts(live, leg, screen):
            self.end(line, "completed", 200)
            return False
        self.bridged, line.code = line, 200
        live.answer()
        live.note(f"the caller talks with {line.member.target}")
        return True

    def talk(self) -> Document | None:
        """The conversation; a document when the far end transferred the caller by REFER."""
        live, answer = self.live, self.answer
        assert self.bridged is not None
        live.reached, self.attempt.bridged, live.spoken_since_attempt = Ended.ANSWERED, True, False
        live.point(f"during the conversation of Dial {self.number}")
        self.talked = min(answer.seconds, int(self.verb.get("timeLimit", "14400")))
        live.pass_time(self.talked)
        if answer.transfers_to is not None:
            transferred = self.transfer(answer.transfers_to)
            if transferred is not None:
                return transferred
        if answer.first_to_hang_up == "caller":
            raise CallerGoneError
        return None

    def transfer(self, target: str) -> Document | None:
        live, url = self.live, self.verb.get("referUrl")
        if url is None:
            live.transcript.warning(live.now, "13802", "a REFER arrived, and the Dial has no referUrl")
            return None
        live.note(f"the far end sends REFER to {target}")
        extra = {"ReferTransferTarget": target}
        document = live.fetch(live.leg, url, self.verb.get("referMethod", "POST"), extra, base=self.document.url)
        if document is not None:
            live.reached = None
        return document

    # Reports.

    def event(self, line: Line, event: str) -> None:
        leg = line.leg
        if event in {"initiated", "ringing"}:
            leg.status = event
        url = line.noun.get("statusCallback")
        wanted = line.noun.get("statusCallbackEvent", "completed").split()
        if url is None or event not in wanted:
            return
        live = self.live
        extra = {
            "CallbackSource": "call-progress-events",
            "SequenceNumber": leg.next_sequence(),
            "Timestamp": live.timestamp(),
        }
        if event == "completed":
            seconds = int(live.now - leg.answered_at) if leg.answered_at is not None else 0
            extra |= {"CallDuration": str(seconds), "Duration": str(-(-seconds // 60))}
            if line.code:
                extra["SipResponseCode"] = str(line.code)
        method = line.noun.get("statusCallbackMethod", "POST")
        live.post_status(live.resolve(url, self.document.url), method, leg.parameters() | extra)

    def end(self, line: Line, status: str, code: int) -> None:
        if line.leg.final:
            return
        line.leg.status, line.leg.final, line.code = status, True, code
        self.last = line
        self.attempt.outcomes.append(f"{line.member.target} {status}")
        self.live.note(f"{line.member.target}: {status}")
        self.event(line, "completed")

    def end_all(self) -> None:
        for line in self.lines:
            answered = line.leg.answered_at is not None
            self.end(line, "completed" if answered else "canceled", 200 if answered else 487)

    def action_parameters(self, status: str | None = None) -> dict[str, str]:
        line = self.bridged or self.picked_up or self.last or self.lines[-1]
        seconds = int(self.live.now - line.leg.answered_at) if line.leg.answered_at is not None else 0
        parameters = {
            "DialCallStatus": status or ("completed" if self.bridged or self.picked_up else line.leg.status),
            "DialCallSid": line.leg.sid,
            "DialCallDuration": str(seconds),
            "DialBridged": "true" if self.bridged else "false",
        }
        if line.member.kind == "sip":
            parameters |= {
                "DialSipCallId": line.leg.sip["SipCallId"],
                "DialSipResponseCode": str(line.code),
                **{f"DialSipHeader_{name}": value for name, value in self.answer.headers.items()},
            }
        if self.verb.get("record", "do-not-record") not in {"do-not-record", "false"} and self.bridged:
            recording = f"Recordings/{sid('RE', self.live.random)}"
            account = self.live.leg.fixed["AccountSid"]
            parameters["RecordingUrl"] = f"https://api.twilio.com/2010-04-01/Accounts/{account}/{recording}"
        return parameters


def play_dial(live: LiveCall, verb: Element, document: Document) -> Step:
    number = live.begin("Dial")
    answer = live.far_end.next()
    attempt = Attempt("Dial", tuple(member_of(noun) for noun in nouns_of(verb)), dict(verb.attrib), document.url)
    begin_attempt(live, attempt)
    check_dial(live, verb, attempt)
    first = document.root[0] is verb
    if not (first and verb.get("answerOnBridge") == "true"):
        live.answer()
    dialling = Dialling(live, verb, document, answer, attempt, number)
    dialling.lines = lines_of(live, verb, attempt, answer)
    return play(dialling)


def play(dialling: Dialling) -> Step:
    verb = dialling.verb
    transferred: Document | None = None
    try:
        dialling.ring()
        if dialling.bridged:
            transferred = dialling.talk()
    except CallerGoneError:
        dialling.end_all()
        report_after_hang_up(dialling)
        raise
    except RedirectedError:
        dialling.end_all()
        report(dialling, "completed" if dialling.bridged else "canceled")
        raise
    dialling.end_all()
    parameters = dialling.action_parameters()
    dialling.attempt.outcome = parameters["DialCallStatus"]
    if transferred is not None:
        return Play(transferred)
    action = verb.get("action")
    return Fetch(action, verb.get("method", "POST"), parameters, dialling.document.url) if action else None


def report_after_hang_up(dialling: Dialling) -> None:
    """The page does not say whether the action is requested once the caller is gone: both are played."""
    live = dialling.live
    live.leg.status = "completed" if live.leg.is_answered else "canceled"
    if live.random.random() < 0.75:
        status = "completed" if dialling.bridged else live.random.choice(["canceled", "no-answer"])
        report(dialling, status)


def report(dialling: Dialling, status: str) -> None:
    """The action is requested, and what it answers is not played (docs: the parent was redirected, or is gone)."""
    action = dialling.verb.get("action")
    live = dialling.live
    dialling.attempt.outcome = status
    if action is None:
        return
    parameters = live.leg.parameters() | dialling.action_parameters(status)
    live.send_unplayed(live.resolve(action, dialling.document.url), dialling.verb.get("method", "POST"), parameters)


def nouns_of(verb: Element) -> list[Element]:
    """The nouns; a bare number in `<Dial>` counts as one `<Number>`."""
    if len(verb):
        return list(verb)
    number = Element("Number")
    number.text = verb.text
    return [number]


def member_of(noun: Element) -> Member:
    text = (noun.text or "").strip()
    if noun.tag == "Sip":
        target = read_sip_target(text)
        return Member("sip", target.address, target.headers)
    return Member("client" if noun.tag == "Client" else "phone", text)


def lines_of(live: LiveCall, verb: Element, attempt: Attempt, answer: Answer) -> list[Line]:
    caller_id = verb.get("callerId") or live.call.from_
    lines = []
    for index, (noun, member) in enumerate(zip(nouns_of(verb), attempt.members, strict=True)):
        leg = dialled_leg(live.leg, (noun.text or "").strip(), caller_id, live.random, is_sip=member.kind == "sip")
        word = answer.of_member(index)
        lines.append(Line(noun, member, leg, word, answer.keys_for(word)))
    return lines


def detect_machine(live: LiveCall, noun: Element, leg: Leg, word: str) -> None:
    url = noun.get("amdStatusCallback")
    if noun.get("machineDetection") and url:
        heard = {
            "AccountSid": leg.fixed["AccountSid"], "CallSid": leg.sid, "MachineDetectionDuration": "2400",
            "AnsweredBy": "machine_start" if word == "machine" else "human",
        }  # fmt: skip
        # Delivered at once: a result that comes after the call is over could not decide anything any more.
        method = noun.get("amdStatusCallbackMethod", "POST")
        live.deliver_status(Webhook(live.resolve(url), heard, method, "status"))
