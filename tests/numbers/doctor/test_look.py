"""What the doctor looks at is read from the real thing: a real Redis, the REST stand-in, our own application."""

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
import requests
import responses
from click.testing import CliRunner

from tests.application import Application
from tests.messaging.full_account import full_account
from tests.messaging.rest_stand_in import ACCOUNT_SID, NOW, TwilioAccount, always, problem
from tests.numbers.test_numbers import ACCESS, BASE, Shell
from tests.redis_server import RedisServer
from webapp.commands.doctor import doctor_command
from webapp.configurations.assembly import open_configurations, open_history
from webapp.numbers.doctor.ask_ourselves import ask_ourselves
from webapp.numbers.doctor.look import look_at_machine, look_at_production, look_at_store, look_at_token, look_at_twilio
from webapp.settings import load_settings
from webapp.signatures import SigningKey, signed_text
from webapp.store import keys
from webapp.store.redis import open_redis

TOKEN = "0123456789abcdef0123456789abcdef"
ROOT = Path(__file__).parents[3]


def test_a_real_redis_tells_its_policy_durability_and_clock(redis):
    seen = look_at_store(redis)
    assert seen.trouble == ""
    assert seen.eviction == "noeviction"
    assert not seen.durable
    assert abs(seen.clock_difference) < 5
    assert seen.most_clients > 0


def test_a_redis_that_writes_every_edit_counts_as_durable():
    with RedisServer(appendonly="yes", appendfsync="always") as server, server.client() as client:
        assert look_at_store(client).durable


def test_a_redis_that_is_gone_is_told_and_nothing_breaks():
    server = RedisServer()
    client = server.client()
    server.close()
    seen = look_at_store(client)
    assert seen.trouble == "The address of Redis is not known."
    assert "REDIS_URL" in seen.trouble_fix


def test_the_account_is_read_with_its_numbers_and_permissions():
    twilio = full_account()
    twilio.countries = [{"iso_code": "US", "low_risk_numbers_enabled": True}]
    with twilio.playing():
        seen = look_at_twilio(ACCESS, ACCESS.client())
    assert seen.account.status == "active"
    assert len(seen.numbers) == len(twilio.numbers)
    assert seen.permissions["US"].low_risk


def test_permissions_that_may_not_be_read_hide_nothing_else():
    twilio = full_account()
    twilio.weather = [always(403, problem(20403, 403, "Forbidden"), on="countries")]
    with twilio.playing():
        seen = look_at_twilio(ACCESS, ACCESS.client())
    assert (seen.trouble, seen.permissions) == ("", None)
    assert seen.permissions_trouble


def test_twilios_clock_is_read_from_its_answers():
    with responses.RequestsMock() as mock:
        mock.get(
            f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT_SID}.json", json={"status": "active"},
            headers={"Date": "Fri, 20 Nov 2026 18:00:00 GMT"},
        )  # fmt: skip
        mock.get(
            f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT_SID}/IncomingPhoneNumbers.json",
            json={"incoming_phone_numbers": []},
        )
        mock.get("https://voice.twilio.com/v1/DialingPermissions/Countries", json={"content": []})
        seen = look_at_twilio(ACCESS, ACCESS.client(), now=lambda: NOW.timestamp() + 90)
    assert seen.clock_difference == 90


def test_the_machine_is_the_one_that_runs_this_test(tmp_path):
    seen = look_at_machine(load_settings({"HANDOFF_DATA_DIR": str(tmp_path)}), ROOT)
    assert seen.missing_packages == ()
    assert seen.can_write_data
    assert seen.gunicorn_timeout == 10


def test_without_a_stored_version_the_shipped_file_is_looked_at(redis, tmp_path):
    file = tmp_path / "handoff.yaml"
    shutil.copy(ROOT / "handoff.example.yaml", file)
    settings = load_settings({"HANDOFF_DATA_DIR": str(tmp_path), "HANDOFF_CONFIG": str(file)})
    seen = look_at_production(open_history(settings, client=redis), None, BASE)
    assert seen.configuration is not None


def test_without_an_account_the_numbers_in_settings_tell_a_loop(redis_url, tmp_path):
    with Application(redis_url, tmp_path) as application:
        history = application.services.configurations
        assert look_at_production(history, None, BASE).problems == ()
        history.deployments.save({"numbers": {"+14155550100": {}}}, expected=None, author="kim")
        (found,) = look_at_production(history, None, BASE).problems
        assert "would come back in a loop" in found.message


