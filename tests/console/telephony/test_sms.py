"""The SMS registration, as used without JavaScript."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from datetime import UTC, datetime
from pathlib import Path

from click.testing import CliRunner
from redis import Redis

from tests.api.asking import Api
from tests.application import Application, settings_for
from tests.console.conftest import Person, person
from tests.console.telephony.helpers import needs_of
from tests.messaging.full_account import EXPECTED
from tests.messaging.rest_stand_in import ACCOUNT_SID, AUTH_TOKEN, TwilioAccount, always, problem
from webapp.commands._workbench import Workbench
from webapp.commands.sms import sms_command
from webapp.console.masking import readable
from webapp.console.sms import WORDS
from webapp.messaging.a2p.verdicts import Readiness
from webapp.messaging.sms_log import TextLog
from webapp.numbers.account_access import AccountAccess
from webapp.numbers.public_address import PublicAddress
from webapp.people.roles import Role
from webapp.twilio_rest.client import Credentials


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
