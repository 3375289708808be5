"""The whole task without JavaScript: change a number, test it, promote it, roll it back; and what may go wrong."""

from __future__ import annotations

import csv
import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.application import Application
from tests.console.conftest import Person, person
from tests.console.document import DOCUMENT
from tests.console.test_hostile import hostile_strings
from tests.redis_server import RedisServer
from webapp.calls.log import CallLog
from webapp.console.export import read_cell, safe_cell
from webapp.console.needs import Needs
from webapp.people.roles import Role

FRONT_DESK = {
    "name": "Front desk", "method": "INVITE", "route": "+14155550177", "enabled": "true", "ring": "together",
    "ring_seconds": "20", "time_limit_seconds": "14400", "caller_id": "caller", "language": "en-US", "screen": "off",
    "fallback/0/kind": "voicemail", "fallback/0/greeting": "Please leave a message.", "_order": "save",
}  # fmt: skip


def route_of(needs: Needs, environment: str) -> str:
    published = needs.live.environment("production" if environment == "production" else "sandbox")
    return str(published.compiled.configuration.destination_by_id["front-desk"].route)


def test_a_number_is_changed_tested_promoted_and_rolled_back(admin: Person, needs: Needs) -> None:
    answer = admin.posts("/destinations/front-desk", FRONT_DESK)
    assert answer.status_code == 302
    assert "Saved as v2 in the sandbox" in admin.sees("/destinations")
    assert (route_of(needs, "sandbox"), route_of(needs, "production")) == ("+14155550177", "+14155550100")

    tested = re.sub(r"<[^>]*>", "", admin.sees("/test?destination=front-desk"))
    assert "Front desk gets the call at +1 415-555-0177: a person answers." in re.sub("<[^>]+>", "", tested)
    assert "Same in production" not in tested
    assert "Front desk: +1 415-555-0100 → +1 415-555-0177" in tested

    changes = admin.sees("/changes")
    assert "+1 415-555-0100" in changes
    assert "+1 415-555-0177" in changes
    hidden = dict(re.findall(r'name="(_version|_production)" value="(\d+)"', changes))
    refused = admin.posts("/changes/promote", hidden, page="/changes")
    assert refused.status_code == 422
    assert "One tick is missing" in refused.text
    promoted = admin.posts("/changes/promote", hidden | {"understood": "true", "note": "new line"}, page="/changes")
    assert promoted.status_code == 302
    assert route_of(needs, "production") == "+14155550177"

    page = admin.sees(promoted.location)
    assert "v2 answers new calls" in page
    admin.posts("/versions/1/roll-back", {})
    assert route_of(needs, "production") == "+14155550100"
    assert route_of(needs, "sandbox") == "+14155550177"


def test_a_version_that_failed_its_tests_cannot_reach_production_as_a_roll_back(admin: Person, needs: Needs) -> None:
    document = json.loads(json.dumps(needs.versions.get(1).document))
    needs.versions.save(document | {"rules": []}, expected=1, author="test")
    needs.versions.save(document, expected=2, author="test")
    hidden = {"_version": "2", "_production": "1", "understood": "true"}
    assert "/versions/2/roll-back" not in admin.sees("/versions")
    assert "Version 2 was never in production" in admin.sees("/versions/2/roll-back", status=409)
    assert admin.posts("/versions/2/roll-back", hidden, page="/versions").status_code == 409
    assert needs.live.environment("production").version.number == 1


def test_a_fault_is_told_at_its_field_and_nothing_typed_is_lost(admin: Person, needs: Needs) -> None:
    answer = admin.posts("/destinations/front-desk", FRONT_DESK | {"route": "(415) 555-0177", "name": "Lobby"})
    assert answer.status_code == 422
    assert "Nothing was saved." in answer.text
    assert 'href="#f-route"' in answer.text
    assert 'id="f-route-fault"' in answer.text
    assert 'value="Lobby"' in answer.text
    assert "(415) 555-0177" in answer.text
    assert 'value="use:route:+14155550177"' in answer.text
    assert (
        'id="f-ring_seconds-fault"'
        in admin.posts("/destinations/front-desk", FRONT_DESK | {"ring_seconds": "9" * 4}).text
    )
    assert needs.versions.pointers().newest == 1


def test_the_offered_number_is_taken_over_by_its_button(admin: Person) -> None:
    typed = FRONT_DESK | {"route": "(415) 555-0177", "_order": "use:route:+14155550177"}
    answer = admin.posts("/destinations/front-desk", typed)
    assert re.search(r'name="route"[^>]*>\+14155550177</textarea>', answer.text)


