"""The rows about the number itself, once its campaign is approved: events first, then what texts have met."""

from __future__ import annotations

from datetime import datetime, timedelta

from webapp.messaging.a2p.facts import Registered
from webapp.messaging.a2p.rows import Row, chosen_campaign
from webapp.messaging.a2p.verdicts import NumberFacts, Readiness, Who

PATIENCE = timedelta(days=14)
"""Twilio's trouble page asks to wait up to two weeks before complaining about a number's registration."""
ONE_NUMBER = "A sole proprietor's campaign carries one number. Take the others out of the pool."
SUBSCRIBE = "Send one text and watch its status, or subscribe to Twilio's registration events, to be sure."


def _is_sole_proprietor(facts: NumberFacts) -> bool:
    campaign = chosen_campaign(facts)
    return campaign is not None and campaign.use_case == "SOLE_PROPRIETOR"


def _proven(facts: NumberFacts) -> bool:
    """Registered by event, or a text reached the US after the number joined its pool."""
    if facts.registration is not None and facts.registration.state is Registered.REGISTERED:
        return True
    joined = facts.pool_entry.date_created if facts.pool_entry else None
    delivered = facts.delivery.delivered_at
    superseded = facts.registration is not None and delivered is not None and delivered <= facts.registration.at
    return delivered is not None and (joined is None or delivered > joined) and not superseded


def _number_failed(facts: NumberFacts, _: datetime) -> Row | None:
    known = facts.registration
    if known is None or known.state is not Registered.FAILED:
        return None
    second = known.reason == "30125" or (_is_sole_proprietor(facts) and facts.long_codes_in_pool > 1)
    return Row(
        Readiness.BLOCKED,
        "NUMBER_FAILED",
        "The campaign is approved, but registering this number failed.",
        ONE_NUMBER if second else "Open a ticket with Twilio Support and name the number's SID and the code.",
        Who.YOU if second else Who.SUPPORT,
        twilio_value=known.raw,
        since=known.at,
        code=known.reason or "30126",
    )


def _refused_as_suspended(facts: NumberFacts, now: datetime) -> Row | None:
    is_blocked = facts.delivery.blocks(now) and not _registered_since_the_block(facts)
    if not (is_blocked and facts.delivery.blocked_by == "30033"):
        return None
    return Row(
        Readiness.BLOCKED,
        "CAMPAIGN_SUSPENDED",
        "Twilio shows the campaign as approved but refused a text as suspended.",
        "Open a ticket with Twilio Support. Do not move the same texts to another number.",
        Who.SUPPORT,
        twilio_value="30033",
        since=facts.delivery.blocked_at,
        code="30033",
    )


def _number_pending(facts: NumberFacts, now: datetime) -> Row | None:
    """An end that Twilio told while we were away is lost: a text that arrived proves it, and one may try when late."""
    known = facts.registration
    leaving = known is not None and known.state is Registered.LEAVING
    event_pending = leaving or (known is not None and known.state is Registered.PENDING and not _proven(facts))
    blocked = facts.delivery.blocks(now) and not _registered_since_the_block(facts)
    if not event_pending and not blocked:
        return None
    since = known.at if event_pending and known else facts.delivery.blocked_at
    late = since is not None and now - since > PATIENCE
    may_try = late and not leaving and not blocked
    reason = (
        "The number is being taken off its campaign; it can neither text nor join another one meanwhile."
        if leaving
        else "The campaign is approved; the carriers have not registered this number yet."
    )
    step = (
        "Ask Twilio Support: this has taken more than two weeks."
        + (" A text may try: when it arrives, the number is registered." if may_try else "")
        if late
        else ("Wait; minutes as a rule, days at times. Do not remove the number and add it again.")
    )
    raw = known.raw if event_pending and known else facts.delivery.blocked_by
    return Row(
        Readiness.WAITING,
        "NUMBER_PENDING",
        reason,
        step,
        Who.SUPPORT if late else Who.TWILIO,
        may_send=may_try,
        twilio_value=raw,
        since=since,
        code=facts.delivery.blocked_by if blocked else "30035",
    )


def _registered_since_the_block(facts: NumberFacts) -> bool:
    known, blocked_at = facts.registration, facts.delivery.blocked_at
    return (
        known is not None and blocked_at is not None and known.state is Registered.REGISTERED and known.at > blocked_at
    )


