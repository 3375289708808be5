"""Checks of the configuration that production calls meet."""

from __future__ import annotations

from handoff_rules.destinations import Method
from handoff_rules.problems import errors_in
from webapp.numbers.doctor.findings import Check, Finding, fail, ok, skipped, warn
from webapp.numbers.doctor.surroundings import Surroundings
from webapp.numbers.states import Leads, state_of

UNKNOWN = "The account's numbers or the configuration are not known."


def production(seen: Surroundings) -> Finding:
    if seen.production.trouble or seen.production.configuration is None:
        return fail(seen.production.trouble or "There is no configuration.", seen.production.fix)
    found = errors_in(seen.production.problems)
    if found:
        return fail(f"Version {seen.production.version}: {found[0].message}", found[0].fix)
    warnings = len(seen.production.problems)
    if warnings:
        first = seen.production.problems[0]
        counted = f"{warnings} warning{'s' if warnings != 1 else ''}"
        return warn(f"Version {seen.production.version} has {counted}; first: {first.message}", first.fix)
    return ok(f"Version {seen.production.version} is without problems.")


def loops(seen: Surroundings) -> Finding:
    """A destination that is a number of ours which leads here: the call would come back to us."""
    configuration = seen.production.configuration
    if configuration is None or seen.twilio is None or seen.twilio.trouble:
        return skipped(UNKNOWN)
    here = {
        number.phone_number for number in seen.twilio.numbers if state_of(number, seen.address.url).leads is Leads.HERE
    }
    looping = [one.name for one in configuration.destinations if here & set(one.routes)]
    if looping:
        return fail(
            f"The route of “{looping[0]}” is a number of ours that leads back here: a loop.",
            "Use the number behind it, not the Twilio number.",
        )
    return ok("No destination leads back here.")


def methods(seen: Surroundings) -> Finding:
    """REFER and BYE work on calls that arrived over SIP; numbers bring calls from the phone network (13801)."""
    configuration = seen.production.configuration
    if configuration is None or seen.twilio is None or seen.twilio.trouble:
        return skipped(UNKNOWN)
    used = [one.name for one in configuration.destinations if one.method in (Method.REFER, Method.BYE)]
    by_phone = any(state_of(number, seen.address.url).leads is Leads.HERE for number in seen.twilio.numbers)
    if used and by_phone:
        return warn(
            f"Calls to our numbers arrive by phone, where “{used[0]}” cannot use REFER or BYE: it is dialled, "
            "or its fallback follows.",
            "Choose SIP INVITE for destinations that phone callers reach; for SIP callers this is right as it is.",
        )
    return ok("The methods fit the way calls arrive." if by_phone else "No connected number brings calls by phone.")


def caller_ids(seen: Surroundings) -> Finding:
    configuration = seen.production.configuration
    if configuration is None or seen.twilio is None or seen.twilio.trouble:
        return skipped(UNKNOWN)
    owned = {number.phone_number for number in seen.twilio.numbers}
    strange = [
        one for one in configuration.destinations if one.caller_id.startswith("+") and one.caller_id not in owned
    ]
    if strange:
        return warn(
            f"The caller ID of “{strange[0].name}” is no number of this account.",
            "Use a number of the account, or verify it at Console > Phone Numbers > Verified Caller IDs.",
        )
    return ok("Fixed caller IDs are numbers of the account.")


PRODUCTION_CHECKS = (
    Check("production", "Production configuration", production),
    Check("loops", "Loops", loops),
    Check("methods", "REFER and BYE", methods),
    Check("caller_ids", "Caller IDs", caller_ids),
)
