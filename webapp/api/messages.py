"""`/sms-registration`, `/messages`, `/errors/{code}`: may our numbers text, a text to a caller, what a code means."""

from __future__ import annotations

from datetime import datetime

from pydantic import AwareDatetime, Field

from webapp.api.calls import SID, record_of
from webapp.api.endpoint import Asked, Endpoint, Given, Strict
from webapp.api.problem import ApiFault
from webapp.api.shapes import Answer
from webapp.messaging.a2p.facts import Unreadable
from webapp.messaging.a2p.report import Report, read_report
from webapp.messaging.a2p.verdicts import Verdict
from webapp.messaging.callers import verified_call
from webapp.messaging.catalogue import Explanation
from webapp.messaging.explain import explain
from webapp.messaging.sms_conditions import Consent, Purpose, Refusal
from webapp.people.roles import Role


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


def explanation(asked: Asked) -> Given:
    return Given(explain(asked.path["code"][:80]))


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
        method="GET", path="/errors/{code}", role=Role.VIEWER, answer=Explanation, handle=explanation,
        summary="A code of Twilio, SIP or REFER in plain words",
    ),
)  # fmt: skip
