"""Joins the three layers into the facts of each number and asks for its verdict. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from webapp.messaging.a2p.facts import AccountFacts, Delivery, Registration, ServiceFacts
from webapp.messaging.a2p.senders import SenderKind, kind_of
from webapp.messaging.a2p.verdict import verdict, with_warning
from webapp.messaging.a2p.verdicts import NumberFacts, Verdict
from webapp.twilio_rest.answers import Brand, Campaign, Number, PoolNumber


def assess(
    facts: AccountFacts,
    registrations: Mapping[str, Registration],
    deliveries: Mapping[str, Delivery],
    now: datetime,
) -> tuple[Verdict, ...]:
    """A verdict for each sender of the account. `registrations` is by number SID, `deliveries` by sender."""
    places = {entry.sid: (service, entry) for service in facts.services for entry in service.pool}
    ready, awaited = _services_for(facts, ("VERIFIED",)), _services_for(facts, ("PENDING", "IN_PROGRESS"))
    found = [
        verdict(
            _number_facts(
                facts,
                number,
                place=places.get(number.sid),
                ready=ready,
                awaited=awaited,
                registrations=registrations,
                deliveries=deliveries,
            ),
            now,
            checked_at=facts.as_of,
        )
        for number in facts.numbers
    ]
    found += [
        verdict(NumberFacts(code.short_code, SenderKind.SHORT_CODE, account=facts.account), now, checked_at=facts.as_of)
        for code in facts.short_codes
    ]
    return tuple(_with_age(one, facts) for one in found)


def _number_facts(
    facts: AccountFacts,
    number: Number,
    *,
    place: tuple[ServiceFacts, PoolNumber] | None,
    ready: tuple[str, ...],
    awaited: tuple[str, ...],
    registrations: Mapping[str, Registration],
    deliveries: Mapping[str, Delivery],
) -> NumberFacts:
    kind = kind_of(number.phone_number)
    service, entry = place or (None, None)
    return NumberFacts(
        sender=number.phone_number,
        kind=kind,
        number=number,
        account=facts.account,
        service_sid=service.service.sid if service else "",
        service_name=service.service.friendly_name if service else "",
        pool_entry=entry,
        campaigns=service.campaigns if service else None,
        brands=tuple(facts.brands.values()),
        profiles=facts.profiles,
        long_codes_in_pool=_long_codes(service) if service else 0,
        verified_services=ready,
        services_in_review=awaited,
        verification=facts.verifications.get(number.sid),
        registration=registrations.get(number.sid),
        delivery=deliveries.get(number.phone_number) or Delivery(),
        unreadable=_missing(facts, ["verifications"] if kind is SenderKind.TOLL_FREE else _ways_to(service)),
        brands_unreadable=_missing(facts, ["brands"]),
    )


def _ways_to(service: ServiceFacts | None) -> list[str]:
    """A number that stands in a pool is placed; one that does not may stand in a pool that was not shown."""
    return [] if service else ["services", "pools"]


def _missing(facts: AccountFacts, parts: list[str]) -> str:
    """Why one of these parts could not be read, when there is no older copy of it either."""
    lost = (one for one in facts.unreadable if one.part in parts and one.kept_from is None)
    return next((one.message for one in lost), "")


def _is_ready(service: ServiceFacts) -> bool:
    return any(campaign.status == "VERIFIED" and not campaign.mock for campaign in service.campaigns or ())


def _services_for(facts: AccountFacts, statuses: tuple[str, ...]) -> tuple[str, ...]:
    """Where a number may be added: the services with such a campaign."""
    taking = (one.service for one in facts.services if _takes_a_number(one, facts, statuses))
    return tuple(service.friendly_name or service.sid for service in taking)


def _takes_a_number(service: ServiceFacts, facts: AccountFacts, statuses: tuple[str, ...]) -> bool:
    """With an approved brand; a sole proprietor's campaign carries one number."""
    return any(
        campaign.status in statuses
        and not campaign.mock
        and _is_carried(campaign, facts.brands)
        and (campaign.use_case != "SOLE_PROPRIETOR" or _long_codes(service) == 0)
        for campaign in service.campaigns or ()
    )


def _is_carried(campaign: Campaign, brands: Mapping[str, Brand]) -> bool:
    brand = brands.get(campaign.brand_sid)
    return campaign.is_externally_registered if brand is None else brand.status == "APPROVED" and not brand.mock


def _long_codes(service: ServiceFacts) -> int:
    return sum(kind_of(entry.phone_number) is SenderKind.LONG_CODE for entry in service.pool)


def _with_age(found: Verdict, facts: AccountFacts) -> Verdict:
    kept = [missing.kept_from for missing in facts.unreadable if missing.kept_from is not None]
    if not kept:
        return found
    return with_warning(found, f"Twilio could not be read in full; parts are as of {min(kept):%Y-%m-%d %H:%M} UTC.")


def account_warnings(facts: AccountFacts) -> tuple[str, ...]:
    """What concerns the account and no single number: campaigns without numbers cost money and may be ended."""
    return tuple(
        f"The campaign of {service.service.friendly_name or service.service.sid} is approved but its pool holds no "
        "local number; carriers charge for campaigns that are not used."
        for service in facts.services
        if _is_ready(service) and _long_codes(service) == 0
    )
