"""A number of our own as a route: a loop wherever it is saved, and only a warning where its calls go elsewhere."""

from __future__ import annotations

import copy

from tests.api.asking import Api
from tests.application import Application
from tests.console.conftest import Person
from tests.console.document import DOCUMENT
from tests.console.test_tasks import FRONT_DESK
from webapp.console.needs import Needs

OURS, SHOWN = "+14155550199", "+14155550198"
FRONT_DESK_NUMBER = "+14155550100"
LOOP = "the call would come back in a loop"


def owned(needs: Needs) -> None:
    numbers = {OURS: {"environment": "production", "caller_id": SHOWN}}
    needs.configurations.deployments.save({"numbers": numbers}, expected=None, author="t")


def test_the_form_refuses_a_number_whose_calls_come_here(admin: Person, needs: Needs) -> None:
    owned(needs)
    answer = admin.posts("/destinations/front-desk", FRONT_DESK | {"route": OURS})
    assert answer.status_code == 422
    assert 'id="f-route-fault"' in answer.text
    assert LOOP in answer.text


def test_the_api_refuses_a_number_whose_calls_come_here(house: Application, needs: Needs) -> None:
    owned(needs)
    destination = next(item for item in DOCUMENT["destinations"] if item["id"] == "front-desk")
    answer = Api(house).ask("PUT", "/destinations/front-desk", destination | {"route": OURS})
    assert answer.status_code == 422
    assert LOOP in answer.text


def test_a_dry_run_of_an_import_says_that_a_number_is_ours(house: Application, needs: Needs) -> None:
    owned(needs)
    document = copy.deepcopy(DOCUMENT)
    document["destinations"][1]["route"] = OURS
    assert LOOP in Api(house).ask("POST", "/import?dry_run=true", document).text


def test_an_own_number_that_is_only_shown_as_caller_id_is_a_warning(admin: Person, needs: Needs) -> None:
    owned(needs)
    assert admin.posts("/destinations/front-desk", FRONT_DESK | {"route": SHOWN}).status_code == 302
    assert f"{SHOWN} is one of your own Twilio numbers" in admin.sees("/changes")


def test_a_route_that_became_a_loop_when_its_number_was_connected_is_told_before_the_promote(
    admin: Person, needs: Needs
) -> None:
    admin.posts("/destinations/front-desk", FRONT_DESK | {"route": OURS})
    assert LOOP not in admin.sees("/changes")
    owned(needs)
    hidden = {"_version": "2", "_production": "1", "understood": "true"}
    refused = admin.posts("/changes/promote", hidden, page="/changes")
    assert refused.status_code in (409, 422)
    assert LOOP in refused.text


def test_a_number_that_is_a_route_already_is_told_when_it_is_entered(admin: Person, needs: Needs) -> None:
    told = f"In sandbox and production, Front desk: {FRONT_DESK_NUMBER} is a number that Handoff answers itself"
    admin.posts("/settings/numbers", {"_version": "0", "production": OURS}, page="/settings")
    assert "Handoff answers itself" not in admin.sees("/settings")
    serial = str(needs.configurations.deployments.read().serial)
    both = {"_version": serial, "production": f"{OURS}\n{FRONT_DESK_NUMBER}", "default_caller_id": SHOWN}
    saved = admin.posts("/settings/numbers", both, page="/settings")
    assert saved.status_code == 302
    assert admin.sees("/settings").count(told) == 1
    assert FRONT_DESK_NUMBER in needs.live.deployment.numbers


def test_a_number_that_only_the_sandbox_rings_is_told_for_the_sandbox(admin: Person) -> None:
    admin.posts("/destinations/front-desk", FRONT_DESK | {"route": OURS})
    admin.posts("/settings/numbers", {"_version": "0", "sandbox": OURS}, page="/settings")
    assert f"In sandbox, Front desk: {OURS} is a number that Handoff answers itself" in admin.sees("/settings")


def test_an_agent_at_a_number_that_is_entered_is_told_too(admin: Person, needs: Needs) -> None:
    document = {**DOCUMENT, "intake": {"kind": "sip_agent", "route": OURS}}
    needs.versions.save(document, expected=1, author="t")
    admin.posts("/settings/numbers", {"_version": "0", "production": OURS}, page="/settings")
    assert f"In sandbox, the intake: {OURS} is a number that Handoff answers itself" in admin.sees("/settings")


def test_the_api_tells_of_a_number_that_is_a_route_already_when_it_is_entered(house: Application) -> None:
    entered = {"numbers": {FRONT_DESK_NUMBER: {"environment": "production"}}}
    for query in ("?dry_run=true", ""):
        (told,) = Api(house).ask("PUT", f"/deployment{query}", entered, If_Match="*").json["problems"]
        assert told["message"].startswith(f"In sandbox and production, Front desk: {FRONT_DESK_NUMBER} is a number")
        assert (told["path"], told["severity"]) == ("numbers", "warning")


def test_a_version_with_a_loop_can_still_be_simulated_and_says_so(
    house: Application, admin: Person, needs: Needs
) -> None:
    admin.posts("/destinations/front-desk", FRONT_DESK | {"route": OURS})
    owned(needs)
    answer = Api(house).ask("POST", "/simulations", {"call": {"from": "+12125550123", "to": OURS}})
    assert answer.status_code == 200
    assert any(LOOP in problem["message"] for problem in answer.json["problems"])
