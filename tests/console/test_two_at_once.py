"""Two people with the same page open: whoever is second hears of it, sees what differs, and takes back nothing that the
first one did and nobody looked at."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.application import Application
from tests.console.conftest import PASSWORD, TOKEN, Person, person
from webapp.console.needs import Needs
from webapp.people.roles import Role

CONTROL = re.compile(r"<(input|textarea|select)\b([^>]*)>(.*?)(?=<(?:input|textarea|select)\b|$)", re.DOTALL)
ATTRIBUTE = re.compile(r'([a-z]+)="([^"]*)"')
Fields = dict[str, Any]


def opened(page: str, holds: str = "_version") -> Fields:
    """What a browser would send of the form of this page that has this field, untouched."""
    form = next(text for text in page.split("<form")[1:] if f'name="{holds}"' in text.partition("</form>")[0])
    form = form.partition("</form>")[0]
    fields: Fields = {}
    for tag, attributes, inside in CONTROL.findall(form):
        named = dict(ATTRIBUTE.findall(attributes))
        if "name" not in named or (named.get("type") in ("checkbox", "radio") and " checked" not in attributes):
            continue
        value = html.unescape(named.get("value", ""))
        if tag == "textarea":
            value = html.unescape(inside.partition("</textarea>")[0])
        if tag == "select":
            chosen = re.search(r'<option value="([^"]*)" selected', inside.partition("</select>")[0])
            value = chosen[1] if chosen else ""
        if named["name"].endswith("*"):
            fields.setdefault(named["name"], []).append(value)
        else:
            fields[named["name"]] = value
    return fields


def sends(somebody: Person, path: str, fields: Fields) -> Any:
    return somebody.client.post(
        path, data=fields, base_url="https://handoff.example.com", headers={"Sec-Fetch-Site": "same-origin"}
    )


def somebody_saves(needs: Needs, change: Callable[[Any], object]) -> None:
    newest = needs.versions.get("sandbox")
    document = {**newest.document}
    change(document)
    needs.versions.save(document, expected=newest.number, author="kim@example.com", note="x")
    needs.live.refresh()


def renamed(part: str, identifier: str) -> Callable[[Any], object]:
    def change(document: Any) -> None:
        document[part] = [{**item, "name": "Theirs"} if item["id"] == identifier else item for item in document[part]]

    return change


FORMS: list[tuple[str, Callable[[Any], object], str, Fields]] = [
    ("/destinations/front-desk", renamed("destinations", "front-desk"), "add:fallback", {"utterance": "Mine"}),
    ("/destinations/front-desk", renamed("destinations", "front-desk"), "save", {"route": "nowhere"}),
    ("/rules/vip", renamed("rules", "vip"), "add:when/items", {"utterance": "Mine"}),
    ("/rules/vip", renamed("rules", "vip"), "save", {"place": "900"}),
    ("/hours/support-hours", renamed("hours", "support-hours"), "add:exceptions", {"time_zone": "UTC"}),
    ("/hours/support-hours", renamed("hours", "support-hours"), "save", {"week/mon": "late"}),
    ("/settings/calls", lambda document: document.update(text_back={"body": "Theirs"}), "add:variables", {}),
]  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_a_form_that_comes_back_stays_at_the_version_it_was_opened_at(
    needs: Needs, admin: Person, form: tuple[str, Callable[[Any], object], str, Fields]
) -> None:
    path, theirs, order, typed = form
    mine = opened(admin.sees(path))
    somebody_saves(needs, theirs)
    again = sends(admin, path, mine | typed | {"_order": order})
    assert opened(again.text)["_version"] == mine["_version"]
    refused = sends(admin, path, mine | {"_order": "save", "name": "Mine", "policy/max_steps": "3"})
    assert refused.status_code == 409


def test_a_row_that_is_taken_out_meanwhile_does_not_let_a_save_take_back_what_somebody_else_saved(
    needs: Needs, admin: Person
) -> None:
    mine = opened(admin.sees("/destinations/front-desk"))
    somebody_saves(needs, renamed("destinations", "front-desk"))
    mine = opened(sends(admin, "/destinations/front-desk", mine | {"_order": "remove:fallback/0"}).text)
    assert sends(admin, "/destinations/front-desk", mine | {"_order": "save"}).status_code == 409
    names = [item["name"] for item in needs.versions.get("sandbox").document["destinations"]]
    assert "Theirs" in names


def test_after_a_conflict_what_was_typed_stays_and_the_rest_follows_the_other_person(
    needs: Needs, admin: Person
) -> None:
    mine = opened(admin.sees("/rules/vip")) | {"reason": "mine"}
    somebody_saves(needs, renamed("rules", "vip"))
    answer = sends(admin, "/rules/vip", mine | {"_order": "save"})
    assert answer.status_code == 409
    assert "Where you typed nothing, the form now says what theirs says." in answer.text
    shown = opened(answer.text)
    assert (shown["name"], shown["reason"]) == ("Theirs", "mine")
    assert sends(admin, "/rules/vip", shown | {"_order": "save"}).status_code == 302
    stored = next(rule for rule in needs.versions.get("sandbox").document["rules"] if rule["id"] == "vip")
    assert (stored["name"], stored["reason"]) == ("Theirs", "mine")


def test_two_days_of_the_same_week_are_both_kept(needs: Needs, admin: Person) -> None:
    page = "/hours/support-hours"
    mine = opened(admin.sees(page)) | {"week/sun": "10:00-12:00"}
    somebody_saves(needs, lambda document: document["hours"][0].update(weekly={"mon-fri": ["08:00-20:00"]}))
    shown = opened(sends(admin, page, mine | {"_order": "save"}).text)
    assert (shown["week/mon"], shown["week/sun"]) == ("08:00-20:00", "10:00-12:00")


def test_what_was_typed_where_the_other_person_typed_too_stays(needs: Needs, admin: Person) -> None:
    mine = opened(admin.sees("/rules/vip")) | {"name": "Mine"}
    somebody_saves(needs, renamed("rules", "vip"))
    assert opened(sends(admin, "/rules/vip", mine | {"_order": "save"}).text)["name"] == "Mine"


def test_a_save_of_something_that_was_deleted_meanwhile_says_that_it_brings_it_back(
    needs: Needs, admin: Person
) -> None:
    mine = opened(admin.sees("/rules/vip")) | {"name": "Mine"}
    somebody_saves(needs, lambda document: document.update(rules=[], tests=[]))
    answer = sends(admin, "/rules/vip", mine | {"_order": "save"})
    assert "It is not there any more: a save brings it back." in answer.text
    assert opened(answer.text)["name"] == "Mine"


def test_own_numbers_that_somebody_else_changed_meanwhile_are_told_and_kept(needs: Needs, admin: Person) -> None:
    mine = opened(admin.sees("/settings"), "sandbox_phone") | {"sandbox_phone": "+14155550112"}
    theirs = opened(admin.sees("/settings"), "sandbox_phone") | {"test_callers": "+14155550111"}
    sends(admin, "/settings/numbers", theirs)
    answer = sends(admin, "/settings/numbers", mine)
    assert answer.status_code == 409
    assert "admin@example.com saved these settings while this was open." in answer.text.split('id="numbers"')[1]
    assert "Test callers: none → +1 415-555-0111" in re.sub(r"<[^>]+>", "", html.unescape(answer.text))
    sends(admin, "/settings/numbers", opened(answer.text, "sandbox_phone"))
    stored = needs.configurations.deployments.read().deployment
    assert (stored.test_callers, stored.sandbox_phone) == (("+14155550111",), "+14155550112")


def test_own_numbers_that_come_back_with_a_fault_stay_at_what_they_were_opened_at(needs: Needs, admin: Person) -> None:
    mine = opened(admin.sees("/settings"), "sandbox_phone") | {"sandbox_phone": "nobody"}
    sends(
        admin, "/settings/numbers", opened(admin.sees("/settings"), "sandbox_phone") | {"test_callers": "+14155550111"}
    )
    mine = opened(sends(admin, "/settings/numbers", mine).text, "sandbox_phone") | {"sandbox_phone": "+14155550112"}
    assert sends(admin, "/settings/numbers", mine).status_code == 409
    assert needs.configurations.deployments.read().deployment.test_callers == ("+14155550111",)


def test_what_a_promote_needs_is_changed_tick_by_tick(needs: Needs, admin: Person) -> None:
    mine = opened(admin.sees("/settings"), "note_required") | {"two_people": "true"}
    theirs = opened(admin.sees("/settings"), "note_required") | {"note_required": "true"}
    sends(admin, "/settings/promotion", theirs)
    sends(admin, "/settings/promotion", mine)
    policy = needs.configurations.deployments.read().deployment.promotion
    assert (policy.note_required, policy.two_people) == (True, True)


def test_a_person_whom_somebody_else_has_just_switched_off_is_not_switched_on_again(
    house: Application, needs: Needs, admin: Person
) -> None:
    person(house, Role.VIEWER)
    user = needs.people.users.by_email("viewer@example.com")
    assert user is not None
    token = TOKEN.search(admin.sees("/settings/people"))
    assert token is not None
    assert 'name="_switch" value="off"' in admin.sees("/settings/people")
    switch_off = {"_switch": "off", "_token": token[1]}
    sends(admin, f"/settings/people/{user.id}", switch_off)
    sends(admin, f"/settings/people/{user.id}", switch_off)
    assert "viewer@example.com is switched off already. Nothing was changed." in admin.sees("/settings/people")
    switched = needs.people.users.by_email("viewer@example.com")
    assert switched is not None
    assert not switched.enabled


@pytest.mark.parametrize(
    ("page", "path", "sent"),
    [
        ("/rules", "/rules/vip/move", {"to": "down"}),
        ("/rules", "/rules/vip/switch", {}),
        ("/hours", "/hours/support-hours/switch", {}),
        ("/destinations", "/destinations/front-desk/switch", {"_list": "1"}),
    ],
)
def test_a_button_that_comes_too_late_says_what_the_other_person_did(
    needs: Needs, admin: Person, page: str, path: str, sent: Fields
) -> None:
    mine = opened(admin.sees(page)) | sent
    somebody_saves(needs, renamed("rules", "night"))
    sends(admin, path, mine)
    told = admin.sees(page)
    assert "Nothing was changed: kim@example.com saved v2 while this page was open" in told
    assert "name: At night → Theirs" in told
    assert "Do it again if you still want it." in told


def test_whose_role_was_taken_away_while_a_form_was_open_still_has_what_was_typed(
    house: Application, needs: Needs, admin: Person
) -> None:
    somebody = person(house, Role.OPERATOR)
    mine = opened(somebody.sees("/rules/vip")) | {"utterance": "A sentence that took a while."}
    user = needs.people.users.by_email("operator@example.com")
    assert user is not None
    needs.people.users.change_role(user.id, Role.VIEWER)
    answer = sends(somebody, "/rules/vip", mine | {"_order": "save"})
    assert "Your session ended." in answer.text
    kept = opened(answer.text, "_password") | {"_email": "operator@example.com", "_password": PASSWORD}
    again = sends(somebody, "/sign-in", kept)
    refused = sends(somebody, "/rules/vip", opened(again.text, "name"))
    assert refused.status_code == 403
    assert "What you typed was not saved; it is here" in refused.text
    assert "utterance: A sentence that took a while." in refused.text


@pytest.mark.parametrize("path", ["/settings/people/sessions/end", "/settings/sessions/end"])
def test_a_session_that_somebody_else_ended_already_is_no_error(needs: Needs, admin: Person, path: str) -> None:
    user = needs.people.users.by_email("admin@example.com")
    assert user is not None
    page = path.removesuffix("/sessions/end")
    answer = admin.posts(path, {"user": user.id, "id": "gone"}, page=page)
    assert answer.status_code == 302
    assert "That session was over already." in admin.sees(page)
