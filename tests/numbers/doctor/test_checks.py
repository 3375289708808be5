"""Every check of the doctor: healthy surroundings pass, and each single fault is seen by its own check."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr

from handoff_rules.configuration import read_configuration
from handoff_rules.problems import Problem
from tests.numbers.test_numbers import BASE, E164, number
from webapp.messaging.a2p.facts import Unreadable
from webapp.messaging.a2p.report import Report
from webapp.messaging.a2p.senders import SenderKind
from webapp.messaging.a2p.verdict import verdict
from webapp.messaging.a2p.verdicts import NumberFacts
from webapp.numbers.doctor.examine import CHECKS, examine, has_failed
from webapp.numbers.doctor.findings import Check, Status
from webapp.numbers.doctor.surroundings import (
    Background,
    Machine,
    Production,
    Store,
    Surroundings,
    Twilio,
    Webhook,
)
from webapp.numbers.public_address import PublicAddress
from webapp.settings import load_settings
from webapp.twilio_rest.answers import Account, DialingPermission

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
KEY = "k3y-with-many-different-characters-0123456789"
DOCUMENT = {
    "schema": 1, "name": "Example Hotel", "default_destination": "desk",
    "destinations": [{"id": "desk", "name": "Front desk", "method": "INVITE", "route": "+14155550190"}],
}  # fmt: skip


TOKEN = "0123456789abcdef0123456789abcdef"
BOTH_TOKENS = {
    "TWILIO_ACCOUNT_SID": "AC" + "1" * 32, "TWILIO_AUTH_TOKEN": TOKEN, "TWILIO_AUTH_TOKEN_NEXT": TOKEN[::-1],
}  # fmt: skip


def settings_of(**environ):
    return load_settings(
        {"SECRET_KEY": KEY, "PUBLIC_BASE_URL": BASE, "EMERGENCY_DESTINATION": "+14155550190"} | environ
    )


def report(*facts, checked_at=NOW):
    return Report(checked_at, tuple(verdict(one, NOW) for one in facts))


NOT_SHOWN = Unreadable("numbers", "Twilio did not answer in time.", "Try again in a minute.")
READY = NumberFacts("90210", SenderKind.SHORT_CODE)
TEXTING = Report(NOW, (replace(verdict(READY, NOW), sender=E164, may_send=True),))
BLOCKED = NumberFacts("+14155550100", SenderKind.LONG_CODE)
US_OPEN = DialingPermission("US", True, False)
HEALTHY = Surroundings(
    now=NOW,
    machine=Machine((3, 12), (), True, 10),
    settings=settings_of(),
    address=PublicAddress(BASE, "PUBLIC_BASE_URL", BASE),
    store=Store(milliseconds=0.4, version="7.2.5", eviction="noeviction", clients=4, most_clients=10_000),
    production=Production("", "3-a1b2c3d4", read_configuration(DOCUMENT)),
    twilio=Twilio(
        source="environment",
        account=Account("AC1", "active", "Full"),
        numbers=(number(sms_url=f"{BASE}/sms/incoming"),),
        clock_difference=0.4,
        permissions={"US": US_OPEN},
    ),
    token_since=NOW - timedelta(days=30),
    webhook=Webhook(BASE, "", 204, 403, 0.2, NOW + timedelta(days=80)),
    registration=TEXTING,
    background=Background(True, 0, None),
)


def store(**changes):
    return {"store": replace(HEALTHY.store, **changes)}


def twilio(**changes):
    return {"twilio": replace(HEALTHY.twilio, **changes)}


def webhook(**changes):
    return {"webhook": replace(HEALTHY.webhook, **changes)}


def machine(**changes):
    return {"machine": replace(HEALTHY.machine, **changes)}


def destination(**changes):
    document = DOCUMENT | {"destinations": [DOCUMENT["destinations"][0] | changes]}
    return {"production": Production("", "3-a1b2c3d4", read_configuration(document))}


def problem(severity):
    return {"production": replace(HEALTHY.production, problems=(Problem("rules/0", "Bad.", "Mend it.", severity),))}


FAULTS = [
    ("python", machine(python=(3, 10)), "fail"),
    ("packages", machine(missing_packages=("redis",)), "fail"),
    ("secret_key", {"settings": settings_of().model_copy(update={"secret_key": SecretStr("short")})}, "fail"),
    ("secret_key", {"settings": settings_of(SECRET_KEY_NEXT=KEY[::-1])}, "warn"),
    ("data_directory", machine(can_write_data=False), "fail"),
    ("emergency_destination", {"settings": settings_of(EMERGENCY_DESTINATION="")}, "warn"),
    ("web_server_timeout", machine(gunicorn_timeout=30), "fail"),
    ("web_server_timeout", machine(gunicorn_timeout=0), "fail"),
    ("token_rotation", {"settings": settings_of(**BOTH_TOKENS)}, "warn"),
    ("token_age", {"token_since": NOW - timedelta(days=400)}, "warn"),
    ("store", store(trouble="Redis refuses connections."), "fail"),
    ("store", store(milliseconds=120.0), "warn"),
    ("store_eviction", store(eviction="allkeys-lru"), "fail"),
    ("store_durability", store(durable=False, why_not_durable="appendfsync is everysec."), "warn"),
    ("store_connections", store(clients=18, most_clients=20), "warn"),
    ("background_work", {"background": Background(False, 3, None)}, "warn"),
    ("background_work", {"background": Background(False, 3, NOW - timedelta(hours=1))}, "fail"),
    ("background_work", {"background": Background(True, 3, NOW - timedelta(hours=1))}, "warn"),
    ("clock", twilio(clock_difference=90.0), "fail"),
    ("clock", store(clock_difference=-90.0), "fail"),
    ("production", {"production": Production("The file cannot be read.")}, "fail"),
    ("production", problem("error"), "fail"),
    ("production", problem("warning"), "warn"),
    ("loops", destination(route=E164), "fail"),
    ("methods", destination(method="REFER", route="sip:desk@pbx.example.com"), "warn"),
    ("caller_ids", destination(caller_id="+14155550177"), "warn"),
    ("public_url", {"address": PublicAddress("http://127.0.0.1:8000", "nothing")}, "warn"),
    ("tunnel", {"address": PublicAddress(BASE, "PUBLIC_BASE_URL", "https://new.ngrok-free.app")}, "warn"),
    ("signed_request", webhook(trouble="it cannot be reached in time."), "fail"),
    ("signed_request", webhook(signed_status=403), "fail"),
    ("signed_request", webhook(signed_status=502), "fail"),
    ("signed_request", webhook(seconds=4.0), "warn"),
    ("forged_request", webhook(forged_status=204), "fail"),
    ("certificate", webhook(certificate_ends=NOW - timedelta(days=1)), "fail"),
    ("certificate", webhook(certificate_ends=NOW + timedelta(days=5)), "warn"),
    ("twilio_credentials", {"twilio": None}, "warn"),
    ("twilio_credentials", twilio(trouble="Twilio says: Permission denied (20003).", trouble_fix="Look."), "fail"),
    ("twilio_account", twilio(account=Account("AC1", "suspended", "Full")), "fail"),
    ("twilio_account", twilio(account=Account("AC1", "active", "Trial")), "warn"),
    ("numbers_connected", twilio(numbers=()), "warn"),
    ("numbers_connected", twilio(numbers=(number(voice_url="https://other.example.com/"),)), "warn"),
    ("numbers_taken_over", twilio(numbers=(number(trunk_sid="TK1"),)), "fail"),
    ("numbers_taken_over", twilio(numbers=(number(voice_application_sid="AP1"),)), "fail"),
    ("numbers_fallback", twilio(numbers=(number(voice_fallback_url=""),)), "fail"),
    ("numbers_fallback", twilio(numbers=(number(voice_fallback_url=f"{BASE}/fallback"),)), "fail"),
    ("numbers_method", twilio(numbers=(number(voice_method="GET"),)), "warn"),
    ("numbers_method", twilio(numbers=(number(status_callback_method="GET"),)), "warn"),
    ("numbers_status_callback", twilio(numbers=(number(status_callback=""),)), "warn"),
    ("numbers_overrides", twilio(numbers=(number(voice_url=f"{BASE}/voice/call"),)), "warn"),
    ("geo_permissions", twilio(permissions={"US": DialingPermission("US", False, False)}), "fail"),
    ("geo_permissions", twilio(permissions={"CA": DialingPermission("CA", True, False)}), "warn"),
    ("geo_permissions", twilio(permissions={}), "warn"),
    ("geo_permissions", twilio(permissions={"US": US_OPEN, "XK": DialingPermission("XK", True, True)}), "warn"),
    ("sms_incoming", twilio(numbers=(number(),)), "warn"),
    ("sms_registration", {"registration": report(BLOCKED)}, "warn"),
    ("sms_registration", {"registration": report(READY, checked_at=NOW - timedelta(days=2))}, "warn"),
    ("sms_registration", {"registration": Report(None, unreadable=(NOT_SHOWN,), asked_at=NOW)}, "warn"),
    ("sms_registration", {"registration": Report(NOW, unreadable=(NOT_SHOWN,), asked_at=NOW)}, "warn"),
]


def found_by(check, seen):
    return next(result for result in examine(seen) if result.id == check)


def test_in_healthy_surroundings_every_check_passes():
    results = examine(HEALTHY)
    assert [(result.id, result.found) for result in results if result.status is not Status.OK] == []
    assert not has_failed(results)


@pytest.mark.parametrize(("check", "changes", "status"), FAULTS)
def test_each_fault_is_seen_by_its_check_with_one_fix(check, changes, status):
    result = found_by(check, replace(HEALTHY, **changes))
    assert result.status.value == status
    assert result.found
    assert result.fix


def test_every_check_has_a_failing_fixture():
    told_before_a_look = {"settings"}  # test_settings_that_cannot_be_read_are_the_first_finding
    assert {check.id for check in CHECKS} - told_before_a_look == {check for check, _, _ in FAULTS}


def test_in_production_an_address_that_is_not_public_is_a_failure():
    settings = load_settings(
        {"APP_ENV": "production", "SECRET_KEY": KEY, "PUBLIC_BASE_URL": BASE, "REDIS_URL": "redis://localhost",
         "TWILIO_ACCOUNT_SID": "AC" + "1" * 32, "TWILIO_AUTH_TOKEN": "0123456789abcdef0123456789abcdef",
         "EMERGENCY_DESTINATION": "+14155550190", "SETUP_TOKEN": "setup-token-0123456789"}
    )  # fmt: skip
    seen = replace(HEALTHY, settings=settings, address=PublicAddress("http://127.0.0.1:8000", "nothing"))
    assert found_by("public_url", seen).status is Status.FAIL


def test_what_cannot_be_looked_at_is_skipped_and_says_why():
    dark = replace(HEALTHY, twilio=None, webhook=None, store=Store(trouble="Redis refuses connections."))
    results = {result.id: result for result in examine(dark)}
    for check in ("store_eviction", "numbers_fallback", "signed_request", "geo_permissions", "clock"):
        assert results[check].status is Status.SKIPPED
        assert results[check].found


@pytest.mark.parametrize("unasked", [{"twilio": None}, twilio(trouble="Twilio says: no.", trouble_fix="Look.")])
def test_whether_calls_come_by_phone_is_not_claimed_while_the_numbers_are_not_known(unasked):
    assert found_by("methods", replace(HEALTHY, **unasked)).status is Status.SKIPPED


def test_before_the_first_run_the_store_is_started_by_handoff_run():
    first_day = replace(HEALTHY, settings=settings_of(), **store(trouble="The address of Redis is not known."))
    assert found_by("store", first_day).fix == "Run `handoff run`, which starts it too."


def test_a_redis_of_ones_own_that_is_away_is_started_where_it_is():
    away = store(trouble="Redis refuses connections.", trouble_fix="Correct REDIS_URL.")
    seen = replace(HEALTHY, settings=settings_of(REDIS_URL="redis://localhost"), **away)
    assert "REDIS_URL" in found_by("store", seen).fix


@pytest.mark.parametrize(
    ("policy", "status"), [("noeviction", "ok"), ("volatile-lru", "ok"), ("allkeys-lru", "fail"), ("new-one", "fail")]
)
def test_an_eviction_policy_is_fine_as_long_as_it_spares_what_has_no_end(policy, status):
    assert found_by("store_eviction", replace(HEALTHY, **store(eviction=policy))).status.value == status


def test_a_standard_api_key_is_no_fault():
    assert found_by("twilio_credentials", replace(HEALTHY, **twilio(account=None))).status is Status.OK
    assert found_by("twilio_account", replace(HEALTHY, **twilio(account=None))).status is Status.SKIPPED


def test_a_check_that_breaks_is_a_finding_and_stops_no_other():
    def breaks(_):
        raise KeyError("oops")

    results = examine(HEALTHY, [Check("breaks", "Breaks", breaks), *CHECKS])
    assert results[0].status is Status.FAIL
    assert len(results) == len(CHECKS) + 1


def test_no_finding_shows_a_secret():
    secret = "0123456789abcdef0123456789abcdef"
    seen = replace(HEALTHY, settings=settings_of(TWILIO_AUTH_TOKEN=secret, TWILIO_ACCOUNT_SID="AC" + "1" * 32))
    told = " ".join(f"{result.found} {result.fix}" for result in examine(seen))
    assert secret not in told
    assert KEY not in told