def test_rows_are_added_moved_and_removed_without_saving(admin: Person, needs: Needs) -> None:
    more = admin.posts("/destinations/front-desk", FRONT_DESK | {"_order": "add:fallback"})
    assert 'name="fallback/1/kind"' in more.text
    less = admin.posts("/destinations/front-desk", FRONT_DESK | {"_order": "remove:fallback/0"})
    assert 'name="fallback/0/kind"' not in less.text
    assert needs.versions.pointers().newest == 1


def test_two_editors_never_lose_what_they_typed(house: Application, admin: Person, needs: Needs) -> None:
    operator = person(house, Role.OPERATOR)
    stale = {"_version": "1"}
    assert operator.posts("/destinations/front-desk", FRONT_DESK | {"name": "Reception"}).status_code == 302
    answer = admin.posts("/destinations/front-desk", FRONT_DESK | stale | {"name": "Lobby"})
    assert answer.status_code == 409
    assert "operator@example.com saved v2 while this was open" in answer.text
    assert "Reception" in answer.text
    assert 'value="Lobby"' in answer.text
    assert 'name="_version" value="2"' in answer.text
    again = admin.posts("/destinations/front-desk", FRONT_DESK | {"_version": "2", "name": "Lobby"})
    assert again.status_code == 302
    assert needs.live.environment("sandbox").compiled.configuration.destination_by_id["front-desk"].name == "Lobby"


def test_a_rule_with_a_nested_group_survives_its_form_unchanged(admin: Person, needs: Needs) -> None:
    page = admin.sees("/rules/vip")
    fields = _fields(page)
    answer = admin.posts("/rules/vip", fields | {"_order": "save", "name": "VIP guests first"})
    assert answer.status_code == 302, answer.text
    before, after = needs.versions.get(1).document["rules"][0], needs.versions.get(2).document["rules"][0]
    assert {**after, "name": "x"} == {**before, "name": "x"}


def test_every_kind_of_condition_survives_the_form(admin: Person, needs: Needs) -> None:
    conditions = [
        {"variable": "caller_id", "starts_with": ["+1212", "+1646"]},
        {"variable": "digits", "between": ["1", "5"]},
        {"variable": "intent", "is_missing": True},
        {"hours": "support-hours", "is": "closed"},
        {"day": ["sat", "sun"]},
        {"date": ["2026-12-24", "2026-12-26"]},
        {"share": 20},
        {"not": {"any": [{"variable": "intent", "is": "a"}, {"variable": "intent", "is": "b"}]}},
    ]
    document = json.loads(json.dumps(needs.versions.get(1).document))
    document["rules"][0]["when"] = {"any": conditions}
    needs.versions.save(document, expected=1, author="test")
    stored = needs.versions.get(2).document["rules"][0]
    answer = admin.posts(
        "/rules/vip", _fields(admin.sees("/rules/vip")) | {"_order": "save", "utterance": "Welcome back."}
    )
    assert answer.status_code == 302, answer.text
    after = needs.versions.get(3).document["rules"][0]
    assert after["when"] == stored["when"]
    assert after["utterance"] == "Welcome back."


def test_a_fault_deep_in_a_rule_is_told_at_its_own_field(admin: Person) -> None:
    fields = _fields(admin.sees("/rules/vip"))
    name = next(name for name in fields if name.endswith("items/1/items/0/variable"))
    answer = admin.posts("/rules/vip", fields | {"_order": "save", name: "Not A Name"})
    assert answer.status_code == 422
    assert f'id="f-{name.replace("/", "-")}-fault"' in answer.text


def test_hours_survive_their_form_and_monday_is_copied(admin: Person, needs: Needs) -> None:
    fields = _fields(admin.sees("/hours/support-hours"))
    copied = admin.posts("/hours/support-hours", fields | {"_order": "copy-monday", "week/mon": "08:00-20:00"})
    assert copied.text.count('value="08:00-20:00"') == 5
    admin.posts("/hours/support-hours", fields | {"_order": "save", "name": "Desk hours"})
    before, after = needs.versions.get(1).document["hours"][0], needs.versions.get(2).document["hours"][0]
    assert {**after, "name": ""} == {**before, "name": ""}


def test_a_rule_moves_by_buttons_and_a_delete_is_undone(admin: Person, needs: Needs) -> None:
    admin.posts("/rules/billing-in-hours/move", {"to": "up", "_version": "1"}, page="/rules")
    assert needs.live.environment("sandbox").compiled.configuration.rules[0].id == "billing-in-hours"
    gone = admin.posts("/rules/night/delete", {"_version": "2"}, page="/rules")
    assert "Undo the delete" in admin.sees(gone.location)
    admin.posts("/versions/undo", {"_version": "3"}, page="/rules")
    assert needs.live.environment("sandbox").compiled.configuration.rules[-1].id == "night"