def _number_unregistered(facts: NumberFacts, now: datetime) -> Row | None:
    """The last word was “unregistered” although the number stands in the pool: a new registration is to be expected."""
    known = facts.registration
    if known is None or known.state is not Registered.UNREGISTERED or _proven(facts):
        return None
    joined = facts.pool_entry.date_created if facts.pool_entry else None
    since = max((instant for instant in (known.at, joined) if instant), default=known.at)
    if _is_sole_proprietor(facts) and facts.long_codes_in_pool > 1:
        return Row(
            Readiness.BLOCKED,
            "NUMBER_UNREGISTERED",
            "This number is not registered: a sole proprietor's campaign carries one number, and its pool holds more.",
            "Empty the pool and add back only the number that shall text.",
            Who.YOU,
            twilio_value=known.raw,
            since=since,
            code="30034",
        )
    late = now - since > PATIENCE
    return Row(
        Readiness.BLOCKED if late else Readiness.WAITING,
        "NUMBER_UNREGISTERED",
        "Twilio's last word on this number is that it is not registered.",
        "Ask Twilio Support and name the number's SID."
        if late
        else "Wait; the registration under its new campaign follows.",
        Who.SUPPORT if late else Who.TWILIO,
        twilio_value=known.raw,
        since=since,
        code="30034",
    )


def _number_state_unknown(facts: NumberFacts, _: datetime) -> Row | None:
    known = facts.registration
    if known is None or known.state is not Registered.OTHER or _proven(facts):
        return None
    return Row(
        Readiness.UNKNOWN,
        "NUMBER_UNKNOWN",
        f"Twilio calls the number's registration “{known.raw}”. We do not know that "
        "word, so it does not count as registered.",
        "Look at the number in the Console's CSV report of active numbers.",
        Who.YOU,
        twilio_value=known.raw,
        since=known.at,
    )


def _number_stuck(facts: NumberFacts, _: datetime) -> Row | None:
    known = facts.registration
    if known is None or known.state is not Registered.STUCK or _proven(facts):
        return None
    return Row(
        Readiness.UNKNOWN,
        "NUMBER_STUCK",
        "Taking this number off an earlier campaign failed, so it is not known which campaign it is registered for.",
        "Open a ticket with Twilio Support and name the number's SID and the code.",
        Who.SUPPORT,
        twilio_value=known.raw,
        since=known.at,
        code=known.reason or "30126",
    )


def _sole_proprietor_ambiguous(facts: NumberFacts, _: datetime) -> Row | None:
    if not _is_sole_proprietor(facts) or facts.long_codes_in_pool < 2 or _proven(facts):
        return None
    return Row(
        Readiness.UNKNOWN,
        "SOLE_PROP_AMBIGUOUS",
        f"{facts.long_codes_in_pool} numbers share a sole proprietor's campaign; it registers one of them at random.",
        "Empty the pool and add back only the number that shall text.",
        Who.YOU,
        twilio_value="SOLE_PROPRIETOR",
        code="30034",
    )


def _refused_before(facts: NumberFacts, _: datetime) -> Row | None:
    """The pause is over and nothing has proven the refusal wrong: one text may try, which is no promise."""
    known = facts.delivery
    if not known.is_refused or _registered_since_the_block(facts):
        return None
    return Row(
        Readiness.WAITING,
        "REFUSED_BEFORE",
        f"The campaign is approved, but the last text from this number was refused ({known.blocked_by}).",
        "Send one text and watch its status; when it is refused again, look at the number in the Twilio Console.",
        Who.YOU,
        may_send=True,
        twilio_value=known.blocked_by,
        since=known.blocked_at,
        code=known.blocked_by,
    )


def _ready(facts: NumberFacts, _: datetime) -> Row | None:
    if not _proven(facts):
        return None
    known = facts.registration
    by_event = known is not None and known.state is Registered.REGISTERED
    crowded = _is_sole_proprietor(facts) and facts.long_codes_in_pool > 1
    return Row(
        Readiness.READY,
        "OK",
        "The campaign is approved and the number is registered."
        if by_event
        else "The campaign is approved and a text from this number was delivered in the US.",
        "Nothing.",
        Who.NOBODY,
        may_send=True,
        twilio_value=known.raw if by_event and known else "delivered",
        since=known.at if by_event and known else facts.delivery.delivered_at,
        warnings=(ONE_NUMBER,) if crowded else (),
    )


def _likely_ready(facts: NumberFacts, now: datetime) -> Row:
    joined = facts.pool_entry.date_created if facts.pool_entry else None
    fresh = joined is not None and now - joined < PATIENCE
    note = " It joined its pool lately, so minutes to days may still be missing." if fresh else ""
    return Row(
        Readiness.LIKELY_READY,
        "OK_LIKELY",
        f"The campaign is approved. Twilio's API does not show whether this number is registered.{note}",
        SUBSCRIBE,
        Who.NOBODY,
        may_send=True,
        twilio_value="VERIFIED",
        since=joined,
    )


NUMBER_ROWS = (
    _number_failed,
    _refused_as_suspended,
    _number_pending,
    _number_unregistered,
    _number_state_unknown,
    _number_stuck,
    _sole_proprietor_ambiguous,
    _refused_before,
    _ready,
    _likely_ready,
)
