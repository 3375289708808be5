"""Settings: the editors of the call settings, conflicts that show the difference, everybody's sessions."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.application import Application
from tests.console.conftest import Person, person
from webapp.configurations.conflicts import PromotionRefusedError
from webapp.console.needs import Needs
from webapp.people.roles import Role

PAGE = "/settings/calls"
PLAIN = {
    "policy/allowed_regions": "us, CA",
    "policy/allowed_number_types*": ["fixed_line", "mobile", "fixed_line_or_mobile"],
    "policy/max_steps": "5",
    "variables/0/name": "intent",
    "variables/0/sample": "billing",
    "variables/1/name": "customer_tier",
    "variables/2/name": "card",
    "variables/2/secret": "true",
    "variables/3/name": "customer_id",
    "variables/4/name": "language",
    "intake/kind": "none",
    "text_back/body": "Sorry that we missed your call.",
    "text_back/on*": ["voicemail"],
}


def saved(needs: Needs, admin: Person, **changes: Any) -> Any:
    answer = admin.posts(PAGE, PLAIN | changes)
    assert answer.status_code == 302, answer.text
    return needs.versions.get("sandbox").document


def test_the_policy_of_dialling_is_saved_as_typed(needs: Needs, admin: Person) -> None:
    assert saved(needs, admin)["policy"] == {
        "allowed_regions": ["US", "CA"],
        "allowed_number_types": ["fixed_line", "mobile", "fixed_line_or_mobile"],
        "max_steps": 5,
    }


def test_a_region_that_does_not_exist_is_refused_at_its_field(admin: Person) -> None:
    answer = admin.posts(PAGE, PLAIN | {"policy/allowed_regions": "US, Nowhere"})
    assert answer.status_code == 422
    assert 'id="f-policy-allowed_regions-fault"' in answer.text


def test_variables_are_declared_with_sample_and_secrecy(needs: Needs, admin: Person) -> None:
    variables = saved(needs, admin)["variables"]
    assert variables["intent"]["sample"] == "billing"
    assert variables["card"]["secret"] is True


def test_a_menu_is_made_row_by_row(needs: Needs, admin: Person) -> None:
    menu = {
        "intake/kind": "menu", "intake/prompt": "For billing press 1.", "intake/input*": ["digits"],
        "intake/choices/0/digits": "1", "intake/choices/0/name": "intent", "intake/choices/0/value": "billing",
        "intake/choices/1/digits": "1", "intake/choices/1/name": "language", "intake/choices/1/value": "en",
    }  # fmt: skip
    assert saved(needs, admin, **menu)["intake"]["choices"] == {"1": {"intent": "billing", "language": "en"}}


def test_a_row_is_added_without_saving(needs: Needs, admin: Person) -> None:
    before = needs.versions.pointers()
    answer = admin.posts(PAGE, PLAIN | {"intake/kind": "menu", "_order": "add:intake/choices"})
    assert 'name="intake/choices/0/digits"' in answer.text
    assert needs.versions.pointers() == before


@pytest.mark.parametrize("kind", ["none", "menu", "conversation_relay", "stream", "sip_agent"])
def test_a_way_to_meet_a_call_that_is_chosen_for_the_first_time_shows_its_fields(admin: Person, kind: str) -> None:
    """Nothing else of it is there yet, no row of any list either."""
    answer = admin.posts(PAGE, {"intake/kind": kind, "_order": "refresh:"})
    assert answer.status_code == 200
    assert f'<option value="{kind}" selected>' in answer.text


@pytest.mark.parametrize(
    "order", ["add:variables", "add:intake/choices", "add:intake/parameters", "remove:variables/0"]
)
@pytest.mark.parametrize("kind", ["menu", "stream"])
def test_the_first_row_can_be_added_and_the_last_one_taken_away(admin: Person, order: str, kind: str) -> None:
    assert admin.posts(PAGE, {"intake/kind": kind, "variables/0/name": "x", "_order": order}).status_code == 200
    assert admin.posts(PAGE, {"intake/kind": kind, "_order": order}).status_code == 200


def test_the_text_after_a_missed_call_is_saved_and_goes_when_it_is_emptied(needs: Needs, admin: Person) -> None:
    assert saved(needs, admin)["text_back"] == {"body": "Sorry that we missed your call.", "on": ["voicemail"]}
    assert "text_back" not in saved(needs, admin, **{"text_back/body": ""})


def test_saving_what_is_there_changes_nothing_that_the_form_has_no_field_for(needs: Needs, admin: Person) -> None:
    newest = needs.versions.get("sandbox")
    intake = {"kind": "menu", "prompt": "Hello", "voice": "Polly.Joanna", "choices": {"1": {"intent": "billing"}}}
    needs.versions.save({**newest.document, "intake": intake}, expected=newest.number, author="kim@example.com")
    needs.live.refresh()
    page = admin.sees(PAGE)
    assert re.search(r'name="intake/choices/0/value"[^>]*value="billing"', page)
    menu = {"intake/kind": "menu", "intake/prompt": "Hello", "intake/input*": ["digits"]}
    assert saved(needs, admin, **menu)["intake"]["voice"] == "Polly.Joanna"


@pytest.mark.parametrize(
    ("path", "page", "typed"),
    [
        ("/settings/site", "/settings", {"name": "My hotel", "time_zone": "UTC", "default_destination": "front-desk"}),
        (PAGE, PAGE, PLAIN),
    ],
)
def test_a_conflict_in_settings_shows_what_the_other_person_changed(
    needs: Needs, admin: Person, path: str, page: str, typed: dict[str, Any]
) -> None:
    newest = needs.versions.get("sandbox")
    changed = {**newest.document, "name": "Their hotel"}
    needs.versions.save(changed, expected=newest.number, author="kim@example.com", note="x")
    needs.live.refresh()
    answer = admin.posts(path, typed | {"_version": str(newest.number)}, page=page)
    assert answer.status_code == 409
    assert "kim@example.com saved v2 while this was open." in answer.text
    assert "Their hotel" in answer.text
    assert f'href="{page}"' in answer.text


def test_an_admin_sees_everybodys_sessions_and_ends_one(house: Application, admin: Person, needs: Needs) -> None:
    viewer = person(house, Role.VIEWER)
    user = needs.people.users.by_email("viewer@example.com")
    assert user is not None
    (session,) = needs.people.sessions.of(user.id)
    assert session.id in admin.sees("/settings/people")
    admin.posts("/settings/people/sessions/end", {"user": user.id, "id": session.id}, page="/settings/people")
    assert viewer.get("/").status_code == 302


def test_ending_a_session_is_written_into_the_audit_log(house: Application, admin: Person, needs: Needs) -> None:
    person(house, Role.VIEWER)
    user = needs.people.users.by_email("viewer@example.com")
    assert user is not None
    (session,) = needs.people.sessions.of(user.id)
    admin.posts("/settings/people/sessions/end", {"user": user.id, "id": session.id}, page="/settings/people")
    assert "session ended viewer@example.com" in admin.sees("/settings/audit")


def require(admin: Person, needs: Needs, **what: str) -> None:
    admin.posts("/settings/promotion", what, page="/settings")
    needs.live.refresh()


def change_by(needs: Needs, author: str) -> int:
    newest = needs.versions.get("sandbox")
    saved = needs.versions.save({**newest.document, "name": author}, expected=newest.number, author=author)
    return saved.version.number


def test_a_promote_without_a_required_note_is_refused(admin: Person, needs: Needs) -> None:
    require(admin, needs, note_required="true")
    number = change_by(needs, "kim@example.com")
    with pytest.raises(PromotionRefusedError, match="needs a note"):
        needs.versions.promote(number, expected_production=1, author="sam@example.com", note=" ")


def test_where_two_people_are_needed_nobody_promotes_a_version_of_their_own(admin: Person, needs: Needs) -> None:
    require(admin, needs, two_people="true")
    number = change_by(needs, "kim@example.com")
    with pytest.raises(PromotionRefusedError, match="saved this version yourself"):
        needs.versions.promote(number, expected_production=1, author="Kim@example.com")
    assert needs.versions.promote(number, expected_production=1, author="sam@example.com").version.number == number


def test_a_roll_back_is_never_kept_waiting_by_the_promotion_policy(admin: Person, needs: Needs) -> None:
    needs.versions.promote(change_by(needs, "kim@example.com"), expected_production=1, author="kim@example.com")
    require(admin, needs, note_required="true", two_people="true")
    assert needs.versions.roll_back(1, author="kim@example.com").version.number == 1


def test_a_dry_run_of_a_promote_says_what_the_policy_would(admin: Person, needs: Needs) -> None:
    require(admin, needs, note_required="true")
    with pytest.raises(PromotionRefusedError):
        needs.versions.may_promote(change_by(needs, "kim@example.com"), 1, author="sam@example.com", note="")


def test_saving_the_numbers_keeps_the_promotion_policy(admin: Person, needs: Needs) -> None:
    require(admin, needs, two_people="true")
    page = admin.sees("/settings")
    serial = re.findall(r'name="_version" value="([0-9]+)"', page)[1]
    answer = admin.posts("/settings/numbers", {"_version": serial, "production": "+14155550199"}, page="/settings")
    assert answer.status_code == 302
    assert needs.configurations.deployments.read().deployment.promotion.two_people


def test_a_sandbox_phone_that_is_a_number_of_ours_is_refused_at_its_field(admin: Person) -> None:
    typed = {"production": "+14155550199", "sandbox_phone": "+14155550199", "_version": "0"}
    answer = admin.posts("/settings/numbers", typed, page="/settings")
    assert answer.status_code == 422
    assert '<a href="#f-sandbox_phone">Calls to +14155550199 come to Handoff' in answer.text