def test_a_destination_in_use_is_not_deleted(admin: Person, needs: Needs) -> None:
    answer = admin.posts("/destinations/vip-host/delete", {"_version": "1"}, page="/destinations/vip-host")
    assert "still used by rule \u201cVIP guests\u201d" in admin.sees(answer.location)
    assert needs.versions.pointers().newest == 1


def test_a_call_is_saved_as_a_test_and_run(admin: Person, needs: Needs) -> None:
    answer = admin.posts(
        "/test/save",
        {"_name": "Night", "_version": "1", "from": "+12125550123", "to": "+14155550199", "over": "phone",
         "at": "2026-11-20T23:00:00-05:00", "far/0": "busy", "far/1": "answered", "far/2": "answered"},
        page="/test",
    )  # fmt: skip
    assert answer.status_code == 302
    assert "2 of 2 passed" in admin.sees("/test/saved?run=1")
    test = needs.live.environment("sandbox").compiled.configuration.tests[-1]
    assert test.far_end == ("busy",)


def test_with_the_store_stopped_pages_are_drawn_and_nothing_typed_is_lost(tmp_path: Path) -> None:
    with RedisServer() as server, Application(server.url, tmp_path, DOCUMENT) as house:
        admin = person(house, Role.ADMIN)
        admin.sees("/destinations/front-desk")
        token = admin.sees("/settings").split('name="_token" value="')[1].partition('"')[0]
        server.kill()
        house.services.live.refresh()
        page = admin.sees("/destinations")
        assert "Calls still work; editing is off." in page
        assert "Billing Support" in page
        answer = admin.client.post(
            "/destinations/front-desk", data=FRONT_DESK | {"_token": token, "_version": "1"},
            base_url="https://handoff.example.com", headers={"Sec-Fetch-Site": "same-origin"},
        )  # fmt: skip
        assert answer.status_code == 503
        assert "Nothing was saved" in answer.text
        assert "+14155550177" in answer.text
        admin.sees("/")


def test_an_export_holds_no_formula_and_loses_nothing(house: Application, admin: Person) -> None:
    cells = [*hostile_strings(2_000), "+14155550100", "-1", "@x", "'quoted", "\tx", "", "plain"]
    for cell in cells:
        assert safe_cell(cell)[:1] not in {"=", "+", "-", "@", "\t", "\r", "\0"}
        assert read_cell(safe_cell(cell)) == cell
    log = CallLog(house.services.voice_store, 30)
    facts = {"version": "1-00000000", "decision": {"variables": {"caller_id": "+12125550123", "called_number": "=1+1"}}}
    at_ms = int(house.services.clock().timestamp() * 1000) - 1000
    log.open("CA" + "8" * 32, facts, {"environment": "production"}, [], at_ms)
    rows = list(csv.DictReader(io.StringIO(admin.sees("/calls.csv"))))
    assert rows[0]["to"] == "'=1+1"
    assert rows[0]["from"].startswith("'+1 212-\u2022")


class _Form(HTMLParser):
    """The fields of a page's main form, as a browser would send them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.fields: dict[str, object] = {}
        self._select = self._textarea = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = dict(attrs)
        name, value = about.get("name") or "", about.get("value") or ""
        if tag == "input" and name and (about.get("type") not in {"checkbox", "radio"} or "checked" in about):
            self._add(name, value)
        if tag == "select":
            self._select = name
        if tag == "option" and self._select and ("selected" in about or self._select not in self.fields):
            self.fields[self._select] = value
        if tag == "textarea":
            self._textarea = name
            self.fields[name] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._textarea = ""
        if tag == "select":
            self._select = ""

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.fields[self._textarea] = data

    def _add(self, name: str, value: str) -> None:
        if name.endswith("*"):
            held = self.fields.setdefault(name, [])
            assert isinstance(held, list)
            held.append(value)
        else:
            self.fields[name] = value


def _fields(page: str) -> dict[str, object]:
    form = page[page.index("data-guard") :]
    return _Form(form[: form.index("</form>")]).fields


@pytest.mark.parametrize(
    "path", ["/destinations/none", "/rules/none", "/hours/none", "/versions/99/roll-back", "/help/none"]
)
def test_what_does_not_exist_is_said_in_words(admin: Person, path: str) -> None:
    assert "There " in admin.sees(path, status=404)
