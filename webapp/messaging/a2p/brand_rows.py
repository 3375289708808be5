"""What a brand's state means: for a campaign that is approved and for one that does not exist yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from webapp.messaging.a2p.rejections import explained
from webapp.messaging.a2p.rows import Row, brand_of, chosen_campaign
from webapp.messaging.a2p.verdicts import NumberFacts, Readiness, Who
from webapp.twilio_rest.answers import Brand


@dataclass(frozen=True, slots=True)
class BrandState:
    readiness: Readiness
    sentence: str
    who: Who
    next_step: str


# Twilio's brand statuses (a2p-10dlc.md 1.2), all but APPROVED.
BRAND_STATES = {
    "PENDING": BrandState(
        Readiness.WAITING, "The brand is being checked.", Who.TWILIO, "Wait; mostly minutes, at times over a week."
    ),
    "IN_REVIEW": BrandState(
        Readiness.WAITING, "The brand is in manual review.", Who.TWILIO, "Wait; seven business days or more."
    ),
    "FAILED": BrandState(
        Readiness.BLOCKED,
        "The brand was rejected.",
        Who.YOU,
        "Correct the rejected fields in the Console and resubmit the brand.",
    ),
    "SUSPENDED": BrandState(
        Readiness.BLOCKED,
        "The brand is suspended.",
        Who.SUPPORT,
        "Open a ticket with Twilio Support about the brand.",
    ),
    "DELETION_PENDING": BrandState(
        Readiness.BLOCKED, "The brand is being deleted.", Who.YOU, "Wait until it is gone, then register a new brand."
    ),
    "DELETION_FAILED": BrandState(
        Readiness.BLOCKED,
        "Deleting the brand failed.",
        Who.SUPPORT,
        "Open a ticket with Twilio Support about the brand.",
    ),
}


def state_of_brand(brand: Brand) -> BrandState:
    """Of a brand that is not approved; a word that we do not know is shown as it is and never counts as approved."""
    return BRAND_STATES.get(brand.status) or BrandState(
        Readiness.UNKNOWN,
        f"Twilio calls the brand “{brand.status or '(nothing)'}”. We do not know that word, so it does not count "
        "as approved.",
        Who.YOU,
        "Look at the brand in the Twilio Console.",
    )


def _brands_unreadable(facts: NumberFacts, _: datetime) -> Row | None:
    """While no brand can be seen, none of their campaigns counts as approved; one from elsewhere needs none."""
    campaign = chosen_campaign(facts)
    if not facts.brands_unreadable or (campaign is not None and campaign.is_externally_registered):
        return None
    return Row(
        Readiness.UNKNOWN,
        "UNREADABLE",
        f"Twilio did not show the brand behind the campaign. {facts.brands_unreadable}",
        "Check again in a few minutes; when it stays so, Doctor says why.",
        Who.YOU,
    )


def _brand_missing(facts: NumberFacts, _: datetime) -> Row | None:
    campaign = chosen_campaign(facts)
    # A campaign that was registered elsewhere has its brand there; Twilio's list does not hold it.
    if campaign is None or campaign.is_externally_registered or brand_of(facts) is not None:
        return None
    return Row(
        Readiness.UNKNOWN,
        "BRAND_UNKNOWN",
        "The campaign is approved, but Twilio does not list the brand that it names.",
        "Look at the campaign and its brand in the Twilio Console.",
        Who.YOU,
        twilio_value=campaign.brand_sid or "no brand",
        code="30034",
    )


def _brand_not_approved(facts: NumberFacts, _: datetime) -> Row | None:
    brand = brand_of(facts)
    if brand is None or brand.status == "APPROVED":
        return None
    known = state_of_brand(brand)
    return Row(
        known.readiness,
        "BRAND_UNKNOWN" if known.readiness is Readiness.UNKNOWN else "BRAND_NOT_APPROVED",
        f"The campaign is approved, but texts need an approved brand as well. {known.sentence}",
        known.next_step,
        known.who,
        twilio_value=brand.status,
        since=brand.date_updated,
        code="30034",
        rejected_fields=explained(brand.errors),
    )


BRAND_ROWS = (_brands_unreadable, _brand_missing, _brand_not_approved)


def nearest(brands: tuple[Brand, ...]) -> Brand | None:
    """The real brand that is nearest to carrying a campaign: approved before in review before rejected."""
    order = ("APPROVED", "IN_REVIEW", "PENDING", "FAILED", "SUSPENDED")
    real = [brand for brand in brands if not brand.mock]
    rank = {status: place for place, status in enumerate(order)}
    return min(real, key=lambda brand: rank.get(brand.status, len(order)), default=None)
