"""The rows about configuration: service, campaign and brand of a long code."""

from __future__ import annotations

from datetime import datetime

from webapp.messaging.a2p.brand_rows import nearest, state_of_brand
from webapp.messaging.a2p.rejections import explained, first_words
from webapp.messaging.a2p.rows import (
    LONG_REVIEW_BUSINESS_DAYS,
    Row,
    brand_of,
    business_days,
    chosen_campaign,
    real_campaigns,
)
from webapp.messaging.a2p.verdicts import NumberFacts, Readiness, Who
from webapp.messaging.explain import explain


def not_in_service(facts: NumberFacts, _: datetime) -> Row | None:
    if facts.service_sid:
        return None
    ready, awaited = ", ".join(facts.verified_services), ", ".join(facts.services_in_review)
    step = _way_to_a_campaign(facts)
    if ready:
        step = f"Add the number to the sender pool of {ready}, whose campaign is approved."
    elif awaited:
        step = f"Add the number to the sender pool of {awaited}: it is registered once the campaign there is approved."
    return Row(
        Readiness.BLOCKED,
        "NOT_IN_SERVICE",
        "The number is in no messaging service, so no campaign covers it. Texts to the US are blocked.",
        step,
        Who.YOU,
        code="30034",
    )


def _way_to_a_campaign(facts: NumberFacts) -> str:
    brand = nearest(facts.brands)
    if brand is None and facts.brands_unreadable:
        return (
            "Twilio did not show the brands: look at them in the Twilio Console, then add the number to the messaging "
            "service of an approved campaign."
        )
    if brand is None:
        return "Register a brand and a campaign, then add the number to the campaign's messaging service."
    then = "add the number to the messaging service of an approved campaign."
    if brand.status == "APPROVED":
        return f"The brand is approved: register a campaign, then {then}"
    known = state_of_brand(brand)
    return f"{known.sentence} {known.next_step} Afterwards register a campaign, then {then}"


def _campaigns_unreadable(facts: NumberFacts, _: datetime) -> Row | None:
    if facts.campaigns is not None:
        return None
    return Row(
        Readiness.UNKNOWN,
        "UNREADABLE",
        "Twilio did not show the campaign of this messaging service.",
        "Check again in a few minutes; when it stays so, Doctor says why.",
        Who.YOU,
    )


def _no_campaign(facts: NumberFacts, _: datetime) -> Row | None:
    if facts.campaigns:
        return None
    brand = nearest(facts.brands)
    nothing = f"The messaging service {facts.service_name or facts.service_sid} has no campaign."
    if brand is None and facts.brands_unreadable:
        hidden = f"{nothing} Twilio did not show the brands. {facts.brands_unreadable}"
        step = "Look at the brand in the Twilio Console; once it is approved, register a campaign for this service."
        return Row(Readiness.BLOCKED, "NO_CAMPAIGN", hidden, step, Who.YOU, code="30034")
    if brand is None:
        lacking = "The only brand is a mock, made for tests." if facts.brands else "There is no brand either."
        step = "Register a brand, then a campaign, in the Twilio Console."
        return Row(Readiness.BLOCKED, "NO_CAMPAIGN", f"{nothing} {lacking}", step, Who.YOU, code="30034")
    if brand.status == "APPROVED":
        step = "Register a campaign for this messaging service in the Twilio Console."
        return Row(
            Readiness.BLOCKED, "NO_CAMPAIGN", nothing, step, Who.YOU, twilio_value=brand.status, code="30034"
        )  # fmt: skip
    known = state_of_brand(brand)
    return Row(
        known.readiness,
        "NO_CAMPAIGN",
        f"{nothing} {known.sentence}",
        known.next_step,
        known.who,
        twilio_value=brand.status,
        code="30034",
        rejected_fields=explained(brand.errors),
    )


