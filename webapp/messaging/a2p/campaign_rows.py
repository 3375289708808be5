"""The rows about configuration: service, campaign and brand of a long code."""

from __future__ import annotations

from datetime import datetime

from webapp.messaging.a2p.rows import LONG_REVIEW_BUSINESS_DAYS, Row, business_days, chosen_campaign, real_campaigns
from webapp.messaging.a2p.verdicts import NumberFacts, Readiness, Who
from webapp.messaging.explain import explain
from webapp.twilio_rest.answers import Brand, FieldError

# What a brand's state means for a campaign that is not there yet: sentence, who acts, next step.
BRAND_WORDS = {
    "PENDING": ("The brand is being checked.", Who.TWILIO, "Wait; mostly minutes, at times over a week."),
    "IN_REVIEW": ("The brand is in manual review.", Who.TWILIO, "Wait; seven business days or more."),
    "FAILED": (
        "The brand was rejected.",
        Who.YOU,
        "Correct the rejected fields in the Console and resubmit the brand.",
    ),
    "SUSPENDED": ("The brand is suspended.", Who.SUPPORT, "Open a ticket with Twilio Support about the brand."),
    "DELETION_PENDING": (
        "The brand is being deleted.",
        Who.TWILIO,
        "Wait until it is gone, then register a new brand.",
    ),
    "DELETION_FAILED": (
        "Deleting the brand failed.",
        Who.SUPPORT,
        "Open a ticket with Twilio Support about the brand.",
    ),
}


def _not_in_service(facts: NumberFacts, _: datetime) -> Row | None:
    if facts.service_sid:
        return None
    ready = ", ".join(facts.verified_services)
    step = (
        f"Add the number to the sender pool of {ready}, whose campaign is approved."
        if ready
        else "Register a brand and a campaign, then add the number to the campaign's messaging service."
    )
    return Row(
        Readiness.BLOCKED,
        "NOT_IN_SERVICE",
        "The number is in no messaging service, so no campaign covers it. Texts to the US are blocked.",
        step,
        Who.YOU,
        code="30034",
    )


def _campaigns_unreadable(facts: NumberFacts, _: datetime) -> Row | None:
    if facts.campaigns is not None:
        return None
    return Row(
        Readiness.UNKNOWN,
        "UNREADABLE",
        "Twilio did not show the campaign of this messaging service.",
        "Check again in a few minutes; when it stays so, run `handoff doctor`.",
        Who.YOU,
    )


def _no_campaign(facts: NumberFacts, _: datetime) -> Row | None:
    if facts.campaigns:
        return None
    about, who, step = _brand_in_words(facts.brands)
    return Row(
        Readiness.BLOCKED if who in (Who.YOU, Who.SUPPORT) else Readiness.WAITING,
        "NO_CAMPAIGN",
        f"The messaging service {facts.service_name or facts.service_sid} has no campaign. {about}".strip(),
        step,
        who,
        code="30034",
        twilio_value=_nearest(facts.brands).status if facts.brands else "",
        rejected_fields=_explained(_nearest(facts.brands).errors) if facts.brands else (),
    )


def _mock(facts: NumberFacts, _: datetime) -> Row | None:
    if real_campaigns(facts):
        return None
    return Row(
        Readiness.BLOCKED,
        "MOCK",
        "The campaign is a mock, made for tests of the registration itself.",
        "Register a real campaign for this messaging service.",
        Who.YOU,
        twilio_value="mock",
        code="30034",
    )


def _suspended(facts: NumberFacts, _: datetime) -> Row | None:
    campaign = chosen_campaign(facts)
    brand = _brand_of(facts)
    brand_is_out = brand is not None and brand.status == "SUSPENDED"
    if campaign is None or not (campaign.status == "SUSPENDED" or brand_is_out):
        return None
    cause = "because its brand is suspended" if brand_is_out else "by Twilio or a carrier"
    return Row(
        Readiness.BLOCKED,
        "CAMPAIGN_SUSPENDED",
        f"The campaign is suspended {cause}. Texts to the US are blocked.",
        "Open a ticket with Twilio Support. Do not move the same texts to another number.",
        Who.SUPPORT,
        twilio_value=campaign.status,
        code="30033",
        rejected_fields=_explained(campaign.errors),
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
        f"The campaign was rejected. {_first_words(campaign.errors)}".strip(),
        step,
        Who.SUPPORT if final else Who.YOU,
        twilio_value="FAILED",
        code="30034",
        rejected_fields=_explained(campaign.errors),
    )


def _in_review(facts: NumberFacts, now: datetime) -> Row | None:
    campaign = chosen_campaign(facts)
    if campaign is None or campaign.status not in ("PENDING", "IN_PROGRESS"):
        return None
    days = business_days(campaign.date_created, now) if campaign.date_created else 0
    late = days > LONG_REVIEW_BUSINESS_DAYS
    brand = _brand_of(facts)
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


CAMPAIGN_ROWS = (
    _not_in_service,
    _campaigns_unreadable,
    _no_campaign,
    _mock,
    _suspended,
    _failed,
    _in_review,
    _unknown_campaign_state,
)


def _brand_of(facts: NumberFacts) -> Brand | None:
    campaign = chosen_campaign(facts)
    return next((brand for brand in facts.brands if campaign and brand.sid == campaign.brand_sid), None)


def _nearest(brands: tuple[Brand, ...]) -> Brand:
    """The brand that is nearest to carrying a campaign: an approved one before one in review before a failed one."""
    order = ("APPROVED", "IN_REVIEW", "PENDING", "FAILED", "SUSPENDED")
    return min(brands, key=lambda brand: order.index(brand.status) if brand.status in order else len(order))


def _brand_in_words(brands: tuple[Brand, ...]) -> tuple[str, Who, str]:
    real = tuple(brand for brand in brands if not brand.mock)
    if not real:
        return "There is no brand either.", Who.YOU, "Register a brand, then a campaign, in the Twilio Console."
    best = _nearest(real)
    if best.status == "APPROVED":
        return "", Who.YOU, "Register a campaign for this messaging service in the Twilio Console."
    known = BRAND_WORDS.get(best.status)
    return known or (f"Twilio calls the brand “{best.status}”.", Who.YOU, "Look at the brand in the Twilio Console.")


def _first_words(errors: tuple[FieldError, ...]) -> str:
    first = next(iter(_explained(errors)), None)
    return f"{first.description} ({first.code})" if first else ""


def _explained(errors: tuple[FieldError, ...]) -> tuple[FieldError, ...]:
    """The same errors in our words where the code is known; Twilio's description stays when it is not."""
    said = []
    for error in errors:
        known = explain(error.code) if error.code else None
        words = known.title if known and known.known else error.description
        said.append(FieldError(error.code, words or "Twilio gives no reason.", error.fields))
    return tuple(said)
