"""Routes: a phone number, a SIP URI or an extension becomes an address to dial, or an error with its fix."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

import phonenumbers
from phonenumbers import PhoneNumberType, shortnumberinfo

from handoff_rules.model import E164
from handoff_rules.sip_uri import SipRoute, SipUriError, made_visible, parse_sip_uri

__all__ = ["PhoneRoute", "Route", "RouteError", "SipRoute", "allowed_by", "parse_route", "policy_fault", "refer_target"]

_E164 = re.compile(E164)
_EXTENSION = re.compile(r"[0-9]{2,6}")
_LOOKS_LIKE_A_NUMBER = re.compile(r"[+(]?[0-9][0-9 ()./-]{1,40}")

NUMBER_TYPES = {
    PhoneNumberType.FIXED_LINE: "fixed_line",
    PhoneNumberType.MOBILE: "mobile",
    PhoneNumberType.FIXED_LINE_OR_MOBILE: "fixed_line_or_mobile",
    PhoneNumberType.TOLL_FREE: "toll_free",
    PhoneNumberType.PREMIUM_RATE: "premium_rate",
    PhoneNumberType.SHARED_COST: "shared_cost",
    PhoneNumberType.VOIP: "voip",
    PhoneNumberType.PERSONAL_NUMBER: "personal_number",
    PhoneNumberType.PAGER: "pager",
    PhoneNumberType.UAN: "uan",
    PhoneNumberType.VOICEMAIL: "voicemail",
}
"""The library's codes as the policy spells them; any other one is `unknown`."""

NOWHERE = "ZZ"
"""The region of a number that belongs to no country: satellite and international networks (+882, +870, +979)."""
EMERGENCY_ANYWHERE = frozenset({"112", "911", "999", "000"})


class RouteError(ValueError):
    """`message` says what is wrong with the route, `fix` what to write instead."""

    def __init__(self, message: str, fix: str) -> None:
        super().__init__(f"{message} {fix}")
        self.message = message
        self.fix = fix


@dataclass(frozen=True, slots=True)
class PhoneRoute:
    """An E.164 number, its numbering-plan region (ISO 3166, or ZZ for none) and its type as the policy names it."""

    e164: str
    region: str
    number_type: str


Route = PhoneRoute | SipRoute


@lru_cache(maxsize=8192)
def parse_route(text: str, *, country: str, sip_host: str | None) -> Route:
    """Read a route of the configuration; raises `RouteError`. Kept for repeated use: it is on the way of every call.

    `country` (ISO 3166) completes national numbers in hints and names the emergency numbers; `sip_host` completes
    extensions ("1001"). Whether a number may be dialled at all is for `policy_fault`.
    """
    if _E164.fullmatch(text):
        return _phone(text)
    if text[:4].lower() == "sip:" or text[:5].lower() == "sips:":
        return _sip(text, country)
    if _EXTENSION.fullmatch(text):
        return _extension(text, country, sip_host)
    raise _not_a_route(text, country)


def _phone(text: str) -> PhoneRoute:
    try:
        number = phonenumbers.parse(text)
    except phonenumbers.NumberParseException:
        raise RouteError(f"No country has numbers like {text}.", "Check the country code after the +.") from None
    if not phonenumbers.is_possible_number(number):
        raise RouteError(f"{text} is too short or too long.", "Write the whole number, with its country code.")
    region = phonenumbers.region_code_for_number(number) or _only_region_of(number.country_code or 0)
    return PhoneRoute(
        text,
        region if len(region) == 2 else NOWHERE,
        NUMBER_TYPES.get(phonenumbers.number_type(number), "unknown"),
    )


def _only_region_of(country_code: int) -> str:
    """The region of a number that the library does not know: certain only where one region has the country code."""
    regions = phonenumbers.region_codes_for_country_code(country_code)
    return regions[0] if len(regions) == 1 else NOWHERE


def _sip(text: str, country: str) -> SipRoute:
    try:
        route = parse_sip_uri(text)
    except SipUriError as error:
        raise RouteError(error.message, error.fix) from None
    if is_emergency(unquote(route.user), country):
        raise RouteError(f"{route.user} is an emergency number.", "Handoff does not call emergency services.")
    return route


