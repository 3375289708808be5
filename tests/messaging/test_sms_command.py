"""`handoff sms` and `handoff explain` on the command line: what was read, how old it is, what was seen."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import requests
from click.testing import CliRunner
from redis import Redis

from tests.messaging.full_account import full_account
from tests.messaging.rest_stand_in import always, sid
from tests.numbers.test_numbers import ACCESS, Shell
from webapp.commands.explain import explain_command
from webapp.commands.sms import sms_command
from webapp.messaging.a2p.report import refresh_report
from webapp.messaging.explain import explain
from webapp.messaging.sightings import Sightings
from webapp.messaging.sms_log import TextLog
from webapp.twilio_rest.client import TwilioClient

DOWN = always(requests.ReadTimeout())


@pytest.fixture
def shell(redis, tmp_path):
    return Shell(redis, tmp_path, full_account())


def read_hours_ago(shell, hours):
    """The account was read then, and Twilio has not answered since."""
    quick = TwilioClient(ACCESS.credentials, sleep=lambda _: None)
    then = datetime.now(UTC) - timedelta(hours=hours)
    with shell.twilio.playing():
        refresh_report(quick, shell.bench.memory, then)
        shell.twilio.weather = [DOWN]
        refresh_report(quick, shell.bench.memory, datetime.now(UTC))


def test_a_first_reading_that_failed_is_not_shown_as_read(shell):
    shell.twilio.weather = [DOWN]
    shell.run(sms_command, "refresh")
    shown = shell.run(sms_command, "status")
    assert shown.exit_code == 6
    assert "never read" in shown.stderr
    assert "just now" not in shown.stderr


def test_a_picture_that_could_not_be_renewed_keeps_its_age(shell):
    read_hours_ago(shell, 3)
    assert "Read 3 hours ago" in shell.run(sms_command, "status").stderr


def test_what_twilio_did_not_show_is_named_beside_the_verdicts(shell):
    read_hours_ago(shell, 3)
    assert "Short codes: " in shell.run(sms_command, "status").stderr


def test_a_number_that_is_fine_in_a_picture_that_is_not_whole_needs_attention(shell):
    read_hours_ago(shell, 3)
    assert shell.run(sms_command, "status", "+18445550119").exit_code == 1


def test_the_json_says_when_twilio_was_asked_and_how_old_the_picture_is(shell):
    read_hours_ago(shell, 3)
    told = json.loads(shell.run(sms_command, "status", "--json").stdout)
    age = datetime.fromisoformat(told["asked_at"]) - datetime.fromisoformat(told["checked_at"])
    assert age > timedelta(hours=2)


def refused_text(shell):
    """One text that was sent and that a carrier refused."""
    log, now = TextLog(shell.bench.redis), datetime.now(UTC)
    payload = {"to": "+12125550123", "from": "+14155550100", "call_sid": sid("CA", 1), "purpose": "missed"}
    log.sent(sid("SM", 1), payload, now)
    log.heard(sid("SM", 1), "undelivered", "30034", now)


def test_the_list_of_texts_says_what_became_of_each_and_why(shell):
    refused_text(shell)
    shown = shell.run(sms_command, "texts").stdout
    assert "undelivered" in shown
    assert explain("30034").title in shown


def test_the_list_of_texts_shows_no_recipient_unless_asked(shell):
    refused_text(shell)
    assert "+12125550123" not in shell.run(sms_command, "texts", "--json").stdout
    assert "+12125550123" in shell.run(sms_command, "texts", "--json", "--reveal").stdout


def test_explaining_a_code_says_how_often_and_on_which_call_it_was_seen_here(shell):
    Sightings(shell.bench.redis).note("13801", sid("CA", 7), datetime.now(UTC))
    shown = shell.run(explain_command, "13801").stdout
    assert "Seen here once" in shown
    assert sid("CA", 7) in shown


def test_a_code_is_explained_without_a_store(shell):
    away = replace(shell.bench, redis=Redis(unix_socket_path="/nowhere/redis.sock"))
    shown = CliRunner().invoke(explain_command, ["13801"], obj=away)
    assert (shown.exit_code, "What to do" in shown.stdout, "not known" in shown.stdout) == (0, True, True)


def test_every_field_of_a_rejection_is_named_because_a_resubmission_is_paid_for(shell):
    (failed,) = [
        one for ones in shell.twilio.campaigns.values() for one in ones or () if one["campaign_status"] == "FAILED"
    ]
    failed["errors"].append({"error_code": 30893, "fields": ["SAMPLE_MESSAGE_1"]})
    shell.run(sms_command, "refresh")
    shown = shell.run(sms_command, "status", "+14155550103").stdout
    for code, field in (("30896", "MESSAGE_FLOW"), ("30893", "SAMPLE_MESSAGE_1")):
        assert f"({code}; {field})" in shown
