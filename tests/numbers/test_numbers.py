"""Numbers: where their calls really go, connecting them with before and after, and giving them back."""

import json

import pytest
from click.testing import CliRunner

from tests.messaging.full_account import full_account
from tests.messaging.rest_stand_in import ACCOUNT_SID, AUTH_TOKEN, NOW, TwilioAccount, always, problem
from webapp.commands._workbench import Workbench
from webapp.commands.numbers import numbers_command
from webapp.commands.sms import sms_command
from webapp.configurations.deployment import Deployment
from webapp.numbers.account_access import AccountAccess, NotConnectedError, account_access, check_credentials
from webapp.numbers.connecting import NothingToUndoError, NumberNotFoundError, Numbers
from webapp.numbers.fallback_document import fallback_document
from webapp.numbers.listing import list_numbers
from webapp.numbers.public_address import PublicAddress, public_address
from webapp.numbers.recommended import FRAGMENT, NotPublicError, is_same_place, missing_overrides, urls_under
from webapp.numbers.states import Flaw, Leads, state_of
from webapp.settings import load_settings
from webapp.twilio_rest import answers
from webapp.twilio_rest.client import Credentials, TwilioClient

BASE = "https://handoff.example.com"
E164 = "+14155550100"
ACCESS = AccountAccess(Credentials(ACCOUNT_SID, ACCOUNT_SID, AUTH_TOKEN), "environment")


def number(**changes):
    record = {
        "sid": "PN1", "phone_number": E164, "capabilities": {"voice": True, "sms": True},
        "voice_url": f"{BASE}/voice/call#{FRAGMENT}", "voice_method": "POST",
        "voice_fallback_url": "https://handler.twilio.com/twiml/EH1", "status_callback": f"{BASE}/voice/status",
    }  # fmt: skip
    return answers.number(record | changes)


def test_a_number_that_is_set_as_recommended_is_fine():
    state = state_of(number(), BASE)
    assert (state.leads, state.flaws, state.is_fine) == (Leads.HERE, (), True)


@pytest.mark.parametrize(
    ("changes", "leads"),
    [
        ({"voice_url": ""}, Leads.NOWHERE),
        ({"voice_url": "https://other.example.com/voice"}, Leads.ELSEWHERE),
        ({"voice_url": f"{BASE}/voice/call?extra=1"}, Leads.ELSEWHERE),
        ({"voice_url": "https://[bad"}, Leads.ELSEWHERE),
        ({"voice_application_sid": "AP1"}, Leads.APPLICATION),
        ({"trunk_sid": "TK1"}, Leads.TRUNK),
        ({"capabilities": {"voice": False, "sms": True}}, Leads.NO_VOICE),
    ],
)
def test_what_takes_the_calls_away_is_named_even_when_the_url_is_ours(changes, leads):
    state = state_of(number(**changes), BASE)
    assert state.leads is leads
    assert not state.is_fine


@pytest.mark.parametrize(
    ("changes", "flaw", "fine"),
    [
        ({"voice_fallback_url": ""}, Flaw.NO_FALLBACK, False),
        ({"voice_fallback_url": f"{BASE}/voice/fallback"}, Flaw.FALLBACK_HERE_ONLY, True),
        ({"voice_fallback_url": f"{BASE}/fallback"}, Flaw.FALLBACK_WRONG, False),
        ({"voice_method": "GET"}, Flaw.USES_GET, False),
        ({"voice_fallback_url": f"{BASE}/voice/fallback", "voice_fallback_method": "GET"}, Flaw.USES_GET, False),
        ({"status_callback_method": "GET"}, Flaw.STATUS_USES_GET, False),
        ({"status_callback": ""}, Flaw.NO_STATUS_CALLBACK, False),
        ({"voice_url": f"{BASE}/voice/call"}, Flaw.NO_OVERRIDES, False),
    ],
)
def test_each_flaw_is_seen(changes, flaw, fine):
    state = state_of(number(**changes), BASE)
    assert flaw in state.flaws
    assert state.is_fine is fine


def test_a_fallback_elsewhere_may_be_fetched_with_get():
    assert state_of(number(voice_fallback_method="GET"), BASE).flaws == ()


def test_where_a_number_points_shows_the_host_and_never_a_secret_in_the_query():
    state = state_of(number(voice_url="https://other.example.com/x?token=hunter2"), BASE)
    assert state.where == "other.example.com"


def test_urls_are_compared_without_fragment_default_port_and_case_of_the_host():
    assert is_same_place("https://A.example.com:443/x#rc=2", "https://a.example.com/x")
    assert not is_same_place("https://a.example.com/x", "http://a.example.com/x")


def test_the_recommended_overrides_stay_inside_twilios_limits():
    ours = urls_under(BASE)
    assert missing_overrides(ours.voice) == ()
    values = dict(pair.split("=") for pair in FRAGMENT.split("&"))
    assert int(values["rt"]) * (int(values["rc"]) + 1) <= int(values["tt"]) <= 15000
    assert 100 <= int(values["ct"]) <= 10000


