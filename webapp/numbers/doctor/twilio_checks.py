"""Checks of the Twilio account, its numbers and its registration for texts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps

from webapp import urls
from webapp.messaging.a2p.verdicts import Readiness
from webapp.numbers.doctor.findings import Check, Finding, fail, ok, skipped, warn
from webapp.numbers.doctor.surroundings import Surroundings, Twilio
from webapp.numbers.inbound_texts import hears_texts
from webapp.numbers.states import FLAWS, Flaw, Leads, NumberState, state_of

OLD_REGISTRATION = timedelta(days=1)
NOT_ASKED = "Twilio was not asked this time."


def needs_twilio(check: Callable[[Surroundings, Twilio], Finding]) -> Callable[[Surroundings], Finding]:
    @wraps(check)
    def checked(seen: Surroundings) -> Finding:
        if seen.twilio is None:
            return skipped(NOT_ASKED if seen.account_from else "No Twilio account is connected.")
        return skipped("Twilio could not be asked.") if seen.twilio.trouble else check(seen, seen.twilio)

    return checked


def credentials(seen: Surroundings) -> Finding:
    if seen.twilio is None and seen.account_from:
        return skipped(f"{NOT_ASKED} The credentials come from the {seen.account_from}.")
    if seen.twilio is None:
        return warn(
            "No Twilio account is connected: nothing can be asked of Twilio.",
            "Set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN, or connect the account in the console.",
        )
    if seen.twilio.trouble:
        return fail(seen.twilio.trouble, seen.twilio.trouble_fix)
    how = "with a standard API key" if seen.twilio.account is None else "and may read the account"
    return ok(f"The credentials from the {seen.twilio.source} work, {how}.")


@needs_twilio
def account_status(seen: Surroundings, twilio: Twilio) -> Finding:
    if twilio.account is None:
        return skipped("A standard API key may not read the account.")
    if twilio.account.status != "active":
        return fail(f"The account is {twilio.account.status}.", "Look at the balance, then ask Twilio Support.")
    if twilio.account.type == "Trial":
        return warn(
            "This is a trial account: it calls and texts verified numbers only, for ten minutes at most.",
            "Upgrade the account before real callers come.",
        )
    return ok("The account is active.")


def _states(seen: Surroundings, twilio: Twilio) -> list[NumberState]:
    return [state_of(number, seen.address.url) for number in twilio.numbers]


def _names(states: list[NumberState]) -> str:
    return _some([state.number.phone_number for state in states])


def _some(numbers: list[str]) -> str:
    return ", ".join(numbers[:5]) + (f" and {len(numbers) - 5} more" if len(numbers) > 5 else "")


@needs_twilio
def numbers_connected(seen: Surroundings, twilio: Twilio) -> Finding:
    states = _states(seen, twilio)
    here = [state for state in states if state.leads is Leads.HERE]
    if not twilio.numbers:
        return warn("The account has no numbers.", "Buy one at Twilio, then `handoff numbers connect +1…`.")
    if not here:
        return warn("No number leads here.", f"Run `handoff numbers connect {twilio.numbers[0].phone_number}`.")
    return ok(f"{len(here)} of {len(states)} numbers lead here.")


@needs_twilio
def numbers_taken_over(seen: Surroundings, twilio: Twilio) -> Finding:
    """A number may carry our URL and still never ask it."""
    taken = [
        state
        for state in _states(seen, twilio)
        if state.leads in (Leads.APPLICATION, Leads.TRUNK) and state_of_url(state, seen.address.url)
    ]
    if taken:
        return fail(
            f"An application or SIP trunk silently wins over our URL: {_names(taken)}.",
            f"Run `handoff numbers connect {taken[0].number.phone_number}`.",
        )
    return ok("Nothing wins over our URLs.")


def state_of_url(state: NumberState, base_url: str) -> bool:
    return state.number.voice_url.partition("#")[0].partition("?")[0].startswith(f"{base_url}/voice/")


def number_flaw(*flaws: Flaw) -> Callable[[Surroundings], Finding]:
    """The first of these that a connected number has."""

    @needs_twilio
    def check(seen: Surroundings, twilio: Twilio) -> Finding:
        states = _states(seen, twilio)
        for flaw in flaws:
            if found := [state for state in states if flaw in state.flaws]:
                sentence, severity = FLAWS[flaw]
                return (fail if severity == "fail" else warn)(
                    f"{sentence} {_names(found)}.", f"Run `handoff numbers connect {found[0].number.phone_number}`."
                )
        return ok("Every connected number is set so.")

    return check


@needs_twilio
def geo_permissions(seen: Surroundings, twilio: Twilio) -> Finding:
    if twilio.permissions is None:
        return skipped(twilio.permissions_trouble or "The permissions were not read.")
    configuration = seen.production.configuration
    needed = configuration.allowed_regions if configuration else ()
    unknown = [region for region in needed if region not in twilio.permissions]
    closed = [region for region in needed if (known := twilio.permissions.get(region)) and known.low_risk is False]
    if closed:
        return fail(
            f"The policy allows {', '.join(closed)}, but Twilio does not call there (13227).",
            "Switch the countries on at Console > Voice > Settings > Geo permissions.",
        )
    wide = [region for region, known in twilio.permissions.items() if known.high_risk_toll_fraud]
    if wide:
        return warn(
            f"Calls to numbers of high toll-fraud risk are allowed in {', '.join(sorted(wide)[:5])}.",
            "Switch them off at Console > Voice > Settings > Geo permissions.",
        )
    if unknown:
        return warn(
            f"The policy allows {', '.join(unknown[:5])}, and Twilio does not say whether it calls there.",
            "Look the regions up at Console > Voice > Settings > Geo permissions.",
        )
    return ok("Twilio's geo permissions fit the policy.")


def sms_registration(seen: Surroundings) -> Finding:
    report = seen.registration
    if report.unreadable:
        missing = report.unreadable[0]
        return warn(f"The registration could not be read in full. {missing.message}", missing.fix)
    if report.checked_at is None:
        return skipped("Never read; calls work without it. `handoff sms refresh` reads it.")
    if seen.now - report.checked_at > OLD_REGISTRATION:
        return warn(
            "The registration was read more than a day ago.", "Run `handoff sms refresh`, and see to the worker."
        )
    counts = {kind: number for kind, number in report.counts.items() if number}
    said = ", ".join(f"{number} {kind.value}" for kind, number in counts.items()) or "no numbers"
    if counts.get(Readiness.BLOCKED) or counts.get(Readiness.UNKNOWN):
        return warn(f"May our numbers text the US? {said}.", "Run `handoff sms status` for the next step of each.")
    return ok(f"May our numbers text the US? {said}.")


@needs_twilio
def texts_come_here(seen: Surroundings, twilio: Twilio) -> Finding:
    """Of the numbers that may text: whoever answers STOP must be heard."""
    texting = {verdict.sender for verdict in seen.registration.verdicts if verdict.may_send}
    numbers = [number for number in twilio.numbers if number.phone_number in texting]
    deaf = [one.phone_number for one in numbers if not hears_texts(one, seen.services, seen.address.url)]
    if not numbers:
        return skipped("No number is known that may send texts.")
    if deaf:
        return warn(
            f"What people text to {_some(deaf)} does not come here: their STOP and their answers are not heard.",
            f"Let the number (“A message comes in”) or its messaging service (“Incoming Messages”) POST to "
            f"{seen.address.url}{urls.SMS_INCOMING}.",
        )
    return ok("What people text to our numbers comes here.")


TWILIO_CHECKS = (
    Check("twilio_credentials", "Twilio credentials", credentials),
    Check("twilio_account", "Twilio account", account_status),
    Check("numbers_connected", "Numbers: connected", numbers_connected),
    Check("numbers_taken_over", "Numbers: silently taken over", numbers_taken_over),
    Check("numbers_fallback", "Numbers: fallback URL", number_flaw(Flaw.NO_FALLBACK, Flaw.FALLBACK_WRONG)),
    Check("numbers_method", "Numbers: POST", number_flaw(Flaw.STATUS_USES_GET, Flaw.USES_GET)),
    Check("numbers_status_callback", "Numbers: status callback", number_flaw(Flaw.NO_STATUS_CALLBACK)),
    Check("numbers_overrides", "Numbers: connection overrides", number_flaw(Flaw.NO_OVERRIDES)),
    Check("geo_permissions", "Geo permissions", geo_permissions),
    Check("sms_registration", "SMS registration", sms_registration),
    Check("sms_incoming", "Texts to our numbers", texts_come_here),
)
