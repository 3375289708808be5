"""One row of the decision table, and what several rows need."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from webapp.messaging.a2p.verdicts import NumberFacts, Readiness, Who
from webapp.twilio_rest.answers import Brand, Campaign, FieldError

LONG_REVIEW_BUSINESS_DAYS = 15
"""Twilio speaks of 10 to 15 business days for a campaign review; beyond that asking is fair."""

# The state that says most about the service comes first, should Twilio ever list several campaigns for one.
PREFERENCE = ("VERIFIED", "SUSPENDED", "IN_PROGRESS", "PENDING", "FAILED")


@dataclass(frozen=True, slots=True)
class Row:
    readiness: Readiness
    state: str
    reason: str
    next_step: str
    who: Who
    may_send: bool = False
    twilio_value: str = ""
    since: datetime | None = None
    code: str = ""
    rejected_fields: tuple[FieldError, ...] = ()
    warnings: tuple[str, ...] = ()


def real_campaigns(facts: NumberFacts) -> tuple[Campaign, ...]:
    """Without mocks: a mock campaign or brand is for trying the registration API and never carries a text."""
    mocks = {brand.sid for brand in facts.brands if brand.mock}
    return tuple(
        campaign for campaign in facts.campaigns or () if not campaign.mock and campaign.brand_sid not in mocks
    )


def chosen_campaign(facts: NumberFacts) -> Campaign | None:
    campaigns = real_campaigns(facts) or facts.campaigns or ()
    ranked = sorted(campaigns, key=lambda c: PREFERENCE.index(c.status) if c.status in PREFERENCE else len(PREFERENCE))
    return ranked[0] if ranked else None


def brand_of(facts: NumberFacts) -> Brand | None:
    campaign = chosen_campaign(facts)
    return next((brand for brand in facts.brands if campaign and brand.sid == campaign.brand_sid), None)


def business_days(start: datetime, end: datetime) -> int:
    """Days from Monday to Friday between two instants; public holidays are not counted off."""
    days = max((end.date() - start.date()).days, 0)
    weeks, rest = divmod(days, 7)
    return weeks * 5 + sum((start + timedelta(days=offset)).weekday() < 5 for offset in range(1, rest + 1))
