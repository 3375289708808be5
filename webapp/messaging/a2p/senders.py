"""What kind of sender a number is, because each kind has its own law for texts to the US."""

from __future__ import annotations

from enum import StrEnum

import phonenumbers

# https://www.twilio.com/docs/glossary/what-is-toll-free-number : 822 is reserved and not in use.
TOLL_FREE_AREA_CODES = frozenset({"800", "833", "844", "855", "866", "877", "888"})
# US carriers' rules hold in the territories as well; Canadian ten-digit numbers need registration to text the US.
REGISTRATION_REGIONS = frozenset({"US", "CA", "PR", "VI", "GU", "AS", "MP"})
# Destinations where A2P 10DLC blocks (a2p-10dlc.md 2.2): Canada is not among them.
US_REGIONS = REGISTRATION_REGIONS - {"CA"}


class SenderKind(StrEnum):
    LONG_CODE = "long_code"
    TOLL_FREE = "toll_free"
    SHORT_CODE = "short_code"
    ELSEWHERE = "elsewhere"


def kind_of(sender: str) -> SenderKind:
    """The kind of an E.164 number or short code. A +1 number of no known region counts as a long code."""
    if not sender.startswith("+"):
        return SenderKind.SHORT_CODE
    if not sender.startswith("+1"):
        return SenderKind.ELSEWHERE
    if sender[2:5] in TOLL_FREE_AREA_CODES:
        return SenderKind.TOLL_FREE
    region = region_of(sender)
    return SenderKind.LONG_CODE if region is None or region in REGISTRATION_REGIONS else SenderKind.ELSEWHERE


def region_of(number: str) -> str | None:
    """The numbering-plan region (`US`, `CA`, `JM`): never by the prefix +1, which 25 countries share."""
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return None


def is_us_destination(number: str) -> bool:
    return region_of(number) in US_REGIONS