def test_the_fix_for_a_faulty_file_leads_to_all_of_its_problems(redis, tmp_path):
    file = tmp_path / "handoff.yaml"
    file.write_text("schema: 1\nnam: typo\n")
    settings = load_settings({"HANDOFF_DATA_DIR": str(tmp_path), "HANDOFF_CONFIG": str(file)})
    seen = look_at_production(open_history(settings, client=redis), None, BASE)
    assert "handoff.yaml is not used" in seen.trouble
    assert "handoff config validate handoff.yaml" in seen.fix


def test_the_age_of_a_token_counts_from_the_first_look_and_begins_anew_with_the_next_token(redis):
    assert look_at_token(redis, TOKEN, NOW) == NOW
    later = NOW + timedelta(days=400)
    assert look_at_token(redis, TOKEN, later) == NOW
    assert look_at_token(redis, TOKEN[::-1], later) == later


def test_the_store_never_holds_the_token_itself(redis):
    look_at_token(redis, TOKEN, NOW)
    assert TOKEN not in str(redis.hgetall(keys.auth_token_ages()))


class App:
    """Our own application as far as the gate goes: 204 for a good signature, 403 for any other."""

    def __init__(self, *, strips_query=False, always=None):
        self.strips_query, self.always = strips_query, always

    def __call__(self, url, *, data, headers, timeout, allow_redirects):
        answer = requests.Response()
        seen = url.partition("?")[0] if self.strips_query else url
        good = headers["X-Twilio-Signature"] == SigningKey(TOKEN).sign(seen + signed_text(data.items()))
        answer.status_code = self.always or (204 if good else 403)
        return answer


def test_a_signed_request_passes_and_a_forged_one_does_not():
    seen = ask_ourselves("http://127.0.0.1:1", SigningKey(TOKEN), ACCOUNT_SID, post=App())
    assert (seen.signed_status, seen.forged_status) == (204, 403)


def test_a_proxy_that_changes_the_address_is_noticed():
    assert (
        ask_ourselves("http://127.0.0.1:1", SigningKey(TOKEN), None, post=App(strips_query=True)).signed_status == 403
    )


def test_something_else_at_our_address_is_noticed():
    assert ask_ourselves("http://127.0.0.1:1", SigningKey(TOKEN), None, post=App(always=200)).forged_status == 200


def test_an_address_that_nobody_answers_is_noticed():
    assert ask_ourselves("http://127.0.0.1:1", SigningKey(TOKEN), None).trouble == "nothing listens there."


def test_the_command_prints_one_fix_for_each_fault_and_exits_with_1(redis, tmp_path):
    shell = Shell(redis, tmp_path, TwilioAccount(status="suspended"))
    shown = shell.run(doctor_command)
    assert shown.exit_code == 1
    assert "✗ Twilio account: The account is suspended." in shown.stdout
    assert "Fix: Look at the balance" in shown.stdout
    told = json.loads(shell.run(doctor_command, "--json").stdout)
    assert {one["status"] for one in told} <= {"ok", "warn", "fail", "skipped"}


def test_a_store_that_was_sealed_under_another_key_is_a_finding_with_its_fix(redis_url, tmp_path):
    environ = {"REDIS_URL": redis_url, "HANDOFF_DATA_DIR": str(tmp_path)}
    before, after = ({"SECRET_KEY": f"{name}-key-of-the-tests-that-is-long-enough"} for name in ("first", "another"))
    with open_redis(redis_url) as client:
        open_configurations(load_settings(environ | before), client=client)
    shown = CliRunner().invoke(doctor_command, ["--offline"], env=environ | after)
    assert shown.exit_code == 1
    assert "Fix: Set the SECRET_KEY of before" in shown.stdout


def test_offline_the_doctor_asks_nobody(redis, tmp_path):
    shell = Shell(redis, tmp_path, full_account())
    shell.run(doctor_command, "--offline")
    assert shell.twilio.asked == []


def test_settings_that_can_be_read_are_a_finding_too(redis, tmp_path):
    assert "✓ Settings" in Shell(redis, tmp_path, full_account()).run(doctor_command, "--offline").stdout


@pytest.mark.parametrize("environ", [{"PORT": "no"}, {"PUBLIC_BASE_URL": "https://example.com/path"}])
def test_settings_that_cannot_be_read_are_the_first_finding(environ):
    shown = CliRunner().invoke(doctor_command, env=environ | {"HANDOFF_DATA_DIR": "/nowhere"})
    assert shown.exit_code == 1
    assert "✗ Settings" in shown.stdout