@pytest.mark.parametrize(
    "base", ["http://handoff.example.com", "https://127.0.0.1", "https://localhost", "https://under_score.example.com",
             "https://10.0.0.1:8000", "https://printer.local", "https://"],
)  # fmt: skip
def test_an_address_that_twilio_cannot_call_is_refused_before_anything_changes(base):
    with pytest.raises(NotPublicError):
        urls_under(base)


def account_with(**settings):
    twilio = TwilioAccount()
    twilio.add_number(E164, **settings)
    return twilio


def numbers_of(redis):
    return Numbers(TwilioClient(ACCESS.credentials, sleep=lambda _: None), redis)


OLD = {
    "voice_url": "https://old.example.com/voice", "voice_method": "GET", "voice_application_sid": "AP1",
    "voice_fallback_url": "", "status_callback": "https://old.example.com/status",
}  # fmt: skip


def test_connecting_shows_before_and_after_and_the_number_then_leads_here(redis):
    twilio = account_with(**OLD)
    with twilio.playing():
        change = numbers_of(redis).plan_connect(E164, BASE)
        shown = {one.parameter: (one.before, one.after) for one in change.differences}
        assert shown["VoiceUrl"] == (OLD["voice_url"], f"{BASE}/voice/call#{FRAGMENT}")
        assert shown["VoiceApplicationSid"] == ("AP1", "")
        assert twilio.counted["update_number"] == 0
        connected = numbers_of(redis).connect(change)
    assert state_of(connected, BASE).leads is Leads.HERE


def test_disconnecting_gives_the_number_back_as_it_was_even_after_connecting_twice(redis):
    twilio = account_with(**OLD)
    before = dict(twilio.numbers[0])
    with twilio.playing():
        numbers = numbers_of(redis)
        numbers.connect(numbers.plan_connect(E164, BASE))
        numbers.connect(numbers.plan_connect(E164, BASE, fallback_url="https://handler.twilio.com/twiml/EH1"))
        numbers.disconnect(numbers.plan_disconnect(E164))
        with pytest.raises(NothingToUndoError):
            numbers.plan_disconnect(E164)
    assert {name: twilio.numbers[0][name] for name in OLD} == {name: before[name] for name in OLD}


def test_connecting_what_is_connected_asks_nothing_of_twilio(redis):
    twilio = account_with()
    with twilio.playing():
        numbers = numbers_of(redis)
        numbers.connect(numbers.plan_connect(E164, BASE))
        numbers.connect(numbers.plan_connect(E164, BASE))
    assert twilio.counted["update_number"] == 1


def test_a_number_that_only_contains_the_wanted_one_is_not_taken_for_it(redis):
    twilio = TwilioAccount()
    twilio.add_number("+141555501000")
    with twilio.playing(), pytest.raises(NumberNotFoundError):
        numbers_of(redis).plan_connect(E164, BASE)


def test_the_fallback_document_needs_nothing_of_ours():
    assert "<Number>+14155550190</Number>" in fallback_document("+14155550190")
    assert "<Sip>sip:desk@pbx.example.com</Sip>" in fallback_document("sip:desk@pbx.example.com")
    assert "Please call again" in fallback_document(None, "Please call again.")
    assert "handoff" not in fallback_document("+14155550190").lower()


def settings_with(tmp_path, **environ):
    return load_settings({"HANDOFF_DATA_DIR": str(tmp_path)} | environ)


def test_the_public_address_is_the_setting_else_the_tunnel_else_the_local_one(tmp_path):
    tunnel = "https://name.ngrok-free.app"
    assert public_address(settings_with(tmp_path), tunnel_to=lambda _: tunnel) == PublicAddress(tunnel, "ngrok", tunnel)
    assert public_address(settings_with(tmp_path), tunnel_to=lambda _: None).source == "nothing"
    chosen = public_address(settings_with(tmp_path, PUBLIC_BASE_URL=BASE), tunnel_to=lambda _: tunnel)
    assert (chosen.url, chosen.differs_from_tunnel) == (BASE, True)


def test_the_environment_wins_over_the_console_and_an_api_key_over_the_token(tmp_path):
    from webapp.configurations.credentials import TwilioCredentials

    stored = TwilioCredentials("AC" + "2" * 32, "stored-token")
    both = settings_with(tmp_path, TWILIO_ACCOUNT_SID=ACCOUNT_SID, TWILIO_AUTH_TOKEN=AUTH_TOKEN)
    assert account_access(both, lambda: stored).source == "environment"
    console = account_access(settings_with(tmp_path), lambda: stored)
    assert (console.source, console.account_sid) == ("console", stored.account_sid)
    key = settings_with(
        tmp_path, TWILIO_ACCOUNT_SID=ACCOUNT_SID, TWILIO_AUTH_TOKEN=AUTH_TOKEN,
        TWILIO_API_KEY_SID="SK" + "1" * 32, TWILIO_API_KEY_SECRET="key-secret-1234",
    )  # fmt: skip
    assert account_access(key).credentials.is_api_key
    assert account_access(settings_with(tmp_path)) is None


