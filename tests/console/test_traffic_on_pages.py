"""Destinations and rules with what the last day's calls say about them."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

from tests.application import Application
from tests.console.conftest import Person
from tests.console.document import DOCUMENT
from tests.console.test_tasks import _fields
from webapp.calls.log import CallLog
from webapp.calls.timeline import Event, Kind
from webapp.calls.traffic import MOST_FACTS
from webapp.console.needs import Needs


def call(house: Application, number: int, ends: str, *path: str, minutes: int = 5, **more: Any) -> None:
    needs_at = house.services.clock() - timedelta(minutes=minutes)
    variables = {"caller_id": "+12125550123", "intent": more.get("intent", "billing")}
    decision = {"variables": variables, "at": needs_at.isoformat(), "votes": [], "failing": [], "conditions": {}}
    facts = {"over": "phone", "decision": decision}
    summary = {"environment": more.get("environment", "production"), "ends": ends, "rule": more.get("rule", "")}
    summary |= {f"destination:{place}": name for place, name in enumerate(path, start=1)}
    log = CallLog(house.services.voice_store, 30)
    log.open(f"CA{number:032x}", facts, summary, [], int(needs_at.timestamp() * 1000))
    assert house.services.voice_store.flush(10)


def rows(page: str) -> list[str]:
    return re.findall(r"<tr><td data-label=\"Name\">.*?</tr>", page, flags=re.DOTALL)


def test_a_destination_shows_its_calls_and_how_many_were_answered(house: Application, admin: Person) -> None:
    for number, ends in enumerate(("answered", "answered", "voicemail")):
        call(house, number, ends, "front-desk")
    row = next(row for row in rows(admin.sees("/destinations")) if ">Front desk<" in row)
    assert "3 calls" in row
    assert "67% answered" in row


def test_a_failing_destination_stands_first(house: Application, admin: Person) -> None:
    for number in range(4):
        call(house, number, "hung_up", "vip-host")
    first, *others = rows(admin.sees("/destinations"))
    assert ">VIP host<" in first
    assert "Failing" in first
    assert not any("Failing" in row for row in others)


def test_calls_of_the_sandbox_and_of_yesterday_do_not_count(house: Application, admin: Person) -> None:
    call(house, 1, "hung_up", "front-desk", environment="sandbox")
    call(house, 2, "hung_up", "front-desk", minutes=25 * 60)
    row = next(row for row in rows(admin.sees("/destinations")) if ">Front desk<" in row)
    assert "no calls" in row


def test_a_rule_shows_how_many_calls_it_decided_and_when_the_last_came(house: Application, admin: Person) -> None:
    call(house, 1, "answered", "vip-host", rule="vip", minutes=40)
    call(house, 2, "answered", "vip-host", rule="vip", minutes=4)
    page = admin.sees("/rules")
    assert "2 calls in 24 hours, the last 4 minutes ago" in page
    assert "No calls in 24 hours" in page


def test_a_rule_in_its_form_says_how_many_calls_it_would_have_matched(house: Application, admin: Person) -> None:
    for number, intent in enumerate(("billing", "billing", "booking")):
        call(house, number, "answered", "front-desk", intent=intent)
    typed = _fields(admin.sees("/rules/billing-in-hours")) | {"when/items/1/is": "open", "_order": "refresh:"}
    assert "Would have matched 2 of the 3 production calls" in admin.posts("/rules/billing-in-hours", typed).text
    typed |= {"when/items/0/values": "booking"}
    assert "Would have matched 1 of the 3 production calls" in admin.posts("/rules/billing-in-hours", typed).text


def test_a_rule_is_tried_on_a_bounded_number_of_calls(house: Application, needs: Needs) -> None:
    for number in range(MOST_FACTS + 5):
        call(house, number, "answered", "front-desk")
    assert len(needs.traffic.facts()) == MOST_FACTS


def test_an_empty_list_of_rules_offers_rules_to_begin_with(admin: Person, needs: Needs) -> None:
    needs.versions.save({**DOCUMENT, "rules": []}, expected=1, author="t")
    page = admin.sees("/rules")
    for name in re.findall(r"/rules/new\?template=([a-z-]+)", page):
        typed = _fields(admin.sees(f"/rules/new?template={name}"))
        assert admin.posts("/rules/new", typed | {"_order": "save"}).status_code == 302, name
    saved = {rule["name"] for rule in needs.versions.get("sandbox").document["rules"]}
    assert {"After hours", "VIP callers", "Emergency closure"} <= saved


def test_a_moved_rule_is_in_sight_on_its_own_page(admin: Person, needs: Needs) -> None:
    rules = [DOCUMENT["rules"][2] | {"id": f"r{place}", "name": f"Rule {place}"} for place in range(120)]
    needs.versions.save(json.loads(json.dumps({**DOCUMENT, "rules": rules, "tests": []})), expected=1, author="t")
    moved = admin.posts("/rules/r99/move", {"to": "down"}, page="/rules?page=2")
    assert moved.location.endswith("#rule-r99-down")
    assert 'id="rule-r99-down"' in admin.sees(moved.location)


def test_rules_are_found_by_name_condition_and_destination_at_their_own_places(admin: Person, needs: Needs) -> None:
    rules = [DOCUMENT["rules"][2] | {"id": f"r{place}", "name": f"Rule no. {place}."} for place in range(60)]
    rules[41] |= {"when": {"variable": "intent", "is": "lost_luggage"}}
    needs.versions.save(json.loads(json.dumps({**DOCUMENT, "rules": rules, "tests": []})), expected=1, author="t")
    for text in ("no. 41.", "LOST_luggage"):
        page = admin.sees(f"/rules?q={text}")
        assert "1 of 60 rules." in page
        assert '<span class="n">42</span>' in page
        assert page.count('value="up"') == 1
    moved = admin.posts("/rules/r41/move", {"to": "up"}, page="/rules?q=luggage")
    assert moved.location.endswith("#rule-r41-up")
    assert '<span class="n">41</span>' in admin.sees("/rules?q=luggage")


def test_a_destination_shows_how_long_its_callers_waited(house: Application, admin: Person) -> None:
    began = int((house.services.clock() - timedelta(minutes=5)).timestamp() * 1000)
    raw = {"DialCallStatus": "completed", "DialBridged": "true", "DialCallDuration": "60"}
    told = [
        (began, Event("handed_off:1", Kind.HANDED_OFF, 1, detail={"destination": "front-desk", "verb": "dial"})),
        (began + 72_000, Event("outcome:1", Kind.OUTCOME, 1, detail={"outcome": "answered", "raw": raw})),
    ]
    call(house, 1, "answered", "front-desk")
    for at_ms, event in told:
        CallLog(house.services.voice_store, 30).note(f"CA{1:032x}", [event], at_ms)
    assert house.services.voice_store.flush(10)
    page = admin.sees("/destinations/front-desk")
    assert "Half of the answered calls rang for less than 12 seconds" in page
    assert "ring-time" not in admin.sees("/destinations/vip-host")
