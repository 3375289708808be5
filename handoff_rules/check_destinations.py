"""Destinations: can each be reached by its method, may it be dialled, and does what it carries arrive?"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress

from handoff_rules.configuration import Configuration
from handoff_rules.destinations import Destination, Method
from handoff_rules.headers import header_problems
from handoff_rules.intake import SipAgentIntake
from handoff_rules.problems import Problem
from handoff_rules.routes import PhoneRoute, Route, RouteError, SipRoute, parse_route, policy_fault
from handoff_rules.suggestions import shown

MAX_GROUP = 10
"""Twilio rings at most ten numbers or SIP addresses in one `<Dial>` (page twiml/dial)."""

OWN_NUMBER = (
    "Name the destination that is meant instead, or take the number out of Settings when its calls go elsewhere."
)


def destination_problems(
    configuration: Configuration, own_numbers: Mapping[str, bool], arrives_by_sip: bool | None
) -> Iterator[Problem]:
    yield from _sip_host_problems(configuration)
    names: dict[str, str] = {}
    for index, destination in enumerate(configuration.destinations):
        path = f"destinations/{index}"
        if destination.name in names:
            fix = "Give it a name of its own, so that people can tell them apart."
            message = f"“{destination.name}” is the name of {names[destination.name]} too."
            yield Problem(f"{path}/name", message, fix, "warning")
        names.setdefault(destination.name, path)
        yield from _method_problems(destination, path, arrives_by_sip)
        routes: list[Route] = []
        for place, text in _routes_of(destination, path):
            yield from route_problems(configuration, text, place, own_numbers, routes)
        yield from _group_problems(destination, path, routes)
        yield from _extras_problems(destination, path, routes)
        yield from header_problems(
            destination.headers, f"{path}/headers", secrets=secrets_of(configuration), samples=samples_of(configuration)
        )
        yield from caller_id_problems(destination, path, own_numbers)


def secrets_of(configuration: Configuration) -> Collection[str]:
    return [name for name, variable in configuration.variables.items() if variable.secret]


def samples_of(configuration: Configuration) -> Mapping[str, str]:
    return {name: variable.sample for name, variable in configuration.variables.items() if variable.sample}


def _sip_host_problems(configuration: Configuration) -> Iterator[Problem]:
    if configuration.sip_host is None:
        return
    try:
        parse_route(f"sip:1001@{configuration.sip_host}", country=configuration.country, sip_host=None)
    except RouteError as error:
        message, fix = error.message, error.fix
        if "sip:" in fix:  # it speaks of a whole address, which nobody has written here
            message = f"{shown(configuration.sip_host)} is not the host of a PBX."
            fix = "Write it as pbx.example.com; a port and ;transport=tls may follow."
        yield Problem("sip_host", message, fix)


def route_problems(
    configuration: Configuration, text: str, path: str, own_numbers: Mapping[str, bool], read: list[Route]
) -> Iterator[Problem]:
    """What is wrong with one route; a readable one is added to `read`."""
    try:
        route = parse_route(text, country=configuration.country, sip_host=configuration.sip_host)
    except RouteError as error:
        yield Problem(path, error.message, error.fix)
        return
    read.append(route)
    if isinstance(route, SipRoute) and route.port == 5060 and ("transport", "tls") in route.parameters:
        message = f"{text} asks for TLS on 5060, the port of SIP without TLS."
        yield Problem(path, message, "Write 5061, or leave the port out.", "warning")
    types = configuration.policy.allowed_number_types
    if fault := policy_fault(route, regions=configuration.allowed_regions, number_types=types):
        yield Problem(path, fault.message, fault.fix)
    yield from _own_number_problems(route, path, own_numbers)


def _own_number_problems(route: Route, path: str, own_numbers: Mapping[str, bool]) -> Iterator[Problem]:
    if isinstance(route, PhoneRoute) and route.e164 in own_numbers:
        if own_numbers[route.e164]:
            message = f"{route.e164} is a number that Handoff answers itself: the call would come back in a loop."
            yield Problem(path, message, OWN_NUMBER)
        else:
            message = f"{route.e164} is one of your own Twilio numbers."
            fix = "Check that its webhook does not lead back here."
            yield Problem(path, message, fix, "warning")


def own_number_problems(configuration: Configuration, own_numbers: Mapping[str, bool]) -> Iterator[Problem]:
    """Of all that the check says of routes only what these numbers bring about, for whoever enters the numbers."""
    for path, text in _routes_in(configuration):
        with suppress(RouteError):
            route = parse_route(text, country=configuration.country, sip_host=configuration.sip_host)
            yield from _own_number_problems(route, path, own_numbers)


def _routes_in(configuration: Configuration) -> Iterator[tuple[str, str]]:
    for index, destination in enumerate(configuration.destinations):
        yield from _routes_of(destination, f"destinations/{index}")
    if isinstance(configuration.intake, SipAgentIntake):
        yield "intake/route", configuration.intake.route


def _routes_of(destination: Destination, path: str) -> Iterator[tuple[str, str]]:
    """Each route with its path: one of its own for each member of a ring group."""
    for number, text in enumerate(destination.routes):
        yield f"{path}/route" if isinstance(destination.route, str) else f"{path}/route/{number}", text


def _method_problems(destination: Destination, path: str, arrives_by_sip: bool | None) -> Iterator[Problem]:
    if destination.method is Method.BYE:
        if destination.route is not None:
            yield Problem(f"{path}/route", "A BYE goes back to where the call came from.", "Remove the route.")
    elif not destination.routes:
        fix = "Add a number, a SIP address or an extension."
        yield Problem(f"{path}/route", f"{destination.method} needs a route.", fix)
    if arrives_by_sip is False and destination.method is not Method.INVITE:
        message = f"None of the latest calls came in over SIP, and {destination.method} works on SIP calls alone."
        refer = "Use INVITE: it is what phone calls get here."
        bye = "A phone call goes to its fallback, else to the default destination: name where it must go."
        fix = refer if destination.method is Method.REFER else bye
        yield Problem(f"{path}/method", message, fix, "warning")


def _group_problems(destination: Destination, path: str, routes: Sequence[Route]) -> Iterator[Problem]:
    count = len(destination.routes)
    if count > MAX_GROUP:
        message = f"The ring group has {count} members; Twilio rings at most {MAX_GROUP}."
        yield Problem(f"{path}/route", message, "Split it over two destinations, one the fallback of the other.")
    if len(set(destination.routes)) < count or len(set(routes)) < len(routes):
        yield Problem(f"{path}/route", "A member is there twice.", "Keep one of them.")


def _extras_problems(destination: Destination, path: str, routes: list[Route]) -> Iterator[Problem]:
    phones = [route for route in routes if isinstance(route, PhoneRoute)]
    if destination.method is Method.BYE:
        yield from _bye_problems(destination, path)
        return
    if destination.headers and phones:
        message = f"{phones[0].e164} is a phone number: headers do not reach it."
        yield Problem(f"{path}/headers", message, "Use a SIP address, or remove the headers.", "warning")
    if destination.send_digits and routes and not phones:
        message = "Digits are sent to phone numbers, and this is a SIP address."
        yield Problem(f"{path}/send_digits", message, "Remove them, or use a phone number.", "warning")
    if destination.screen != "off" and destination.method is Method.REFER and not destination.is_ring_group:
        message = "A REFER leaves Twilio, so that nobody can be asked on the far side."
        yield Problem(f"{path}/screen", message, "Use INVITE, or `screen: off`.", "warning")
    yield from _detection_problems(destination, path)


def _detection_problems(destination: Destination, path: str) -> Iterator[Problem]:
    """Twilio connects at once unless the far leg is asked: a machine that it notices later has the caller already."""
    if destination.machine_detection and destination.screen != "accept":
        message = "A machine is noticed, and the caller is connected to it nevertheless."
        yield Problem(f"{path}/machine_detection", message, "Add `screen: accept`.", "warning")


def _bye_problems(destination: Destination, path: str) -> Iterator[Problem]:
    if destination.screen != "off":
        message = "A BYE rings nobody, so that there is nobody to be asked."
        yield Problem(f"{path}/screen", message, "Remove `screen`, or use INVITE.")
    if destination.headers:
        message = "Twilio puts no headers on a BYE."
        fix = "Remove them: the variables wait at the handoff-state API."
        yield Problem(f"{path}/headers", message, fix, "warning")
    if destination.send_digits:
        yield Problem(f"{path}/send_digits", "A BYE rings nobody.", "Remove the digits.", "warning")


def caller_id_problems(destination: Destination, path: str, own_numbers: Mapping[str, bool]) -> Iterator[Problem]:
    if not destination.caller_id.startswith("+"):
        return
    try:
        parse_route(destination.caller_id, country="US", sip_host=None)
    except RouteError as error:
        yield Problem(f"{path}/caller_id", error.message, error.fix)
        return
    if any(own_numbers.values()) and destination.caller_id not in own_numbers:
        message = f"{destination.caller_id} is not a number of this account, as far as is known."
        fix = (
            f"If the account owns it, or it is verified at Twilio, name it: `handoff deployment set --number "
            f"{destination.caller_id}=production`. Until then the called number is shown in its place."
        )
        yield Problem(f"{path}/caller_id", message, fix, "warning")
