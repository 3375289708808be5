"""What a caller sent to this destination would get: in words, and the SIP headers with their length."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from handoff_rules.configuration import Configuration
from handoff_rules.destinations import Destination, Method
from handoff_rules.headers import HEADERS_BUDGET, DroppedHeader, FilledHeader, encoded_length, fill_headers
from handoff_rules.routes import PhoneRoute, RouteError, SipRoute, parse_route
from webapp.console.sentences import destination_in_words, follows_in_words

SAMPLES = {
    "caller_id": "+14155550123",
    "called_number": "+14155550199",
    "caller_name": "Sample Caller",
    "arrived_over": "sip",
    "call_sid": "CA00000000000000000000000000000000",
    "handoff_reason": "sample",
}
"""A fictional call; declared variables bring their own samples."""


@dataclass(frozen=True, slots=True)
class Preview:
    words: list[str]
    routes: list[str]
    kept: tuple[FilledHeader, ...] = ()
    dropped: tuple[DroppedHeader, ...] = ()
    bytes_used: int = 0
    bytes_most: int = HEADERS_BUDGET
    headers_apply: bool = True


def preview_of(configuration: Configuration, document: Mapping[str, Any]) -> Preview | None:
    """None while what is typed cannot be read at all: the form's faults say what is missing.

    Only this destination is read: the whole document is checked when it is saved, and that takes its time.
    """
    try:
        destination = Destination.model_validate(document)
    except ValidationError:
        return None
    names = {item.id: item.name for item in configuration.destinations}
    hours = {item.id: item.name for item in configuration.hours}
    words = destination_in_words(destination, names, hours, follows_in_words(configuration.ending, names))
    parsed = [_route(route, configuration) for route in destination.routes]
    return _with_headers(configuration, destination, words, [_about(route) for route in parsed], parsed)


Parsed = PhoneRoute | SipRoute | RouteError


def _with_headers(
    configuration: Configuration, destination: Destination, words: list[str], about: list[str], parsed: list[Parsed]
) -> Preview:
    samples = SAMPLES | {name: item.sample for name, item in configuration.variables.items() if item.sample}
    samples["handoff_destination"] = destination.id
    secrets = {name for name, item in configuration.variables.items() if item.secret}
    filled = fill_headers(destination.headers, samples, secrets=secrets)
    applies = destination.method is not Method.BYE and any(isinstance(route, SipRoute) for route in parsed)
    return Preview(words, about, filled.kept, filled.dropped, encoded_length(filled.kept), headers_apply=applies)


def _route(text: str, configuration: Configuration) -> Parsed:
    try:
        return parse_route(text, country=configuration.country, sip_host=configuration.sip_host)
    except RouteError as fault:
        return fault


def _about(route: Parsed) -> str:
    """What kind of route it is, as the form shows it beside the field."""
    match route:
        case PhoneRoute():
            return f"Phone number: {route.region}, {route.number_type.replace('_', ' ')}"
        case SipRoute():
            transport = dict(route.parameters).get("transport", "").upper()
            return " ".join(part for part in ("SIP address on", route.host, transport) if part)
        case _:
            return f"{route.message} {route.fix}"
