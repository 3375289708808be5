"""The decision procedure for one sender: rows in order, the first that applies is the verdict. Pure.

Rows and their order: reference a2p-10dlc.md section 2.2; addresses of Twilio's own pages stand beside the facts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from webapp.messaging.a2p.brand_rows import BRAND_ROWS
from webapp.messaging.a2p.campaign_rows import CAMPAIGN_ROWS, SERVICE_ROWS, not_in_service
from webapp.messaging.a2p.facts import Delivery, Registered, Registration
from webapp.messaging.a2p.number_rows import NUMBER_ROWS
from webapp.messaging.a2p.rows import Row, brand_of, chosen_campaign
from webapp.messaging.a2p.senders import SenderKind
from webapp.messaging.a2p.steps import steps_of
from webapp.messaging.a2p.toll_free_rows import toll_free
from webapp.messaging.a2p.verdicts import Layers, NumberFacts, Readiness, Verdict, Who
from webapp.messaging.explain import explain

OVERVIEW = "https://www.twilio.com/docs/messaging/compliance/a2p-10dlc"
CLOCKS_DIFFER = timedelta(minutes=5)
VOICE_NOTE = "Calls are not affected."


def verdict(facts: NumberFacts, now: datetime, *, checked_at: datetime | None = None) -> Verdict:
    """The verdict for one sender. Every unknown word of Twilio's is shown as it is and never counts as ready."""
    known = _since_it_joined(facts)
    row = next(found for step in ROWS if (found := step(known, now)) is not None)
    return Verdict(
        sender=facts.sender,
        kind=facts.kind,
        readiness=row.readiness,
        state=row.state,
        may_send=row.may_send,
        reason=row.reason,
        next_step=row.next_step,
        who=row.who,
        layers=_layers(facts, now),
        steps=steps_of(known, now) if _has_steps(known) else (),
        twilio_value=row.twilio_value,
        since=row.since,
        code=row.code,
        rejected_fields=row.rejected_fields,
        warnings=row.warnings,
        number_sid=facts.number.sid if facts.number else "",
        service_sid=facts.service_sid,
        service_name=facts.service_name,
        link=explain(row.code).link if row.code else OVERVIEW,
        checked_at=checked_at,
    )


def _since_it_joined(facts: NumberFacts) -> NumberFacts:
    """What was told or refused before the number joined its pool is about another campaign, “unregistered” excepted."""
    joined = facts.pool_entry.date_created if facts.pool_entry else None
    if joined is None:
        return facts
    told, met, since = facts.registration, facts.delivery, joined - CLOCKS_DIFFER
    if told is not None and told.at < since and told.state is not Registered.UNREGISTERED:
        told = None
    if facts.kind is SenderKind.LONG_CODE and met.blocked_at is not None and met.blocked_at < since:
        met = Delivery(met.delivered_at)
    return replace(facts, registration=told, delivery=met)


def _has_steps(facts: NumberFacts) -> bool:
    """Only a long code that can text goes from profile to number; a suspended account or a trial is stuck before."""
    is_stuck = facts.account is not None and (facts.account.status != "active" or facts.account.type == "Trial")
    cannot_text = facts.number is not None and facts.number.sms is False
    return facts.kind is SenderKind.LONG_CODE and not (is_stuck or cannot_text or facts.unreadable)


def _account_is_not_active(facts: NumberFacts, _: datetime) -> Row | None:
    if facts.account is None or facts.account.status == "active":
        return None
    return Row(
        Readiness.BLOCKED,
        "ACCOUNT_SUSPENDED",
        f"The Twilio account is {facts.account.status or 'in an unknown state'}.",
        "Look at the balance and at Twilio's mails, then ask Twilio Support to reactivate the account.",
        Who.SUPPORT,
        twilio_value=facts.account.status,
        code="30002",
    )


def _trial(facts: NumberFacts, _: datetime) -> Row | None:
    if facts.account is None or facts.account.type != "Trial":
        return None
    return Row(
        Readiness.BLOCKED,
        "TRIAL",
        "A trial account texts verified phones only and cannot register for A2P 10DLC.",
        "Upgrade the account in the Twilio Console.",
        Who.YOU,
        twilio_value="Trial",
        code="21608",
    )


def _no_sms(facts: NumberFacts, _: datetime) -> Row | None:
    if facts.number is None or facts.number.sms is not False:
        return None
    return Row(
        Readiness.NOT_NEEDED,
        "NO_SMS",
        f"This number cannot text at all; it is made for calls. {VOICE_NOTE}",
        "Nothing for calls. To send texts, use a number with the SMS capability.",
        Who.NOBODY,
        code="21661",
    )