def _mock(facts: NumberFacts, _: datetime) -> Row | None:
    if real_campaigns(facts):
        return None
    brand = brand_of(facts)
    what = "brand of the campaign" if brand is not None and brand.mock else "campaign"
    return Row(
        Readiness.BLOCKED,
        "MOCK",
        f"The {what} is a mock, made for tests of the registration itself.",
        f"Register a real {'brand and ' if what != 'campaign' else ''}campaign for this messaging service.",
        Who.YOU,
        twilio_value="mock",
        code="30034",
    )


def _suspended(facts: NumberFacts, _: datetime) -> Row | None:
    campaign = chosen_campaign(facts)
    brand = brand_of(facts)
    out = brand if brand is not None and brand.status == "SUSPENDED" else None
    if campaign is None or not (campaign.status == "SUSPENDED" or out):
        return None
    cause = "because its brand is suspended" if out else "by Twilio or a carrier"
    return Row(
        Readiness.BLOCKED,
        "CAMPAIGN_SUSPENDED",
        f"The campaign is suspended {cause}. Texts to the US are blocked.",
        "Open a ticket with Twilio Support. Do not move the same texts to another number.",
        Who.SUPPORT,
        twilio_value=out.status if out else campaign.status,
        code="30033",
        rejected_fields=explained((out.errors if out else ()) + campaign.errors),
    )


def _failed(facts: NumberFacts, _: datetime) -> Row | None:
    campaign = chosen_campaign(facts)
    if campaign is None or campaign.status != "FAILED":
        return None
    final = any(explain(error.code).resubmittable is False for error in campaign.errors if error.code)
    if campaign.is_externally_registered:
        step = "Correct the campaign where it was registered (The Campaign Registry or your provider), not in Twilio."
    elif final:
        step = "This rejection cannot be resubmitted: appeal through Twilio Support, or register another use."
    else:
        step = "Correct the rejected fields in the Console and resubmit; each submission is charged a new vetting fee."
    return Row(
        Readiness.BLOCKED,
        "CAMPAIGN_FAILED",
        f"The campaign was rejected. {first_words(campaign.errors)}".strip(),
        step,
        Who.SUPPORT if final else Who.YOU,
        twilio_value="FAILED",
        code="30034",
        rejected_fields=explained(campaign.errors),
    )


def _in_review(facts: NumberFacts, now: datetime) -> Row | None:
    campaign = chosen_campaign(facts)
    if campaign is None or campaign.status not in ("PENDING", "IN_PROGRESS"):
        return None
    days = business_days(campaign.date_created, now) if campaign.date_created else 0
    late = days > LONG_REVIEW_BUSINESS_DAYS
    brand = brand_of(facts)
    unverified = brand is not None and brand.identity_status == "UNVERIFIED"
    step = "Wait; do not edit the campaign meanwhile."
    if unverified:
        step = "Confirm the brand's identity (sole proprietors answer YES); without it the campaign fails (30991)."
    elif late:
        step = f"Ask Twilio Support: the review has taken {days} business days, 10 to 15 are usual."
    return Row(
        Readiness.WAITING,
        "CAMPAIGN_IN_REVIEW",
        "The campaign is in review. Until it is approved, texts to the US are blocked.",
        step,
        Who.YOU if unverified else Who.SUPPORT if late else Who.TWILIO,
        twilio_value=campaign.status,
        since=campaign.date_created,
        code="30034",
    )


def _unknown_campaign_state(facts: NumberFacts, _: datetime) -> Row | None:
    campaign = chosen_campaign(facts)
    if campaign is None or campaign.status == "VERIFIED":
        return None
    return Row(
        Readiness.UNKNOWN,
        "CAMPAIGN_UNKNOWN",
        f"Twilio calls the campaign “{campaign.status or '(nothing)'}”. We do not "
        "know that word, so it does not count as approved.",
        "Look at the campaign in the Twilio Console.",
        Who.YOU,
        twilio_value=campaign.status,
        code="30034",
    )


SERVICE_ROWS = (_campaigns_unreadable, _no_campaign)
CAMPAIGN_ROWS = (
    _mock,
    _suspended,
    _failed,
    _in_review,
    _unknown_campaign_state,
)
