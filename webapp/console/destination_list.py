"""The rows of the destinations page: what each is, who uses it, how it differs from production."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from handoff_rules.configuration import Configuration
from handoff_rules.destinations import Destination
from webapp.calls.traffic import Handed, Traffic
from webapp.console import shown
from webapp.console.masking import readable
from webapp.console.needs import needs
from webapp.console.sentences import FIELDS
from webapp.people.store_away import STORE_AWAY

FILTERS = ("q", "method", "state", "page")
"""What the address of the list says besides the environment."""


@dataclass(frozen=True, slots=True)
class Row:
    destination: Destination
    uses: int
    differs: str
    is_default: bool
    handed: Handed = field(default_factory=Handed)

    @property
    def is_failing(self) -> bool:
        """By the calls of the last day, or because it is skipped at this moment after failing again and again."""
        return self.handed.is_failing or self.destination.id in needs().services.health.failing()

    @property
    def routes(self) -> list[str]:
        return [readable(route) for route in self.destination.routes]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filters of the page, as its address holds them."""

    text: str = ""
    method: str = ""
    state: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Wanted:
        return cls(query.get("q", "").strip(), query.get("method", ""), query.get("state", ""))

    @property
    def is_set(self) -> bool:
        return bool(self.text or self.method or self.state)

    def takes(self, row: Row) -> bool:
        destination = row.destination
        words = " ".join((destination.name, destination.id, destination.description, *destination.routes)).casefold()
        if self.text.casefold() not in words or (self.method and destination.method != self.method):
            return False
        match self.state:
            case "unused":
                return not row.uses and not row.is_default
            case "disabled":
                return not destination.enabled
            case "changed":
                return bool(row.differs)
            case "failing":
                return row.is_failing
            case _:
                return True


def last_day() -> Traffic | None:
    """None when the store does not answer."""
    try:
        return needs().traffic.last_day()
    except STORE_AWAY:
        return None


def rows(traffic: Traffic | None) -> list[Row]:
    """Failing ones first, then by name."""
    configuration = shown.published().compiled.configuration
    other = needs().live.environment("sandbox" if shown.reads_production() else "production")
    before = other.compiled.configuration.destination_by_id
    counts = _use_counts(configuration)
    known = traffic or Traffic()
    found = [
        Row(
            item,
            counts.get(item.id, 0),
            _difference(item, before.get(item.id)),
            item.id == configuration.default_destination,
            known.handed(item.id),
        )
        for item in configuration.destinations
    ]
    return sorted(found, key=lambda row: (not row.is_failing, row.destination.name.casefold()))


def _difference(now: Destination, before: Destination | None) -> str:
    if before is None:
        return "new"
    return "" if now == before else "changed"


def _use_counts(configuration: Configuration) -> dict[str, int]:
    counts: dict[str, int] = {}
    for rule in configuration.rules:
        counts[rule.destination] = counts.get(rule.destination, 0) + 1
    for destination in configuration.destinations:
        for target in {step.destination for step in destination.fallback if step.destination}:
            counts[target] = counts.get(target, 0) + 1
    return counts


def users_of(identifier: str, document: Mapping[str, Any]) -> list[str]:
    """Everything that names this destination, in words: it cannot be deleted while there is any."""
    users = [
        f"rule \u201c{rule['name']}\u201d"
        for rule in document.get("rules", ())
        if rule.get("destination") == identifier
    ]
    users += [
        f"the fallback of {item['name']}"
        for item in document["destinations"]
        if item["id"] != identifier and any(step.get("destination") == identifier for step in item.get("fallback", ()))
    ]
    if document.get("default_destination") == identifier:
        users.append("every call that no rule takes (the default)")
    return users


def variable_names(configuration: Configuration) -> Sequence[str]:
    """The names that a header may use: declared ones first, then what every call brings."""
    declared = [name for name, variable in configuration.variables.items() if not variable.secret]
    return [f"${name}" for name in (*declared, *FIELDS, "call_sid", "handoff_reason", "handoff_destination")]


def suggested_number(text: str, country: str) -> str:
    """The number as a route writes it: what "Did you mean" offers. Empty when there is none, or nothing to mend."""
    text = text.strip()
    if not text or text.lower().startswith("sip") or sum(sign.isdigit() for sign in text) < 7:
        return ""
    try:
        parsed = phonenumbers.parse(text, country)
    except NumberParseException:
        return ""
    written = phonenumbers.format_number(parsed, PhoneNumberFormat.E164)
    return written if written != text and phonenumbers.is_possible_number(parsed) else ""