def test_credentials_are_checked_with_twilio_before_they_are_kept():
    twilio = TwilioAccount(type="Trial")
    with twilio.playing():
        assert check_credentials(ACCESS.client()).is_trial


class Shell:
    def __init__(self, redis, tmp_path, twilio, access=ACCESS, base=BASE):
        self.twilio = twilio
        self.bench = Workbench(settings_with(tmp_path), redis, access, PublicAddress(base, "PUBLIC_BASE_URL"))

    def run(self, command, *arguments):
        with self.twilio.playing():
            return CliRunner().invoke(command, arguments, obj=self.bench)


def test_the_commands_list_check_connect_and_disconnect(redis, tmp_path):
    shell = Shell(redis, tmp_path, account_with(**OLD))
    assert "TwiML App" in shell.run(numbers_command, "list").stdout
    assert shell.run(numbers_command, "check", E164).exit_code == 1
    dry = shell.run(numbers_command, "connect", E164, "--dry-run")
    assert "old.example.com/voice" in dry.stdout
    assert shell.twilio.counted["update_number"] == 0
    connected = shell.run(numbers_command, "connect", E164, "--json")
    assert json.loads(connected.stdout)["changed"]
    assert shell.run(numbers_command, "check", E164).exit_code == 0
    assert shell.run(numbers_command, "disconnect", E164).exit_code == 0
    assert shell.twilio.numbers[0]["voice_url"] == OLD["voice_url"]


def test_faults_become_sentences_and_exit_codes(redis, tmp_path):
    assert Shell(redis, tmp_path, account_with()).run(numbers_command, "connect", "+14155550199").exit_code == 3
    assert Shell(redis, tmp_path, account_with(), access=None).run(numbers_command, "list").exit_code == 5
    local = Shell(redis, tmp_path, account_with(), base="http://127.0.0.1:8000")
    assert local.run(numbers_command, "connect", E164).exit_code == 2
    wrong = AccountAccess(Credentials(ACCOUNT_SID, ACCOUNT_SID, "wrong"), "environment")
    refused = Shell(redis, tmp_path, account_with(), access=wrong).run(numbers_command, "list")
    assert (refused.exit_code, "API keys & tokens" in refused.stderr) == (5, True)
    down = account_with()
    down.weather = [always(404, problem(20404, 404, "no"))]
    assert Shell(redis, tmp_path, down).run(numbers_command, "list").exit_code == 6
    with pytest.raises(NotConnectedError):
        _ = Shell(redis, tmp_path, account_with(), access=None).bench.account


def test_sms_refresh_and_status_show_the_same_verdicts(redis, tmp_path):
    shell = Shell(redis, tmp_path, full_account())
    assert shell.run(sms_command, "status").exit_code == 3
    refreshed = shell.run(sms_command, "refresh")
    assert refreshed.exit_code == 0
    shown = shell.run(sms_command, "status")
    assert shown.exit_code == 1
    assert refreshed.stdout == shown.stdout
    assert "✗ +14155550109  BLOCKED       The number is in no messaging service" in shown.stdout
    assert "Next: Add the number to the sender pool of Care" in shown.stdout
    one = shell.run(sms_command, "status", "+18445550119", "--json")
    assert one.exit_code == 0
    assert json.loads(one.stdout)["verdicts"][0]["readiness"] == "READY"
    assert shell.run(sms_command, "status", "+14155559999").exit_code == 3


def test_sms_refresh_with_twilio_down_keeps_the_picture_and_says_so(redis, tmp_path):
    shell = Shell(redis, tmp_path, full_account())
    shell.run(sms_command, "refresh")
    shell.twilio.weather = [always(401, problem(20003, 401, "no"))]
    down = shell.run(sms_command, "refresh")
    assert down.exit_code == 6
    assert "LIKELY READY" in down.stdout
    assert "API keys & tokens" in down.stderr


def test_the_list_shows_environment_and_undo_and_survives_twilio_being_down(redis, tmp_path):
    shell = Shell(redis, tmp_path, account_with(**OLD))
    shell.run(sms_command, "refresh")
    shell.run(numbers_command, "connect", E164)
    deployment = Deployment.read({"numbers": {E164: {"environment": "sandbox"}}})
    with shell.twilio.playing():
        listed = list_numbers(shell.bench.numbers, shell.bench.memory, deployment, BASE, NOW)
    (row,) = listed.rows
    assert (row.environment, row.can_undo, row.state.leads, listed.read_at) == ("sandbox", True, Leads.HERE, NOW)
    shell.twilio.weather = [always(401, problem(20003, 401, "no"))]
    with shell.twilio.playing():
        kept = list_numbers(shell.bench.numbers, shell.bench.memory, deployment, BASE, NOW)
    assert len(kept.rows) == 1
    assert kept.read_at is not None
    assert "API keys & tokens" in kept.trouble_fix
