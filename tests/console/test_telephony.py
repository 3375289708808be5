"""Numbers, SMS registration, error codes, the doctor and the Twilio account, as used without JavaScript."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from redis import Redis

from tests.api.asking import Api
from tests.application import Application, settings_for
from tests.console.conftest import Person, person
from tests.console.document import DOCUMENT
from tests.console.telephony_house import CONNECTED, ELSEWHERE, TELEPHONY_PAGES, UNDOABLE, playing_account
from tests.messaging.full_account import EXPECTED
from tests.messaging.rest_stand_in import (
    ACCOUNT_SID,
    API_KEY_SECRET,
    API_KEY_SID,
    AUTH_TOKEN,
    TwilioAccount,
    always,
    problem,
)
from tests.redis_server import RedisServer
from webapp.calls.log import CallLog
from webapp.calls.timeline import Event, Kind
from webapp.commands._workbench import Workbench
from webapp.commands.sms import sms_command
from webapp.console.masking import readable
from webapp.console.needs import EXTENSION, Needs
from webapp.console.sms import WORDS
from webapp.messaging.a2p.verdicts import Readiness
from webapp.messaging.sightings import Sightings
from webapp.messaging.sms_log import TextLog
from webapp.numbers.account_access import AccountAccess
from webapp.numbers.public_address import PublicAddress
from webapp.people.roles import Role
from webapp.twilio_rest.client import Credentials

ENVIRONMENT = {"TWILIO_ACCOUNT_SID": ACCOUNT_SID, "TWILIO_AUTH_TOKEN": AUTH_TOKEN}
NOWHERE = {"TWILIO_ACCOUNT_SID": "", "TWILIO_AUTH_TOKEN": "", "APP_ENV": "development"}
# Twilio's tokens are 32 hexadecimal signs; the account of these tests takes this one.
TYPED_TOKEN = "0123456789abcdef" * 2


@pytest.fixture
def twilio() -> Iterator[TwilioAccount]:
    with playing_account().playing() as account:
        yield account


@pytest.fixture
def house(redis_url: str, tmp_path: Path, twilio: TwilioAccount) -> Iterator[Application]:
    with Application(redis_url, tmp_path, DOCUMENT, **ENVIRONMENT) as application:
        application.at = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
        yield application


@pytest.fixture
def unconnected(redis_url: str, tmp_path: Path) -> Iterator[Application]:
    with Application(redis_url, tmp_path, DOCUMENT, **NOWHERE) as application:
        yield application


def needs_of(house: Application) -> Needs:
    found: Needs = house.app.extensions[EXTENSION]
    return found


@pytest.mark.parametrize("path", TELEPHONY_PAGES)
def test_a_page_is_drawn_whole(admin: Person, path: str) -> None:
    status = 302 if path == "/errors?q=13801" else 200
    text = admin.sees(path, status)
    assert text.count("<h1") == 1
    assert text.rstrip().endswith("</html>")


@pytest.mark.parametrize("path", ["/numbers", "/sms", "/errors", "/errors/13801", "/doctor", "/settings/twilio"])
def test_a_page_is_drawn_whole_while_no_account_is_connected(unconnected: Application, path: str) -> None:
    text = person(unconnected, Role.ADMIN).sees(path)
    assert text.count("<h1") == 1
    if path in ("/numbers", "/sms"):
        assert "No Twilio account is connected" in text
        assert 'href="/settings/twilio"' in text


@pytest.mark.parametrize(
    "path", ["/numbers.json", "/sms.json", "/errors.json", "/errors/sip:486.json", "/doctor.json", "/doctor.json?all=1"]
)
def test_a_page_has_its_twin_in_json(admin: Person, path: str) -> None:
    answer = admin.get(path)
    assert answer.status_code == 200
    assert answer.is_json


# -- numbers


def row_of(page: str, e164: str) -> str:
    rows: list[str] = re.findall("<tr>.*?</tr>", page, re.S)
    return next(row for row in rows if f"/numbers/{e164}" in row.replace("%2B", "+"))


@pytest.mark.parametrize(
    ("e164", "said"),
    [
        (CONNECTED, "Connected"),
        (ELSEWHERE, "Calls go to studio.example.com."),
        ("+14155550103", "A TwiML App handles the calls and silently wins"),
        ("+14155550104", "A SIP trunk takes the calls and silently wins"),
        ("+14155550105", "There is no fallback URL"),
        ("+14155550106", "No voice URL is set"),
    ],
)
def test_the_list_says_where_the_calls_of_each_number_go(admin: Person, e164: str, said: str) -> None:
    assert said in row_of(admin.sees("/numbers"), e164)


def test_the_list_shows_no_secret_of_somebody_elses_address(admin: Person) -> None:
    assert "hunter2" not in admin.sees("/numbers")


def test_a_viewer_sees_the_change_without_the_query_and_cannot_make_it(house: Application) -> None:
    viewer = person(house, Role.VIEWER)
    page = viewer.sees(f"/numbers/{ELSEWHERE}")
    assert "https://studio.example.com/flow?" in page
    assert "hunter2" not in page
    assert "Connecting needs the role admin" in page
    assert viewer.posts(f"/numbers/{ELSEWHERE}/connect", {}, page="/settings").status_code == 403


def seen_on(admin: Person, path: str) -> str:
    found = re.search(r'name="_seen" value="([0-9a-f]+)"', admin.sees(path))
    assert found is not None
    return found[1]


def test_a_number_is_connected_with_before_and_after_and_given_back(
    house: Application, admin: Person, twilio: TwilioAccount
) -> None:
    page = f"/numbers/{UNDOABLE}"
    before = admin.sees(page)
    assert "https://old.example.com/voice" in before
    assert "https://handoff.example.com/voice/call#" in before
    assert admin.posts(f"{page}/connect", {"_seen": seen_on(admin, page)}, page=page).status_code == 302
    number = next(one for one in twilio.numbers if one["phone_number"] == UNDOABLE)
    assert number["voice_url"].startswith("https://handoff.example.com/voice/call#")
    after = admin.sees(page)
    assert "is connected: its calls come here now" in after
    assert "Give it back" in after
    assert admin.posts(f"{page}/disconnect", {"_seen": seen_on(admin, page)}, page=page).status_code == 302
    assert (number["voice_url"], number["voice_method"]) == ("https://old.example.com/voice", "GET")
    audited = "".join(line.decode() for line in needs_of(house).configurations.store.audit_lines(-2, -1))
    assert "number connected" in audited
    assert "number disconnected" in audited


def test_what_changed_at_twilio_meanwhile_is_shown_again_and_not_overwritten(
    admin: Person, twilio: TwilioAccount
) -> None:
    page = f"/numbers/{UNDOABLE}"
    seen = seen_on(admin, page)
    number = next(one for one in twilio.numbers if one["phone_number"] == UNDOABLE)
    number["voice_url"] = "https://somebody-else.example.com/voice"
    answer = admin.posts(f"{page}/connect", {"_seen": seen}, page=page)
    assert answer.status_code == 409
    assert "somebody-else.example.com" in answer.text
    assert twilio.counted["update_number"] == 0


def test_a_fallback_elsewhere_is_taken_and_a_wrong_one_is_said_at_its_field(
    admin: Person, twilio: TwilioAccount
) -> None:
    page = f"/numbers/{UNDOABLE}"
    wrong = admin.posts(
        f"{page}/connect", {"_seen": seen_on(admin, page), "fallback_url": "http://plain.example.com"}, page=page
    )
    assert wrong.status_code == 422
    assert "http://plain.example.com is not https" in wrong.text
    assert "http://plain.example.com" in wrong.text
    bin_url = "https://handler.twilio.com/twiml/EH2"
    admin.posts(f"{page}/connect", {"_seen": seen_on(admin, page), "fallback_url": bin_url}, page=page)
    assert next(one for one in twilio.numbers if one["phone_number"] == UNDOABLE)["voice_fallback_url"] == bin_url


def test_the_environment_of_a_number_counts_at_once(house: Application, admin: Person) -> None:
    page = f"/numbers/{CONNECTED}"
    assert admin.posts(f"{page}/environment", {"environment": "sandbox"}, page=page).status_code == 302
    assert needs_of(house).live.deployment.environment_of(CONNECTED, "") == "sandbox"
    assert "Sandbox" in row_of(admin.sees("/numbers"), CONNECTED)


def test_a_number_of_nobody_is_a_404_and_a_refusal_of_twilio_is_a_sentence(
    admin: Person, twilio: TwilioAccount
) -> None:
    assert "has no number +19995550100" in admin.sees("/numbers/+19995550100", 404)
    twilio.weather = [always(401, problem(20003, 401, "Authenticate"))]
    for path in ("/numbers", f"/numbers/{CONNECTED}"):
        page = admin.sees(path)
        assert "(20003)" in page
        assert "API keys &amp; tokens" in page


def test_the_list_stays_with_its_age_while_twilio_is_down(admin: Person, twilio: TwilioAccount) -> None:
    admin.posts("/sms/refresh", {}, page="/sms")
    twilio.weather = [always(401, problem(20003, 401, "Authenticate"))]
    page = admin.sees("/numbers")
    assert "What you see was read" in page
    assert "555-0106" in page


def test_numbers_are_found_by_digits_name_and_state(admin: Person) -> None:
    assert "555-0102" in admin.sees("/numbers?q=0102")
    assert "555-0102" in admin.sees("/numbers?q=spa")
    assert "555-0100" not in admin.sees("/numbers?state=points_elsewhere").partition("<tbody>")[2]


def test_the_fallback_document_is_made_to_be_pasted(admin: Person) -> None:
    assert "&lt;Number&gt;+14155550190&lt;/Number&gt;" in admin.sees("/numbers/fallback?to=%2B14155550190")
    assert "neither an E.164 number nor a SIP URI" in admin.sees("/numbers/fallback?to=nobody")


# -- SMS registration


def test_every_number_of_a_full_account_has_its_verdict_on_the_page(admin: Person) -> None:
    assert "was never read" in admin.sees("/sms")
    assert admin.posts("/sms/refresh", {}, page="/sms").status_code == 302
    found = {one["sender"]: (one["readiness"], one["state"]) for one in admin.get("/sms.json").get_json()["verdicts"]}
    assert found == EXPECTED
    for readiness in Readiness:
        page = admin.sees(f"/sms?readiness={readiness.value.replace(' ', '+')}")
        wanted = [sender for sender, (verdict, _) in EXPECTED.items() if verdict == readiness]
        assert page.count("<li><div class=") == len(wanted)
        assert page.count(f"</span>{WORDS[readiness]}</span>") >= len(wanted)


def test_page_api_and_command_line_say_the_same_of_every_number_of_a_full_account(
    house: Application, admin: Person, tmp_path: Path, twilio: TwilioAccount
) -> None:
    admin.posts("/sms/refresh", {}, page="/sms")
    store = house.services.configurations.store.client
    typed = shell_with(tmp_path, twilio, store, "status", "--json")
    on_the_line = {one["sender"]: (one["readiness"], one["reason"]) for one in json.loads(typed)["verdicts"]}
    told = Api(house).get("/sms-registration")["verdicts"]
    over_the_api = {one["sender"]: (one["readiness"], one["reason"]) for one in told}
    on_the_page: dict[str, tuple[str, str]] = {}
    for sender in EXPECTED:
        rows = admin.sees(f"/sms?q={sender.removeprefix('+')}").split("<li><div class=")[1:]
        (row,) = [one for one in rows if f"<span>{readable(sender)}</span>" in one]
        (verdict,) = [kind for kind, word in WORDS.items() if f"</span>{word}</span>" in row.partition("</h2>")[0]]
        reason = re.search(r"<p>(.*?)(?: <span|</p>)", row)
        assert reason is not None
        on_the_page[sender] = (verdict.value, html.unescape(reason[1]))
    assert on_the_page == over_the_api == on_the_line
    assert set(on_the_line) == set(EXPECTED)


def shell_with(tmp_path: Path, twilio: TwilioAccount, store: Redis, *arguments: str) -> str:
    access = AccountAccess(Credentials(ACCOUNT_SID, ACCOUNT_SID, AUTH_TOKEN), "environment")
    settings = settings_for("", tmp_path / "shell")
    bench = Workbench(settings, store, access, PublicAddress("https://handoff.example.com", "PUBLIC_BASE_URL"))
    return CliRunner().invoke(sms_command, arguments, obj=bench).stdout


def test_a_verdict_says_why_who_must_act_and_what_next_in_twilios_own_word_too(admin: Person) -> None:
    admin.posts("/sms/refresh", {}, page="/sms")
    page = admin.sees("/sms?q=0103")
    assert "The campaign was rejected" in page
    assert "Who: You." in page
    assert "MESSAGE_FLOW" in page
    assert "<code>FAILED</code>" in page
    assert 'href="/errors/30896"' in page
    assert "Read from Twilio just now" in page
    assert "HIBERNATING" in admin.sees("/sms?q=0105")


def test_the_export_holds_what_the_filter_shows_and_no_formula(admin: Person) -> None:
    admin.posts("/sms/refresh", {}, page="/sms")
    answer = admin.get("/sms.csv?readiness=WAITING")
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert [row[0] for row in rows[1:]] == ["'+14155550101", "'+14155550102", "'+18335550118"]
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_the_last_picture_stays_with_its_age_while_twilio_is_down(
    house: Application, admin: Person, twilio: TwilioAccount
) -> None:
    admin.posts("/sms/refresh", {}, page="/sms")
    twilio.weather = [always(401, problem(20003, 401, "Authenticate"))]
    house.at = datetime(2026, 11, 20, 21, 0, tzinfo=UTC)
    admin.posts("/sms/refresh", {}, page="/sms")
    page = admin.sees("/sms")
    assert "Twilio did not show everything" in page
    assert "was read 3 hours ago" in page
    assert "Likely ready" in page


def test_each_step_of_the_registration_is_on_the_page(admin: Person) -> None:
    admin.posts("/sms/refresh", {}, page="/sms")
    page = admin.sees("/sms?q=0140")
    for said in ("Customer profile", "Brand", "Campaign", "Number in the messaging service"):
        assert f"<strong>{said}</strong>" in page
    assert "<code>FAILED, VERIFIED</code>" in page


def test_the_latest_texts_say_what_became_of_each_and_lead_to_the_code_and_the_call(
    house: Application, admin: Person
) -> None:
    log, now = TextLog(needs_of(house).configurations.store.client), datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
    call = "CA" + "1" * 32
    payload = {"to": "+12125550123", "from": "+14155550100", "call_sid": call, "purpose": "missed"}
    log.sent("SM" + "1" * 32, payload, now)
    log.heard("SM" + "1" * 32, "undelivered", "30034", now)
    listed = admin.sees("/sms").partition("Latest texts")[2]
    assert "Not delivered" in listed
    assert 'href="/errors/30034"' in listed
    assert f'href="/calls/{call}"' in listed


def test_a_viewer_reads_the_registration_and_cannot_start_a_reading(house: Application) -> None:
    viewer = person(house, Role.VIEWER)
    assert "Check now</button>" not in viewer.sees("/sms")
    assert viewer.posts("/sms/refresh", {}, page="/settings").status_code == 403


# -- error codes


def test_a_code_is_explained_and_leads_to_the_calls_that_met_it(house: Application, admin: Person) -> None:
    sid = "CA" + "1" * 32
    Sightings(needs_of(house).configurations.store.client).note("13801", sid, datetime(2026, 11, 20, 17, 0, tzinfo=UTC))
    page = admin.sees("/errors/13801")
    assert "1 time" in page
    assert f'href="/calls/{sid}"' in page
    assert "What to do" in page
    assert "13801" in admin.sees("/errors").partition("Look something up")[0]


def test_an_unknown_code_leads_to_twilios_dictionary_and_a_strange_one_breaks_nothing(admin: Person) -> None:
    assert "https://www.twilio.com/docs/api/errors/99999" in admin.sees("/errors/99999")
    for strange in ("%3Cscript%3E", "sip:", "..%2F..", "a" * 500, "%00"):
        assert "<script>" not in admin.sees(f"/errors/{strange}", 200 if "%2F" not in strange else 404)


@pytest.mark.parametrize(
    ("typed", "leads_to"),
    [
        ("13801", "/errors/13801"),
        ("SIP 486", "/errors/sip:486"),
        ("486", "/errors/sip:486"),
        ("99999", "/errors/99999"),
    ],
)
def test_a_code_typed_into_the_search_opens_its_page(admin: Person, typed: str, leads_to: str) -> None:
    answer = admin.get(f"/errors?q={typed.replace(' ', '+')}")
    assert (answer.status_code, answer.headers["Location"].replace("%3A", ":")) == (302, leads_to)


def test_a_failure_of_a_call_is_explained_beside_it_and_counted_once(house: Application, admin: Person) -> None:
    """A repeated webhook tells the same failure again; the count is of calls."""
    sid = "CA" + "2" * 32
    raw = {"DialCallStatus": "failed", "DialSipResponseCode": "503"}
    event = Event("outcome:1", Kind.OUTCOME, 1, detail={"destination": "front-desk", "outcome": "failed", "raw": raw})
    store = house.services.voice_store
    log = CallLog(store, 30)
    log.open(sid, {"version": "1-00000000", "decision": {"variables": {}}}, {"environment": "production"}, [], 1)
    for _ in range(2):
        log.step(sid, "dial-ended:1", "1", summary={}, events=[event], at_ms=1)
    store.flush()
    assert 'href="/errors/sip:503"' in admin.sees(f"/calls/{sid}")
    page = admin.sees("/errors/sip:503")
    assert "1 time" in page
    assert f'href="/calls/{sid}"' in page


# -- doctor


def test_the_doctor_says_one_fix_for_each_fault_and_asks_twilio_on_request(
    admin: Person, twilio: TwilioAccount
) -> None:
    page = admin.sees("/doctor")
    assert "Emergency destination" in page
    assert "<strong>Fix:</strong>" in page
    assert twilio.asked == []
    assert "No Twilio account is connected" not in page
    asked = admin.sees("/doctor?all=1")
    assert "The credentials from the environment work" in asked
    assert twilio.counted["account"] == 1


# -- the Twilio account


@pytest.fixture
def own_twilio(twilio: TwilioAccount) -> TwilioAccount:
    twilio.accepted = {(ACCOUNT_SID, TYPED_TOKEN), (API_KEY_SID, API_KEY_SECRET)}
    return twilio


def test_an_account_is_typed_once_checked_used_and_removed(unconnected: Application, own_twilio: TwilioAccount) -> None:
    admin = person(unconnected, Role.ADMIN)
    typed = {"account_sid": ACCOUNT_SID, "_auth_token": TYPED_TOKEN}
    assert admin.posts("/settings/twilio", typed).status_code == 302
    page = admin.sees("/numbers")
    assert "a full account" in page
    assert "555-0100" in page
    about = admin.sees("/settings/twilio")
    assert TYPED_TOKEN not in about
    assert "kept encrypted" in about
    assert unconnected.services.account_sid() == ACCOUNT_SID
    stored = needs_of(unconnected).live.deployment.to_document()
    assert TYPED_TOKEN not in str(stored)
    admin.posts("/settings/twilio/remove", {}, page="/settings/twilio")
    assert "No Twilio account is connected" in admin.sees("/numbers")
    assert unconnected.services.account_sid() is None


def test_a_token_that_twilio_refuses_is_not_kept_and_the_page_says_where_the_right_one_is(
    unconnected: Application, own_twilio: TwilioAccount
) -> None:
    admin = person(unconnected, Role.ADMIN)
    wrong = "f" * 32
    answer = admin.posts("/settings/twilio", {"account_sid": ACCOUNT_SID, "_auth_token": wrong})
    assert answer.status_code == 422
    assert "(20003)" in answer.text
    assert "API keys &amp; tokens" in answer.text
    assert f'value="{ACCOUNT_SID}"' in answer.text
    assert wrong not in answer.text
    assert needs_of(unconnected).live.deployment.twilio is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"account_sid": "", "_auth_token": TYPED_TOKEN}, "The Account SID is missing."),
        ({"account_sid": "AC123", "_auth_token": TYPED_TOKEN}, "begins with AC and has 34 signs"),
        ({"account_sid": ACCOUNT_SID}, "there is no API key either"),
        ({"account_sid": ACCOUNT_SID, "_auth_token": "short"}, "The Auth Token has 32 signs"),
        ({"account_sid": ACCOUNT_SID, "_auth_token": TYPED_TOKEN, "api_key_sid": API_KEY_SID}, "type both or neither"),
    ],
)
def test_what_cannot_be_right_is_said_at_its_field_before_twilio_is_asked(
    unconnected: Application, twilio: TwilioAccount, typed: dict[str, str], said: str
) -> None:
    answer = person(unconnected, Role.ADMIN).posts("/settings/twilio", typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert twilio.asked == []


def test_an_api_key_alone_connects_and_says_that_calls_need_the_token(
    unconnected: Application, own_twilio: TwilioAccount
) -> None:
    admin = person(unconnected, Role.ADMIN)
    typed = {"account_sid": ACCOUNT_SID, "api_key_sid": API_KEY_SID, "_api_key_secret": API_KEY_SECRET}
    assert admin.posts("/settings/twilio", typed).status_code == 302
    assert "Twilio accepts the API key" in admin.sees("/settings/twilio")
    assert "Until it is entered as well, calls are refused" in admin.sees("/settings/twilio")


def test_the_page_says_that_the_environment_wins(admin: Person) -> None:
    page = admin.sees("/settings/twilio")
    assert "which wins" in page
    assert 'name="_auth_token"' not in page
    assert "They work." in admin.sees("/settings/twilio") or checked(admin)


def checked(admin: Person) -> bool:
    admin.posts("/settings/twilio/check", {}, page="/settings/twilio")
    return "They work. Twilio accepts them" in admin.sees("/settings/twilio")


@pytest.mark.parametrize("path", ["/settings/twilio", "/settings/twilio/remove", f"/numbers/{CONNECTED}/environment"])
def test_only_an_admin_changes_the_account_and_the_numbers(house: Application, path: str) -> None:
    operator = person(house, Role.OPERATOR)
    assert operator.posts(path, {"environment": "sandbox"}, page="/settings").status_code == 403


def test_a_change_without_a_token_of_the_page_is_refused(admin: Person, twilio: TwilioAccount) -> None:
    answer = admin.client.post(f"/numbers/{UNDOABLE}/connect", data={}, base_url="https://handoff.example.com")
    assert answer.status_code == 403
    assert twilio.counted["update_number"] == 0


# -- the store away


def test_with_the_store_away_every_page_renders_and_says_so(tmp_path: Path, twilio: TwilioAccount) -> None:
    with RedisServer() as redis, Application(redis.url, tmp_path, DOCUMENT, **ENVIRONMENT) as house:
        admin = person(house, Role.ADMIN)
        seen = seen_on(admin, f"/numbers/{UNDOABLE}")
        token = re.search(r'name="_token" value="([^"]+)"', admin.sees("/sms"))
        assert token is not None
        redis.kill()
        assert "Connecting waits" in admin.sees("/numbers")
        assert "555-0106" in admin.sees("/numbers")
        assert "does not answer" in admin.sees("/sms")
        assert "not known just now" in admin.sees("/errors")
        assert "Not known while the store does not answer" in admin.sees("/errors/13801")
        assert "Redis cannot be used" in admin.sees("/doctor")
        admin.sees("/settings/twilio")
        answer = admin.client.post(
            f"/numbers/{UNDOABLE}/connect",
            data={"_token": token[1], "_seen": seen},
            base_url="https://handoff.example.com",
            headers={"Sec-Fetch-Site": "same-origin"},
        )
        assert answer.status_code == 503
        assert twilio.counted["update_number"] == 0
