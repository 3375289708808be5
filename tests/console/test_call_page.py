"""One call: the caller stays masked until somebody asks, and the call is played and kept by its SID alone."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.application import Application
from tests.console.conftest import Person, person
from tests.console.document import DOCUMENT
from webapp.calls.log import CallLog
from webapp.calls.timeline import Event, Kind
from webapp.console.needs import Needs
from webapp.people.roles import Role

SID = "CA" + "9" * 32
NUMBER, PARTS = "+12125550123", ("2125550123", "555-0123", "alice")
RAW = {"From": NUMBER, "Caller": "sip:alice@pbx.example.com", "ForwardedFrom": NUMBER, "DialCallStatus": "busy",
       "To": "+14155550199", "SipHeader_P-Asserted-Identity": "<sip:alice@pbx.example.com>"}  # fmt: skip


def store_call(
    house: Application, call_sid: str = SID, *, at: str = "2026-11-20T18:00:00+00:00", **variables: str
) -> None:
    """A call that VIP host was rung for and that was busy; what Twilio sent tells the caller in every way."""
    log = CallLog(house.services.voice_store, 30)
    version = str(house.services.live.environment("production").version)
    told = {"caller_id": NUMBER, "called_number": "+14155550199", "forwarded_from": "sip:alice@pbx.example.com",
            "caller_name": "Alice Jones", "speech": "call 212-555-0123", "intent": "billing"} | variables  # fmt: skip
    decision = {"variables": told, "at": at, "votes": [], "failing": [], "conditions": {}}
    facts = {"version": version, "environment": "production", "over": "phone", "decision": decision}
    handed = {"destination": "vip-host", "verb": "dial", "note": "", "routes": []}
    events = [
        Event("decided", Kind.DECIDED, detail={"destination": "vip-host", "rule": "vip", "reason": ""}),
        Event("handed_off:1", Kind.HANDED_OFF, 1, detail=handed),
        Event("outcome:1", Kind.OUTCOME, 1, detail={"destination": "vip-host", "outcome": "busy", "raw": RAW}),
        Event("spoken", Kind.SPOKEN, 2, detail={"text": f"We call you back on {NUMBER}."}),
        Event("ended", Kind.ENDED, 99, detail={"raw": {"CallStatus": "completed", "From": NUMBER}}),
    ]
    summary = {"version": version, "environment": "production", "destination:1": "vip-host", "rule": "vip"}
    log.open(call_sid, facts, summary, events, int(house.services.clock().timestamp() * 1000) - 1000)


@pytest.fixture
def viewer(house: Application) -> Person:
    store_call(house)
    return person(house, Role.VIEWER)


@pytest.mark.parametrize(
    "path", ["/calls", "/calls.json", f"/calls/{SID}", f"/calls/{SID}.json", f"/calls/{SID}/replay"]
)
def test_a_viewer_finds_the_caller_nowhere_in_full(viewer: Person, path: str) -> None:
    text = viewer.sees(path)
    assert [part for part in PARTS if part in text] == []
    assert "+12125550123" not in text


def test_the_page_and_its_json_mask_the_same(viewer: Person) -> None:
    timeline = viewer.get(f"/calls/{SID}.json").get_json()["timeline"]
    raw = next(event["detail"]["raw"] for event in timeline if event["kind"] == "outcome")
    page = viewer.sees(f"/calls/{SID}")
    assert raw["From"] == "+1 212-\u2022\u2022\u2022-\u2022\u202223"
    assert raw["Caller"] == "sip:al\u2022\u2022\u2022@pbx.example.com"
    assert raw["To"] == "+14155550199"
    assert all(f">{raw[name]}<" in page for name in ("From", "Caller", "ForwardedFrom", "DialCallStatus"))


def test_a_replay_carries_the_sid_and_nothing_of_the_caller_in_its_address(viewer: Person) -> None:
    address = re.search(r'href="([^"]+)">Replay against the sandbox', viewer.sees(f"/calls/{SID}"))
    assert address is not None
    assert address[1] == f"/calls/{SID}/replay"
    answer = viewer.get(address[1])
    assert (answer.status_code, answer.location) == (200, None)


def test_a_replay_says_what_the_sandbox_would_do_otherwise(house: Application, viewer: Person, needs: Needs) -> None:
    assert "Billing Support gets the call" in viewer.sees(f"/calls/{SID}/replay")
    document: dict[str, Any] = {**needs.versions.get(1).document, "rules": [], "default_destination": "after-hours"}
    needs.versions.save(document, expected=1, author="test")
    page = viewer.sees(f"/calls/{SID}/replay")
    assert "What would be different" in page
    assert "After hours gets the call" in page
    rows = re.findall(r'<th scope="row">([^<]*)</th><td data-label="Then"><span>([^<]*)</span>', page)
    assert ("Goes to", "VIP host") in rows
    assert ("Rule", "VIP guests") in rows


def test_a_revealed_caller_stands_in_the_audit_log_with_who_looked(house: Application, viewer: Person) -> None:
    operator = person(house, Role.OPERATOR)
    shown = operator.posts(f"/calls/{SID}/reveal", {}, page=f"/calls/{SID}")
    assert "+1 212-555-0123" in shown.text
    entry = house.services.configurations.editor.audit_entries(limit=1)[0]
    assert (entry.action, entry.actor, entry.subject) == ("revealed a caller", "operator@example.com", SID)
    assert "revealed a caller" in person(house, Role.ADMIN).sees("/settings/audit")


def test_a_caller_is_not_revealed_when_nobody_can_write_down_that_it_was(house: Application, viewer: Person) -> None:
    operator = person(house, Role.OPERATOR)
    operator.sees(f"/calls/{SID}")
    client = house.services.configurations.store.client
    client.config_set("min-replicas-to-write", "1")
    try:
        shown = operator.posts(f"/calls/{SID}/reveal", {}, page=f"/calls/{SID}")
    finally:
        client.config_set("min-replicas-to-write", "0")
    assert shown.status_code == 409
    assert "2125550123" not in shown.text.replace("-", "")


def test_a_call_is_kept_as_a_test_from_its_own_page(house: Application, viewer: Person, needs: Needs) -> None:
    operator = person(house, Role.OPERATOR)
    answer = operator.posts(f"/calls/{SID}/save-test", {}, page=f"/calls/{SID}")
    assert answer.location == "/test/saved?touched=1#test-1"
    test = needs.live.environment("sandbox").compiled.configuration.tests[-1]
    assert (test.call.from_, test.name) == (NUMBER, f"Call {SID[-6:]} of 2026-11-20 17:59")


def test_a_call_that_is_a_test_already_makes_no_second_one(house: Application, viewer: Person, needs: Needs) -> None:
    operator = person(house, Role.OPERATOR)
    operator.posts(f"/calls/{SID}/save-test", {}, page=f"/calls/{SID}")
    kept = needs.live.environment("sandbox").version
    answer = operator.posts(f"/calls/{SID}/save-test", {"_name": "Once more"}, page=f"/calls/{SID}")
    assert answer.location == "/test/saved"
    assert f"This test is there already, as \u201cCall {SID[-6:]} of " in operator.sees("/test/saved")
    assert needs.live.environment("sandbox").version == kept


def test_what_is_copied_for_support_tells_what_happened_and_not_who_called(viewer: Person) -> None:
    page = viewer.sees(f"/calls/{SID}")
    support = page.split('<pre id="support">')[1].partition("</pre>")[0]
    assert SID in support
    assert "VIP host: busy." in support
    assert "DialCallStatus=busy" in support
    assert "+1 212-\u2022\u2022\u2022-\u2022\u202223" in support


def test_a_caller_who_gave_no_number_is_not_made_to_look_like_one(house: Application, admin: Person) -> None:
    store_call(house, caller_id="anonymous")
    assert "anonymous called" in admin.sees(f"/calls/{SID}")


def test_a_call_says_how_long_it_rang_and_was_talked_in_and_when_to_the_second(
    house: Application, admin: Person
) -> None:
    store_call(house)
    at = int(house.services.clock().timestamp() * 1000)
    log = CallLog(house.services.voice_store, 30)
    handed = {"destination": "front-desk", "verb": "dial", "note": "", "routes": []}
    answered = {"destination": "front-desk", "outcome": "answered", "raw": {"DialCallDuration": "95"}}
    log.note(SID, [Event("handed_off:2", Kind.HANDED_OFF, 2, detail=handed)], at)
    log.note(SID, [Event("outcome:2", Kind.OUTCOME, 2, detail=answered)], at + 107_000)
    house.services.voice_store.flush()
    page = admin.sees(f"/calls/{SID}")
    assert "<dt>Rang</dt><dd>13 s</dd><dt>Talked</dt><dd>1 min 35 s</dd>" in page
    assert ">13:01:47</time>" in page


def test_an_open_call_says_so_in_one_word_beside_its_facts(house: Application, admin: Person) -> None:
    summary = {"version": "1-0", "environment": "production"}
    CallLog(house.services.voice_store, 30).open(SID, {"decision": {"variables": {}}}, summary, [], 1)
    house.services.voice_store.flush()
    assert "open</span>" in admin.sees(f"/calls/{SID}").partition("<dt>End</dt>")[2].partition("</dd>")[0]


def test_a_call_leads_to_the_place_and_rule_as_its_environment_has_them(house: Application, admin: Person) -> None:
    store_call(house)
    page = admin.sees(f"/calls/{SID}")
    assert 'href="/destinations/vip-host?version=production"' in page
    assert 'href="/rules/night?version=production"' in page


def test_a_call_whose_place_and_rule_are_gone_leads_nowhere(house: Application, admin: Person, needs: Needs) -> None:
    store_call(house)
    rest = {**DOCUMENT, "rules": [], "tests": [], "destinations": [DOCUMENT["destinations"][1]], "hours": []}
    needs.versions.save(json.loads(json.dumps(rest)), expected=1, author="test")
    needs.versions.promote(2, expected_production=1, author="test")
    page = admin.sees(f"/calls/{SID}")
    assert "VIP guests" in page
    assert "/rules/vip" not in page
    assert "/destinations/vip-host" not in page


def test_a_call_leads_to_what_changed_since_its_version(house: Application, admin: Person, needs: Needs) -> None:
    store_call(house)
    needs.versions.save({**DOCUMENT, "name": "Grand Hotel"}, expected=1, author="test")
    assert 'href="/versions/compare?from=1&amp;to=2"' in admin.sees(f"/calls/{SID}")


def test_a_call_names_each_header_that_was_left_out_and_why(house: Application, admin: Person) -> None:
    store_call(house)
    detail = {"dropped": [{"name": "X-Customer-ID", "why": "customer_id is missing"}]}
    CallLog(house.services.voice_store, 30).note(SID, [Event("left_out:1", Kind.LEFT_OUT, 1, detail=detail)], 1)
    house.services.voice_store.flush()
    assert "X-Customer-ID was not sent: customer_id is missing." in admin.sees(f"/calls/{SID}")


def test_the_trace_names_hours_and_fields_as_the_rules_do(house: Application, admin: Person) -> None:
    store_call(house, intent="other")
    page = admin.sees(f"/calls/{SID}")
    assert "time is outside Support hours: it was inside" in page
    assert "support-hours is" not in page


def test_the_trace_says_what_closed_the_hours(house: Application, admin: Person) -> None:
    store_call(house, intent="other", at="2026-11-26T18:00:00+00:00")
    told = "it was outside, because of Thanksgiving Day (public holiday, 2026-11-26)"
    assert told in admin.sees(f"/calls/{SID}")
    assert told in admin.sees("/test?variables=intent%3Dother&at=2026-11-26T13:00")


def test_each_line_of_a_ring_group_is_told_apart_and_none_of_them_in_full(house: Application, admin: Person) -> None:
    store_call(house)
    legs = [
        Event(f"leg:{line}:initiated", Kind.LEG, 1, detail={"target": line, "raw": {"CallStatus": "initiated"}})
        for line in ("+14155550142", "sip:desk7@pbx.example.com")
    ]
    CallLog(house.services.voice_store, 30).note(SID, legs, 1)
    house.services.voice_store.flush()
    page = admin.sees(f"/calls/{SID}")
    assert "+1 415-\u2022\u2022\u2022-\u2022\u202242</span>: the phone network has the call." in page
    assert "sip:de\u2022\u2022\u2022@pbx.example.com: the phone network has the call." in page
    assert [line for line in ("555-0142", "5550142", "desk7") if line in page] == []


def test_a_message_that_twilio_tells_of_twice_is_recorded_once(house: Application, admin: Person) -> None:
    store_call(house)
    raw = {"RecordingUrl": "https://api.example.com/RE1", "RecordingSid": "RE1"}
    ready = raw | {"RecordingStatus": "completed"}
    told = [
        Event(name, Kind.RECORDED, 2, number, {"raw": each})
        for number, (name, each) in enumerate([("recorded", raw), ("recording:RE1", ready)])
    ]
    CallLog(house.services.voice_store, 30).note(SID, told, 1)
    house.services.voice_store.flush()
    page = admin.sees(f"/calls/{SID}")
    steps = page.partition('<ol class="line-time steps">')[2].partition("</ol>")[0]
    assert steps.count("A message was recorded") == 1
    assert steps.count("Twilio has the message ready") == 1
    assert 'href="https://api.example.com/RE1" rel="noreferrer">Listen to it at Twilio</a>' in steps


def test_a_caller_who_said_nothing_after_the_tone_left_no_message(house: Application, admin: Person) -> None:
    store_call(house)
    CallLog(house.services.voice_store, 30).note(SID, [Event("recorded", Kind.RECORDED, 2, detail={"raw": {}})], 1)
    house.services.voice_store.flush()
    page = admin.sees(f"/calls/{SID}")
    assert "No message was left." in page
    assert "A message was recorded" not in page


def test_a_caller_id_that_twilio_refused_at_the_fallback_address_is_named(house: Application, admin: Person) -> None:
    store_call(house)
    raw = {"ErrorCode": "13214", "ErrorUrl": "/voice/call"}
    refused = Event("fallback:0:/voice/call", Kind.FALLBACK, 0, detail={"raw": raw, "caller_id": True})
    CallLog(house.services.voice_store, 30).note(SID, [refused], 1)
    house.services.voice_store.flush()
    assert "used the fallback address: the caller\u2019s number may not be shown." in admin.sees(f"/calls/{SID}")
