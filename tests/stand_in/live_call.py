"""A call while it is played: its clock, its legs, its documents, and the points at which something may happen to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import format_datetime
from random import Random
from urllib.parse import urljoin
from xml.etree.ElementTree import Element

from tests.stand_in.call import Call
from tests.stand_in.far_end import FarEnd
from tests.stand_in.finished import Ended
from tests.stand_in.grammar import NotTwimlError, parse, violations_of
from tests.stand_in.legs import Leg
from tests.stand_in.mailbox import Mailbox
from tests.stand_in.transcript import Exchange, Transcript
from tests.stand_in.wire import Received, Webhook, Wire

CONTENT_TYPES = frozenset({"text/xml", "application/xml", "text/html"})
SIGNS_PER_SECOND = 15  # how fast a voice reads


def media_type(received: Received) -> str:
    assert received.response is not None
    return received.response.headers.get("content-type", "").partition(";")[0].strip().lower()


class CallerGoneError(Exception):
    """The caller hung up: nothing that the application answers from here on is played."""


class RedirectedError(Exception):
    """The REST API took the live call to another document."""


@dataclass(frozen=True, slots=True)
class Number:
    """The webhooks of a Twilio number or SIP domain; paths are under the public base URL."""

    voice_url: str = "/voice/call"
    voice_method: str = "POST"
    fallback_url: str | None = "/voice/fallback"
    fallback_method: str = "POST"
    status_callback: str | None = "/voice/status"
    status_callback_method: str = "POST"


@dataclass(frozen=True, slots=True)
class Document:
    url: str
    root: Element


@dataclass(slots=True)
class LiveCall:
    """`random` decides the call, `noise` what disturbs it: the same call can be played with and without trouble."""

    call: Call
    number: Number
    wire: Wire
    leg: Leg
    random: Random
    noise: Random
    owned_numbers: frozenset[str]
    far_end: FarEnd
    transcript: Transcript = field(default_factory=Transcript)
    now: float = 0.0
    reached: Ended | None = None
    spoken_since_attempt: bool = False
    verbs: Counter[str] = field(default_factory=Counter)
    cookies: dict[str, str] = field(default_factory=dict)
    redirect_to: tuple[str, str] | None = None
    mailbox: Mailbox = field(init=False)
    digits: list[str] = field(init=False)
    speech: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.mailbox = Mailbox(self.deliver_status, self.call.disturbance, self.noise)
        self.digits, self.speech = list(self.call.digits), list(self.call.speech)

    # Time and what is heard.

    def pass_time(self, seconds: float) -> None:
        self.now += seconds
        self.mailbox.deliver_due(self.now)

    def note(self, text: str) -> None:
        self.transcript.note(self.now, text)

    def violation(self, code: str, message: str) -> None:
        self.transcript.violation(self.now, code, message)

    def timestamp(self) -> str:
        return format_datetime(self.call.at + timedelta(seconds=self.now))

    def answer(self) -> None:
        """Twilio takes the call: from here on the caller pays and hears."""
        if not self.leg.is_answered:
            self.leg.answered_at, self.leg.status = self.now, "in-progress"

    def hears(self, text: str) -> None:
        self.transcript.heard.append(text)
        self.spoken_since_attempt = True
        self.note(f"caller hears: {text}")
        self.pass_time(1 + len(text) / SIGNS_PER_SECOND)

    # The points at which the caller may hang up or the world may interfere.

    def point(self, name: str) -> None:
        self.transcript.points.append(name)
        disturbance = self.call.disturbance
        happening = disturbance.at.get(name)
        if happening is not None:
            self.note(f"something happens {name}")
            happening(self)
        if disturbance.hang_up == name:
            self.note(f"the caller hangs up {name}")
            raise CallerGoneError
        if self.redirect_to is not None:
            raise RedirectedError

    def redirect(self, url: str, method: str = "POST") -> None:
        """What the REST API's call update does; it takes effect at the point that is being passed."""
        self.redirect_to = (url, method)

    def begin(self, verb: str) -> int:
        self.verbs[verb] += 1
        return self.verbs[verb]

    # Webhooks.

    def fetch(
        self, leg: Leg, url: str, method: str = "POST", extra: Mapping[str, str] | None = None, *, base: str = ""
    ) -> Document | None:
        """The next document for `leg`, through the fallback URL when need be; None when the call is lost."""
        webhook = Webhook(self.resolve(url, base), leg.parameters() | dict(extra or {}), method)
        document, code = self.request(webhook, leg)
        if document is None and leg is self.leg:
            return self.fall_back(webhook, code)
        return document

    def resolve(self, url: str, base: str = "") -> str:
        return urljoin(base or self.wire.public_base_url + "/", url)

    def fall_back(self, failed: Webhook, code: str) -> Document | None:
        if self.number.fallback_url is None:
            return None
        extra = {"ErrorCode": code, "ErrorUrl": failed.url.partition("#")[0]}
        webhook = Webhook(
            self.resolve(self.number.fallback_url), self.leg.parameters() | extra, self.number.fallback_method
        )
        self.note(f"Twilio asks the fallback URL because of {code}")
        return self.request(webhook, self.leg)[0]

    def request(self, webhook: Webhook, leg: Leg) -> tuple[Document | None, str]:
        self.mailbox.deliver_due(self.now)
        count = self.begin("document")
        if count > self.call.most_documents:
            self.violation("loop", f"more than {self.call.most_documents} documents in one call")
            return None, "loop"
        received = self.send(webhook)
        document, code = self.read(received, leg)
        if leg is self.leg:
            self.point(f"after document {count}")
        return document, code

    def send_unplayed(self, url: str, method: str, parameters: Mapping[str, str]) -> None:
        """A webhook that Twilio still owes although nothing is left to play: its answer must be a document as well."""
        self.read(self.send(Webhook(url, parameters, method)), self.leg)

    def send(self, webhook: Webhook) -> Received:
        """Send it, and when the disturbance says so, the same again, afterwards or at the same time."""
        token = f"{self.noise.getrandbits(128):032x}"
        copies = 2 if self.mailbox.chance(self.call.disturbance.repeat) else 1
        answers = self.send_copies(webhook, token, copies)
        for received in answers:
            self.transcript.exchanges.append(Exchange(self.now, webhook, received))
        first, *others = answers
        for other in others:
            if first.response and other.response and first.response.body != other.response.body:
                self.violation("repeat", f"a repeated {webhook.url} got another document:\n{other.response.body!r}")
        self.note(f"{webhook.method} {webhook.url} -> {first.response.status if first.response else first.message}")
        return first

    def send_copies(self, webhook: Webhook, token: str, copies: int) -> list[Received]:
        if copies > 1 and self.call.disturbance.at_once:
            with ThreadPoolExecutor(copies) as pool:
                return list(pool.map(lambda _: self.wire.send(webhook, idempotency=token), range(copies)))
        return [self.wire.send(webhook, idempotency=token, cookies=self.cookies) for _ in range(copies)]

    def read(self, received: Received, leg: Leg) -> tuple[Document | None, str]:
        if received.code or received.response is None:
            self.fault(received.code, received.message)
            return None, received.code
        kind = media_type(received)
        if kind not in CONTENT_TYPES:
            self.fault("12300", f"content type {kind!r}")
            return None, "12300"
        if received.response.status != 200:
            self.violation("status", f"a document with status {received.response.status}, not 200")
        try:
            root = parse(received.response.body)
        except NotTwimlError as error:
            self.fault(error.code, str(error))
            return None, error.code
        found = violations_of(root, sip_leg=leg.is_sip, far_leg=leg is not self.leg)
        for violation in found:
            self.violation(violation.code, f"{violation.message} (from {received.url})")
        fatal = next((violation.code for violation in found if violation.code in {"13801", "13201"}), "")
        return (None, fatal) if fatal else (Document(received.url, root), "")

    def fault(self, code: str, message: str) -> None:
        self.transcript.fault(self.now, code, message)

    # Status callbacks.

    def post_status(self, url: str, method: str, parameters: Mapping[str, str]) -> None:
        self.mailbox.post(self.now, Webhook(self.resolve(url), dict(parameters), method, "status"))

    def deliver_status(self, webhook: Webhook) -> None:
        token = f"{self.noise.getrandbits(128):032x}"
        received = self.wire.send(webhook, idempotency=token)
        self.transcript.exchanges.append(Exchange(self.now, webhook, received))
        self.note(f"status {webhook.parameters.get('CallStatus', '')} -> {webhook.url}")
        if received.response is None or received.code:
            self.fault("15003", f"the status callback {webhook.url} was answered with {received.message}")
        elif received.response.body and media_type(received) not in CONTENT_TYPES:
            self.violation("15003", f"the status callback {webhook.url} was answered with {received.response.status}")
