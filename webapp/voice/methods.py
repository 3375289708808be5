"""How a destination is reached from this leg: the table "Method by leg" of DESIGN section 3."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from handoff_rules.configuration import Configuration
from handoff_rules.destinations import Destination, Method
from handoff_rules.outcomes import Outcome
from handoff_rules.routes import PhoneRoute, RouteError, SipRoute, parse_route, policy_fault, refer_target
from webapp.voice.variables import SIP

REFER_NEEDS_SIP = "SIP REFER works on SIP legs alone (Twilio error 13801), so the route was dialled instead."
REFER_NEEDS_HOST = "REFER to a phone number needs sip_host, so the number was dialled instead."
GROUP_IS_DIALLED = "A ring group is always dialled."
BYE_NEEDS_SIP = "SIP BYE on this leg would only hang up on the caller."


class Verb(StrEnum):
    DIAL = "dial"
    REFER = "refer"
    HANG_UP = "hang_up"


class Plan(NamedTuple):
    """The verb and its targets; `note` says in words why it is not what the destination's method names."""

    verb: Verb
    routes: tuple[PhoneRoute | SipRoute, ...] = ()
    refer_to: str | None = None
    note: str | None = None

    @property
    def rings_a_phone(self) -> bool:
        return any(isinstance(route, PhoneRoute) for route in self.routes)

    @property
    def is_phone_only(self) -> bool:
        return all(isinstance(route, PhoneRoute) for route in self.routes)


def plan(destination: Destination, over: str, configuration: Configuration) -> Plan:
    """Raises RouteError when a route cannot be read; a checked configuration has none."""
    if destination.method is Method.BYE:
        return Plan(Verb.HANG_UP)
    routes = _routes(destination, configuration)
    if destination.method is Method.INVITE:
        return Plan(Verb.DIAL, routes)
    return _refer(routes, over, configuration)


def _refer(routes: tuple[PhoneRoute | SipRoute, ...], over: str, configuration: Configuration) -> Plan:
    if len(routes) > 1:
        return Plan(Verb.DIAL, routes, note=GROUP_IS_DIALLED)
    if over != SIP:
        return Plan(Verb.DIAL, routes, note=REFER_NEEDS_SIP)
    target = refer_target(routes[0], configuration.sip_host)
    if target is None:
        return Plan(Verb.DIAL, routes, note=REFER_NEEDS_HOST)
    return Plan(Verb.REFER, routes, refer_to=target)


def cannot_serve(destination: Destination, over: str) -> tuple[Outcome, str] | None:
    """Why this leg cannot be given this destination at all, before anything is rung."""
    if destination.method is Method.BYE and over != SIP:
        return Outcome.FAILED, BYE_NEEDS_SIP
    return None


def route_fault(destination: Destination, configuration: Configuration) -> str | None:
    """Why none of the routes may be dialled, in words: asked again before each dial, not at save alone (T-20)."""
    if destination.method is Method.BYE:
        return None
    policy = configuration.policy
    try:
        for route in _routes(destination, configuration):
            fault = policy_fault(route, regions=configuration.allowed_regions, number_types=policy.allowed_number_types)
            if fault:
                return str(fault)
    except RouteError as error:
        return str(error)
    return None


def _routes(destination: Destination, configuration: Configuration) -> tuple[PhoneRoute | SipRoute, ...]:
    if not destination.routes:
        raise RouteError("This destination has no route.", "Give it a phone number, a SIP address or an extension.")
    return _parsed(destination.routes, configuration.country, configuration.sip_host)


@lru_cache(maxsize=4096)
def _parsed(routes: tuple[str, ...], country: str, sip_host: str | None) -> tuple[PhoneRoute | SipRoute, ...]:
    return tuple(parse_route(route, country=country, sip_host=sip_host) for route in routes)
