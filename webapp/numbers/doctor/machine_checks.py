"""Checks of this machine and its settings."""

from __future__ import annotations

from datetime import timedelta

from webapp.numbers.doctor.findings import Check, Finding, fail, ok, skipped, warn
from webapp.numbers.doctor.surroundings import SENTRY, Surroundings

OLDEST_PYTHON = (3, 11)
OLD_TOKEN = timedelta(days=365)
TWILIO_LIMIT_SECONDS = 15
"""Twilio's hard limit for any webhook of a call (error 11200)."""


def settings(seen: Surroundings) -> Finding:
    """Settings that cannot be read leave nothing to look at, so whoever begins a look tells them instead."""
    return ok(f"Every setting can be read ({seen.settings.app_env.value}).")


def python(seen: Surroundings) -> Finding:
    version = ".".join(map(str, seen.machine.python))
    if seen.machine.python < OLDEST_PYTHON:
        return fail(f"Python {version} is too old.", "Install Python 3.11 or newer.")
    return ok(f"Python {version}.")


def packages(seen: Surroundings) -> Finding:
    missing = seen.machine.missing_packages
    if missing:
        fix = "Run `make setup`, or `pip install -e .`."
        if missing == (SENTRY,):
            fix = "Run `pip install sentry-sdk`, or remove SENTRY_DSN."
        return fail(f"Missing or too old: {', '.join(missing)}.", fix)
    return ok("All packages are there.")


def secret_key(seen: Surroundings) -> Finding:
    key = seen.settings.secret_key
    text = key.get_secret_value() if key else ""
    if len(text) < 32 or len(set(text)) < 12:
        return fail("SECRET_KEY is missing or easy to guess.", "Set SECRET_KEY to 48 random characters.")
    if seen.settings.secret_key_next is not None:
        return warn("SECRET_KEY_NEXT is set: the change of keys is not finished.", "Remove it a day after the change.")
    return ok("SECRET_KEY is strong.")


def data_directory(seen: Surroundings) -> Finding:
    if not seen.machine.can_write_data:
        return fail(
            f"{seen.settings.handoff_data_dir} cannot be written: calls would lose their copy of the configuration.",
            "Create the directory, or set HANDOFF_DATA_DIR to one that this user may write.",
        )
    return ok("The data directory can be written.")


def emergency_destination(seen: Surroundings) -> Finding:
    if not seen.settings.emergency_destination:
        return warn(
            "Without EMERGENCY_DESTINATION callers only hear a sentence when no configuration can be read.",
            "Set EMERGENCY_DESTINATION to a phone number or SIP URI that somebody always answers.",
        )
    return ok("EMERGENCY_DESTINATION is set.")


def web_server_timeout(seen: Surroundings) -> Finding:
    timeout = seen.machine.gunicorn_timeout
    if timeout is None:
        return skipped("No gunicorn.conf.py here.")
    if timeout == 0 or timeout >= TWILIO_LIMIT_SECONDS:
        return fail(
            f"The web server waits {timeout or 'without limit'}; Twilio gives up after {TWILIO_LIMIT_SECONDS} s.",
            "Set `timeout = 10` in gunicorn.conf.py.",
        )
    return ok(f"The web server gives up after {timeout} s, before Twilio does.")


def token_rotation(seen: Surroundings) -> Finding:
    if seen.settings.twilio_auth_token_next is not None:
        return warn(
            "TWILIO_AUTH_TOKEN_NEXT is set: two tokens are accepted.",
            "Promote the secondary token at Twilio, make it TWILIO_AUTH_TOKEN and remove the other.",
        )
    return ok("One Auth Token is accepted.")


def token_age(seen: Surroundings) -> Finding:
    if seen.token_since is None:
        return skipped("No Auth Token of an account is known, or the store could not be asked.")
    days = (seen.now - seen.token_since).days
    if seen.now - seen.token_since > OLD_TOKEN:
        return warn(
            f"The Auth Token has been in use here for {days} days.",
            "Rotate it: make a secondary token at Console > API keys & tokens and set TWILIO_AUTH_TOKEN_NEXT to it.",
        )
    return ok(f"The Auth Token was first seen here {days} days ago.")


MACHINE_CHECKS = (
    Check("settings", "Settings", settings),
    Check("python", "Python", python),
    Check("packages", "Packages", packages),
    Check("secret_key", "Secret key", secret_key),
    Check("data_directory", "Data directory", data_directory),
    Check("emergency_destination", "Emergency destination", emergency_destination),
    Check("web_server_timeout", "Web server's patience", web_server_timeout),
    Check("token_rotation", "Auth Token rotation", token_rotation),
    Check("token_age", "Auth Token age", token_age),
)
