"""The four steps of a long code's registration, each with its own state: profile, brand, campaign, number. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from webapp.messaging.a2p.brand_rows import nearest, state_of_brand
from webapp.messaging.a2p.campaign_rows import CAMPAIGN_ROWS, SERVICE_ROWS, not_in_service
from webapp.messaging.a2p.number_rows import NUMBER_ROWS
from webapp.messaging.a2p.rejections import explained
from webapp.messaging.a2p.rows import Row, brand_of, chosen_campaign
from webapp.messaging.a2p.verdicts import NumberFacts, Readiness, RegistrationStep
from webapp.twilio_rest.answers import Brand, CustomerProfile

TRUST_HUB = "https://console.twilio.com/us1/account/trust-hub/customer-profiles"
COMPLIANCE = "https://console.twilio.com/us1/develop/sms/regulatory-compliance"
SERVICES = "https://console.twilio.com/us1/develop/sms/services"

# Twilio's statuses of a customer profile (a2p-10dlc.md 1.1), the nearest to an approval first.
PROFILE_STATES = {
    "twilio-approved": (Readiness.READY, "Approved.", ""),
    "in-review": (Readiness.WAITING, "In review at Twilio.", "Wait for the review."),
    "pending-review": (Readiness.WAITING, "Waits for its review at Twilio.", "Wait for the review."),
    "draft": (Readiness.BLOCKED, "Begun and not submitted.", "Complete it and submit it."),
    "twilio-rejected": (Readiness.BLOCKED, "Rejected.", "Correct what Twilio names there and submit it again."),
}
IDENTITIES = {
    "VERIFIED": "Approved, and the identity is confirmed.",
    "VETTED_VERIFIED": "Approved, and the identity is confirmed with secondary vetting.",
    "SELF_DECLARED": "Approved, without a check of the identity.",
}


def steps_of(facts: NumberFacts, now: datetime) -> tuple[RegistrationStep, ...]:
    """From top to bottom; each one needs the one above it."""
    profile, brand, campaign = _profile(facts), _brand(facts), _campaign(facts, now)
    is_covered = brand.readiness is Readiness.READY and campaign.readiness is Readiness.READY
    return profile, brand, campaign, _number(facts, now, is_covered=is_covered)


def _profile(facts: NumberFacts) -> RegistrationStep:
    name = "Customer profile"
    campaign = chosen_campaign(facts)
    if any(brand.status == "APPROVED" and not brand.mock for brand in facts.brands):
        return RegistrationStep(name, Readiness.READY, "In order: a brand was approved with it.", link=TRUST_HUB)
    if campaign is not None and campaign.is_externally_registered:
        return RegistrationStep(name, Readiness.READY, "Not needed: the campaign was registered outside of Twilio.")
    if facts.profiles is None:
        step = "Look at it in the Twilio Console."
        return RegistrationStep(name, Readiness.UNKNOWN, "Not read from Twilio.", next_step=step, link=TRUST_HUB)
    best = _nearest_profile(facts.profiles)
    if best is None:
        step = "Create it in the Console; a trial account must be upgraded first."
        return RegistrationStep(name, Readiness.BLOCKED, "There is none.", next_step=step, link=TRUST_HUB)
    unknown = (Readiness.UNKNOWN, f"Twilio calls it “{best.status}”.", "Look at it in the Twilio Console.")
    readiness, status, step = PROFILE_STATES.get(best.status, unknown)
    return RegistrationStep(name, readiness, status, best.status, best.date_updated, (), step, TRUST_HUB)


def _nearest_profile(profiles: tuple[CustomerProfile, ...]) -> CustomerProfile | None:
    order = list(PROFILE_STATES)
    return min(profiles, key=lambda one: order.index(one.status) if one.status in order else len(order), default=None)


def _brand(facts: NumberFacts) -> RegistrationStep:
    name = "Brand"
    campaign = chosen_campaign(facts)
    brand = brand_of(facts) if campaign else nearest(facts.brands)
    if brand is not None:
        return _known_brand(name, brand)
    if campaign is not None and campaign.is_externally_registered:
        return RegistrationStep(name, Readiness.READY, "Registered outside of Twilio, with the campaign.")
    if facts.brands_unreadable:
        return RegistrationStep(name, Readiness.UNKNOWN, f"Twilio did not show it. {facts.brands_unreadable}")
    if campaign is None:
        lacking = "There is only a mock, made for tests." if facts.brands else "There is none."
        return RegistrationStep(name, Readiness.BLOCKED, lacking, next_step="Register a brand.", link=COMPLIANCE)
    step = "Look at the campaign and its brand in the Twilio Console."
    lost = "Twilio does not list the brand that the campaign names."
    return RegistrationStep(name, Readiness.UNKNOWN, lost, campaign.brand_sid, next_step=step, link=COMPLIANCE)


def _known_brand(name: str, brand: Brand) -> RegistrationStep:
    value = f"{brand.status}, {brand.identity_status}" if brand.identity_status else brand.status
    readiness, status, step = Readiness.READY, IDENTITIES.get(brand.identity_status, "Approved."), ""
    if brand.mock:
        readiness, status, step = Readiness.BLOCKED, "A mock, made for tests.", "Register a real brand."
    elif brand.status != "APPROVED":
        known = state_of_brand(brand)
        readiness, status, step = known.readiness, known.sentence, known.next_step
    elif brand.identity_status == "UNVERIFIED":
        status = "Approved, but the identity is not confirmed; campaigns fail without it (30991)."
        step = "Confirm the identity; a sole proprietor answers Twilio's text with YES."
    return RegistrationStep(
        name, readiness, status, value, brand.date_updated, explained(brand.errors), step, COMPLIANCE if step else ""
    )


def _campaign(facts: NumberFacts, now: datetime) -> RegistrationStep:
    name = "Campaign"
    if not facts.service_sid:
        if facts.verified_services:
            status = f"Approved for {', '.join(facts.verified_services)}; this number is not in it."
            return RegistrationStep(name, Readiness.READY, status, "VERIFIED")
        if facts.services_in_review:
            status = f"In review for {', '.join(facts.services_in_review)}; this number is not in it."
            return RegistrationStep(name, Readiness.WAITING, status)
        status = "A campaign covers a messaging service, and the number is in none."
        return RegistrationStep(name, Readiness.BLOCKED, status, next_step="Register a campaign.", link=COMPLIANCE)
    row = _first((*SERVICE_ROWS, *CAMPAIGN_ROWS), facts, now)
    if row is not None:
        return _from_row(name, row, COMPLIANCE)
    campaign = chosen_campaign(facts)
    since = campaign.date_created if campaign else None
    return RegistrationStep(name, Readiness.READY, "Approved.", campaign.status if campaign else "", since)


def _number(facts: NumberFacts, now: datetime, *, is_covered: bool) -> RegistrationStep:
    name = "Number in the messaging service"
    missing = not_in_service(facts, now)
    if missing is not None:
        return _from_row(name, missing, SERVICES)
    service = facts.service_name or facts.service_sid
    if not is_covered:
        status = f"It is in {service}. The carriers register it once the campaign and its brand are approved."
        return RegistrationStep(name, Readiness.WAITING, status)
    row = _first(NUMBER_ROWS, facts, now)
    return _from_row(name, row, SERVICES) if row else RegistrationStep(name, Readiness.UNKNOWN, f"It is in {service}.")


def _first(
    rows: Sequence[Callable[[NumberFacts, datetime], Row | None]], facts: NumberFacts, now: datetime
) -> Row | None:
    return next((found for row in rows if (found := row(facts, now)) is not None), None)


def _from_row(name: str, row: Row, link: str) -> RegistrationStep:
    is_good = row.readiness in (Readiness.READY, Readiness.LIKELY_READY)
    step = "" if is_good else row.next_step
    return RegistrationStep(
        name, row.readiness, row.reason, row.twilio_value, row.since, row.rejected_fields, step, link if step else ""
    )
