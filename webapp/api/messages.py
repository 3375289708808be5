"""`/sms-registration`, `/messages`, `/errors/{code}`: may our numbers text, a text to a caller, what a code means."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from pydantic import AwareDatetime, Field

from webapp.api.calls import SID, record_of
from webapp.api.endpoint import Asked, Endpoint, Given, Paged, Strict
from webapp.api.problem import ApiFault
from webapp.api.shapes import Answer, PageOf
from webapp.calls.plain import masked, revealed
from webapp.messaging.a2p.facts import Unreadable
from webapp.messaging.a2p.report import Report, read_report
from webapp.messaging.a2p.verdicts import Verdict
from webapp.messaging.callers import verified_call
from webapp.messaging.catalogue import Explanation
from webapp.messaging.explain import explain, is_code
from webapp.messaging.sightings import plain_sighting
from webapp.messaging.sms_conditions import Consent, Purpose, Refusal
from webapp.messaging.sms_log import plain_text
from webapp.people.roles import Role
from webapp.people.store_away import STORE_AWAY

MESSAGE_SID = r"^SM[0-9a-f]{32}$"


class RegistrationAnswer(Answer):
    """`checked_at`: when the oldest part of it was read, null: never. `asked_at`: when Twilio was asked last."""

    checked_at: datetime | None
    asked_at: datetime | None
    verdicts: list[Verdict] = Field(description="One for each number and short code.")
    warnings: list[str]
    unreadable: list[Unreadable] = Field(description="What Twilio did not show the last time.")
    counts: dict[str, int]


class ConsentBody(Strict):
    """How the caller agreed; `wording` is what was spoken before the key was pressed."""

    source: str = Field(min_length=1, max_length=100)
    wording: str = Field(min_length=1, max_length=500)
    at: AwareDatetime


class MessageBody(Strict):
    """The recipient is always the caller of that call, and the sender the number that was called."""

    call_sid: str = Field(pattern=SID)
    body: str = Field(min_length=1, max_length=320)
    purpose: Purpose = Purpose.MISSED
    consent: ConsentBody | None = None


class MessageAnswer(Answer):
    """`waits`: quiet hours at the recipient hold it back until `due`."""

    call_sid: str
    due: datetime
    waits: bool


class TextAnswer(Answer):
    """A text that Twilio took on. `status` is Twilio's own word; a viewer's token sees numbers masked."""

    sid: str
    call_sid: str
    to: str
    from_: str = Field(alias="from")
    purpose: str
    status: str
    code: str = Field(description="Twilio's error code, or empty; `/errors/{code}` explains it.")
    explanation: str = Field(description="The code in a few words, or empty.")
    sent_at: datetime


class TextsQuery(Paged):
    cursor: str | None = Field(default=None, pattern=MESSAGE_SID)


def texts(asked: Asked) -> Given:
    clean = revealed if asked.token.role.may_act_as(Role.OPERATOR) else masked
    try:
        found = asked.house.text_log.page(asked.query.cursor, asked.query.limit)
    except ValueError:
        raise ApiFault("not_found", "The list does not hold the text of this cursor any more.") from None
    shown = [plain_text(one) | {"to": clean(one.to), "from": clean(one.sender)} for one in found.texts]
    return Given({"data": shown, "next_cursor": found.next_cursor})


def registration(asked: Asked) -> Given:
    report: Report = read_report(asked.house.registration, asked.house.now())
    return Given(report.to_document())


def send(asked: Asked) -> Given:
    order: MessageBody = asked.body
    call = verified_call(record_of(asked, order.call_sid))
    consent = Consent(order.consent.source, order.consent.wording, order.consent.at) if order.consent else None
    found = asked.house.texts.take_on(call, order.body, order.purpose, asked.house.now(), consent=consent)
    if isinstance(found, Refusal):
        raise ApiFault("refused", f"{found.message} {found.fix}", reason=found.reason, twilio_code=found.code or None)
    return Given({"call_sid": found.call_sid, "due": found.due, "waits": found.waits}, status=202)


class SeenAnswer(Answer):
    """`on`: the latest calls (CA…) and texts (SM…) that met the code, newest first."""

    count: int
    last: datetime | None
    on: list[str]


class ExplanationAnswer(Explanation):
    """`seen_here` is null while the store does not answer, and for a sandbox token."""

    seen_here: SeenAnswer | None


def explanation(asked: Asked) -> Given:
    """A sandbox token does not learn of production calls."""
    code = asked.path["code"]
    if not is_code(code):
        raise ApiFault("not_found", f"{code[:80]!r} is no code.", fix="Write 13801, sip:486 or refer:202.")
    entry = explain(code)
    seen = None
    if asked.token.reaches("production"):
        with suppress(*STORE_AWAY):
            seen = plain_sighting(asked.house.sightings.of(entry.code))
    return Given(entry.model_dump(mode="json") | {"seen_here": seen})


ENDPOINTS = (
    Endpoint(
        method="GET", path="/sms-registration", role=Role.VIEWER, answer=RegistrationAnswer, handle=registration,
        summary="May our numbers text the US, and why not", faults=("not_connected", "store_away"),
    ),
    Endpoint(
        method="POST", path="/messages", role=Role.OPERATOR, body=MessageBody, answer=MessageAnswer, status=202,
        idempotent=True, handle=send, summary="A text to a caller of today",
        faults=("not_found", "refused", "not_connected", "store_away"),
    ),
    Endpoint(
        method="GET", path="/messages", role=Role.VIEWER, query=TextsQuery, answer=PageOf[TextAnswer], handle=texts,
        production=True, summary="The texts that were sent, newest first, and what became of them",
        faults=("not_found", "store_away"),
    ),
    Endpoint(
        method="GET", path="/errors/{code}", role=Role.VIEWER, answer=ExplanationAnswer, handle=explanation,
        summary="A code of Twilio, SIP or REFER in plain words", faults=("not_found",),
    ),
)  # fmt: skip