def _extension(text: str, country: str, sip_host: str | None) -> SipRoute:
    if is_emergency(text, country):
        raise RouteError(f"{text} is an emergency number.", "Handoff does not call emergency services.")
    if len(text) <= 3 and _is_short_code(text, country):
        fix = f"If it is an extension of your own, write sip:{text}@ and the host of the PBX."
        raise RouteError(f"{text} is a short code in {country}.", fix)
    if not sip_host:
        fix = "Set `sip_host` to the host of your PBX, or write the number with + and country code."
        raise RouteError(f"{text} is an extension, and nobody knows of which PBX.", fix)
    return _sip(f"sip:{text}@{sip_host}", country)


def _is_short_code(digits: str, country: str) -> bool:
    """True for service codes such as 411. Longer codes are left to the PBX: "1001" is an extension everywhere."""
    code = phonenumbers.country_code_for_region(country)
    number = phonenumbers.PhoneNumber(country_code=code, national_number=int(digits))
    return shortnumberinfo.is_valid_short_number_for_region(number, country)


def is_emergency(digits: str, country: str) -> bool:
    """True for the emergency numbers of this country, and for those that most networks know."""
    return digits in EMERGENCY_ANYWHERE or (digits.isdigit() and shortnumberinfo.is_emergency_number(digits, country))


def _not_a_route(text: str, country: str) -> RouteError:
    if text[:4].lower() == "tel:":
        return RouteError("A route has no tel: in front.", f"Write {text[4:].partition(';')[0]} alone.")
    if text.isascii() and _LOOKS_LIKE_A_NUMBER.fullmatch(text):
        return _number_hint(text, country)
    if "@" in text:
        return RouteError(
            f"“{made_visible(text)}” is not a SIP address.", "Begin it with sip:, as in sip:billing@pbx.example.com."
        )
    fix = "Write a number such as +14155550100, an address such as sip:billing@pbx.example.com, or an extension."
    return RouteError(f"“{made_visible(text)}” is not a phone number, a SIP address or an extension.", fix)


def _number_hint(text: str, country: str) -> RouteError:
    if text[0] == "+" and text[1:].isdigit():
        return RouteError(f"{text} is too short or too long.", "Write the whole number, with its country code.")
    message = f"{text.strip()} is not written as + with country code and digits alone."
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return RouteError(message, "Write it as +14155550100 is written.")
    if not phonenumbers.is_valid_number(number):
        return RouteError(message, "Write it as +14155550100 is written.")
    completed = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return RouteError(message, f"Write {completed}.")


def is_region(code: str) -> bool:
    """True for a region that has a numbering plan: ISO 3166 knows more codes, such as AQ."""
    return code in phonenumbers.SUPPORTED_REGIONS


def policy_fault(route: Route, *, regions: Collection[str], number_types: Collection[str]) -> RouteError | None:
    """Why the policy forbids this route, or None. By region and type, never by prefix: +1 876 is Jamaica.

    SIP addresses are always allowed: the operator's own PBX decides what it does with them.
    """
    if isinstance(route, SipRoute):
        return None
    if route.region == NOWHERE:
        fix = "Use a number of a country: such networks are expensive to call, and often used for fraud."
        return RouteError(f"{route.e164} belongs to no single country.", fix)
    if route.region not in regions:
        fix = f"Use a number of {', '.join(regions)}, or add {route.region} to policy/allowed_regions."
        return RouteError(f"{route.e164} belongs to {route.region}, where this configuration does not call.", fix)
    if route.number_type not in number_types:
        kind = route.number_type.replace("_", " ")
        fix = f"Use another number, or add {route.number_type} to policy/allowed_number_types."
        return RouteError(f"{route.e164} is a number of the type {kind}, which this configuration does not call.", fix)
    return None


def allowed_by(route: Route, *, regions: Collection[str], number_types: Collection[str]) -> bool:
    """True when the policy lets this route be dialled; asked at save and again before each dial."""
    return policy_fault(route, regions=regions, number_types=number_types) is None


@lru_cache(maxsize=8192)
def refer_target(route: Route, sip_host: str | None) -> str | None:
    """The URI of a REFER to this route; None for a phone number without `sip_host`, which can only be dialled."""
    if isinstance(route, SipRoute):
        return route.uri
    if not sip_host:
        return None
    return parse_sip_uri(f"sip:{route.e164}@{sip_host}").with_parameter("user", "phone").uri