def _short_code(facts: NumberFacts, _: datetime) -> Row | None:
    if facts.kind is not SenderKind.SHORT_CODE:
        return None
    return Row(
        Readiness.NOT_NEEDED,
        "SHORT_CODE",
        "A short code is approved when it is leased and texts inside its own country.",
        "Nothing.",
        Who.NOBODY,
        may_send=True,
    )


def _toll_free(facts: NumberFacts, now: datetime) -> Row | None:
    return toll_free(facts, now) if facts.kind is SenderKind.TOLL_FREE else None


def _elsewhere(facts: NumberFacts, _: datetime) -> Row | None:
    if facts.kind is not SenderKind.ELSEWHERE:
        return None
    return Row(
        Readiness.NOT_NEEDED,
        "NOT_US",
        "A2P 10DLC is for US and Canadian numbers; texts from here to the US are unreliable.",
        "Nothing for texts in the number's own country. To text the US, use a US number.",
        Who.NOBODY,
        may_send=True,
    )


def _unreadable(facts: NumberFacts, _: datetime) -> Row | None:
    if not facts.unreadable:
        return None
    return Row(
        Readiness.UNKNOWN,
        "UNREADABLE",
        f"Twilio did not show what is needed to tell. {facts.unreadable}",
        "Check again in a few minutes; when it stays so, Doctor says why.",
        Who.YOU,
    )


Step = Callable[[NumberFacts, datetime], Row | None]
ROWS: tuple[Step, ...] = (
    _account_is_not_active,
    _trial,
    _no_sms,
    _short_code,
    _toll_free,
    _elsewhere,
    _unreadable,
    not_in_service,
    *SERVICE_ROWS,
    *CAMPAIGN_ROWS,
    *BRAND_ROWS,
    *NUMBER_ROWS,
)


def _layers(facts: NumberFacts, now: datetime) -> Layers:
    return Layers(_configuration(facts), _registration(facts.registration), _delivery(facts.delivery, now))


def _configuration(facts: NumberFacts) -> str:
    if facts.kind is SenderKind.TOLL_FREE:
        status = facts.verification.status if facts.verification else "none submitted"
        return f"Toll-free verification: {status}"
    if not facts.service_sid:
        return "In no messaging service" if facts.kind is SenderKind.LONG_CODE else "Nothing to register"
    campaign = chosen_campaign(facts)
    registered = f"campaign {campaign.status or '(no status)'}" if campaign else "no campaign"
    brand = brand_of(facts)
    behind = f", brand {brand.status or '(no status)'}" if brand else ""
    return f"Messaging service {facts.service_name or facts.service_sid}, {registered}{behind}"


def _registration(known: Registration | None) -> str:
    if known is None:
        return "Twilio has said nothing about this number yet; its API has no such field"
    words = {
        Registered.REGISTERED: "Registered with the carriers",
        Registered.PENDING: "Registration with the carriers is running",
        Registered.FAILED: "Registration with the carriers failed",
        Registered.LEAVING: "Being taken off its campaign",
        Registered.STUCK: "Taking it off a campaign failed",
        Registered.UNREGISTERED: "Not registered with the carriers",
        Registered.OTHER: f"Twilio calls it “{known.raw}”",
    }
    return words[known.state] + (f" ({known.reason})" if known.reason else "")


def _delivery(known: Delivery, now: datetime) -> str:
    if known.blocks(now):
        return f"The last text was blocked ({known.blocked_by})"
    if known.delivered_at is not None:
        return "A text to the US was delivered"
    return f"A text was blocked ({known.blocked_by})" if known.blocked_by else "No text to the US seen yet"


def with_warning(found: Verdict, warning: str) -> Verdict:
    return replace(found, warnings=(*found.warnings, warning))


@dataclass(frozen=True, slots=True)
class Counted:
    """How many senders have each readiness, for the overview, doctor and the exit code."""

    total: int
    by_readiness: dict[Readiness, int]

    @property
    def exit_code(self) -> int:
        """0: all good or not needed; 1: something needs attention or time."""
        good = {Readiness.READY, Readiness.LIKELY_READY, Readiness.NOT_NEEDED}
        return 0 if all(count == 0 for readiness, count in self.by_readiness.items() if readiness not in good) else 1


def count(verdicts: tuple[Verdict, ...]) -> Counted:
    return Counted(len(verdicts), {kind: sum(v.readiness is kind for v in verdicts) for kind in Readiness})
