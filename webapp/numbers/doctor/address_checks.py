"""Checks of our public address: does a request that Twilio signs get through, and does a forged one not?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps

from webapp.numbers.doctor.findings import Check, Finding, Status, fail, ok, skipped, warn
from webapp.numbers.doctor.surroundings import Surroundings, Webhook
from webapp.numbers.recommended import NotPublicError, check_is_public

CERTIFICATE_NOTICE = timedelta(days=21)
SLOW_SECONDS = 3.0


def public_url(seen: Surroundings) -> Finding:
    try:
        check_is_public(seen.address.url)
    except NotPublicError as error:
        return (fail if seen.settings.is_production else warn)(
            str(error), "Set PUBLIC_BASE_URL to the address under which Twilio reaches this app."
        )
    return ok(f"{seen.address.url} (from {seen.address.source}).")


def tunnel(seen: Surroundings) -> Finding:
    if seen.settings.is_production:
        return skipped("Only for development.")
    if seen.address.differs_from_tunnel:
        return warn(
            f"ngrok's tunnel is {seen.address.tunnel}, PUBLIC_BASE_URL is {seen.address.url}.",
            f"Set PUBLIC_BASE_URL={seen.address.tunnel} and run `handoff numbers connect` again.",
        )
    return ok("ngrok's tunnel fits." if seen.address.tunnel else "No ngrok agent runs here.")


def needs_webhook(check: Callable[[Surroundings, Webhook], Finding]) -> Callable[[Surroundings], Finding]:
    @wraps(check)
    def checked(seen: Surroundings) -> Finding:
        if seen.webhook is None:
            return skipped("The public address was not asked.")
        return check(seen, seen.webhook)

    return checked


def signed_answer(webhook: Webhook) -> Finding:
    if webhook.trouble:
        return fail(
            f"{webhook.asked} cannot be reached: {webhook.trouble}", "Start the app, and check DNS and the proxy."
        )
    status = webhook.signed_status
    if status == 403:
        return fail(
            "Our own app refuses a correctly signed request: PUBLIC_BASE_URL or the proxy changes the address.",
            "Set PUBLIC_BASE_URL to exactly what callers' webhooks use, and let the proxy pass the path unchanged.",
        )
    if status is None or status >= 300:
        return fail(
            f"A signed request is answered with {status}.", "Look at the app's log and at the proxy in front of it."
        )
    if webhook.seconds > SLOW_SECONDS:
        return warn(
            f"A signed request took {webhook.seconds:.1f} s.", "Move the app nearer to Twilio, or give it more CPU."
        )
    return ok(f"A signed request got through in {webhook.seconds:.2f} s.")


def forged_answer(webhook: Webhook) -> Finding:
    if webhook.forged_status is None:
        return skipped("The public address cannot be reached.")
    if webhook.forged_status != 403:
        return fail(
            f"A forged request is answered with {webhook.forged_status} instead of 403.",
            "Something else than Handoff answers there: check the address and the proxy.",
        )
    return ok("A forged request is refused.")


def both_answers(webhook: Webhook) -> Finding:
    """What is wrong with either, else that a signed request passes."""
    signed, forged = signed_answer(webhook), forged_answer(webhook)
    return forged if signed.status is Status.OK and forged.status is not Status.OK else signed


@needs_webhook
def certificate(seen: Surroundings, webhook: Webhook) -> Finding:
    ends = webhook.certificate_ends
    if ends is None:
        return skipped("The certificate was not seen.")
    if ends <= seen.now:
        return fail(f"The certificate ended on {ends:%Y-%m-%d}.", "Renew it: Twilio refuses it (error 11236).")
    if ends - seen.now < CERTIFICATE_NOTICE:
        return warn(f"The certificate ends on {ends:%Y-%m-%d}.", "Renew it, or look why it does not renew itself.")
    return ok(f"The certificate is good until {ends:%Y-%m-%d}.")


ADDRESS_CHECKS = (
    Check("public_url", "Public address", public_url),
    Check("tunnel", "ngrok", tunnel),
    Check("signed_request", "Signed request to ourselves", needs_webhook(lambda _, webhook: signed_answer(webhook))),
    Check("forged_request", "Forged request to ourselves", needs_webhook(lambda _, webhook: forged_answer(webhook))),
    Check("certificate", "Certificate", certificate),
)
