"""What a caller sent to this destination would get: in words, the SIP headers with their length, and the TwiML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from handoff_rules.configuration import Configuration
from handoff_rules.destinations import Destination, Method
from handoff_rules.headers import HEADERS_BUDGET, DroppedHeader, FilledHeader, encoded_length, fill_headers
from handoff_rules.problems import ConfigurationError
from handoff_rules.routes import PhoneRoute, RouteError, SipRoute, parse_route
from webapp.configurations.published import Published, publish
from webapp.console.needs import needs
from webapp.console.sentences import destination_in_words, follows_in_words
from webapp.simulator import SimulatedCall, simulate
from webapp.simulator.comparison import without_state
from webapp.urls import PublicURLs

SAMPLES = {
    "caller_id": "+14155550123",
    "called_number": "+14155550199",
    "caller_name": "Sample Caller",
    "arrived_over": "sip",
    "call_sid": "CA00000000000000000000000000000000",
    "handoff_reason": "sample",
}
"""A fictional call; declared variables bring their own samples."""
ARRIVES = {"phone": "A call over the phone network", "sip": "A call over SIP"}
NOT_NOW = {"fallback", "hours", "enabled", "skip_when_failing", "offer_text"}
"""Of the destination: whether it is rung at all, and what follows when it does not take the call."""
NOT_ASKED = {"hours", "intake", "text_back"}
"""Of the configuration: what counts before or after a destination is rung."""


@dataclass(frozen=True, slots=True)
class Preview:
    """`documents` are the TwiML of a sample call, each with the way by which such a call arrives. `mobile` says that a
    route is or may be a mobile phone."""

    words: list[str]
    routes: list[str]
    documents: list[tuple[str, str]]
    mobile: str = ""
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
    samples = SAMPLES | {name: item.sample for name, item in configuration.variables.items() if item.sample}
    samples["handoff_destination"] = destination.id
    secrets = {name for name, item in configuration.variables.items() if item.secret}
    filled = fill_headers(destination.headers, samples, secrets=secrets)
    applies = destination.method is not Method.BYE and any(isinstance(route, SipRoute) for route in parsed)
    return Preview(
        words, [_about(route) for route in parsed], _documents(configuration, destination, samples), _mobile(parsed),
        filled.kept, filled.dropped, encoded_length(filled.kept), headers_apply=applies,
    )  # fmt: skip


Parsed = PhoneRoute | SipRoute | RouteError


def _documents(
    configuration: Configuration, destination: Destination, samples: Mapping[str, str]
) -> list[tuple[str, str]]:
    """By the simulator, as if this were the only destination and open now. What cannot be saved has no document."""
    fields = Destination.model_fields
    alone = destination.model_copy(
        update={name: fields[name].get_default(call_default_factory=True) for name in NOT_NOW}
    )
    only = {"destinations": (alone,), "default_destination": alone.id, "rules": (), "tests": ()}
    whole = configuration.model_copy(update=only).to_document()
    try:
        published = publish({name: value for name, value in whole.items() if name not in NOT_ASKED})
    except ConfigurationError:
        return []
    told = {name: text for name, text in samples.items() if name not in SAMPLES}
    calls = [(title, _first_document(published, over, told)) for over, title in ARRIVES.items()]
    if len({document for _, document in calls}) == 1:
        calls = [("A call over the phone network or SIP", calls[0][1])]
    return [(title, document) for title, document in calls if document]


def _first_document(published: Published, over: str, told: Mapping[str, str]) -> str:
    call = SimulatedCall(SAMPLES["caller_id"], SAMPLES["called_number"], over, needs().clock(), told)
    played = simulate(
        published, call, environment="production", deployment=needs().live.deployment,
        urls=PublicURLs(needs().base_url()),
    )  # fmt: skip
    rung = [step.document for step in played.steps if step.destination]
    return without_state(rung[0]) if rung else ""


def _route(text: str, configuration: Configuration) -> Parsed:
    try:
        return parse_route(text, country=configuration.country, sip_host=configuration.sip_host)
    except RouteError as fault:
        return fault


MOBILE = {
    "mobile": "A mobile phone rings, and its voicemail counts as a person.",
    "fixed_line_or_mobile": "This may be a mobile phone, and its voicemail counts as a person.",
}
"""In North America the number alone does not tell the two apart."""


def _mobile(routes: Sequence[Parsed]) -> str:
    kinds = {route.number_type for route in routes if isinstance(route, PhoneRoute)}
    return next((words for kind, words in MOBILE.items() if kind in kinds), "")


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
