"""The emergency closure: switched in the sandbox like any rule, with the promote one step away and all its checks."""

from __future__ import annotations

import json
import re

import pytest

from tests.application import Application
from tests.console.conftest import Person, person
from webapp.console.needs import Needs
from webapp.people.roles import Role

SWITCH = "/rules/closure/switch"
NOTE = re.compile(r'<div class="note warn row">(.*?)</div>', re.DOTALL)


@pytest.fixture(autouse=True)
def closure(needs: Needs) -> None:
    """Version 2, in production: the closure stands first and is off, and no saved test speaks of calls."""
    document = json.loads(json.dumps(needs.versions.get(1).document))
    rule = {"id": "closure", "name": "Emergency closure", "destination": "after-hours", "enabled": False}
    document |= {"rules": [rule, *document["rules"]], "tests": []}
    needs.versions.save(document, expected=1, author="kim")
    needs.versions.promote(2, expected_production=1, author="kim")
    needs.live.refresh()


def switched(somebody: Person, number: int = 2) -> str:
    """What the page says of the switch that was just pressed."""
    answer = somebody.posts(SWITCH, {"_version": str(number)}, page="/rules/closure")
    note = NOTE.search(somebody.sees(answer.headers["Location"].partition("#")[0]))
    return note[1] if note else ""


def test_switching_the_closure_on_offers_to_promote_it_at_once(admin: Person) -> None:
    note = switched(admin)
    assert "Emergency closure is on here, and not yet for callers." in note
    assert '<a class="btn small" href="/changes#promote">Promote now</a>' in note


def test_promote_now_leads_to_the_confirmation_and_changes_nothing_by_itself(admin: Person, needs: Needs) -> None:
    switched(admin)
    page = admin.sees("/changes")
    assert re.search(r'<form class="card" id="promote".*?name="understood".*?Promote v3', page, re.DOTALL)
    assert needs.versions.pointers().of("production").number == 2


def test_switching_a_closure_off_again_that_callers_meet_offers_the_promote_too(admin: Person, needs: Needs) -> None:
    switched(admin)
    needs.versions.promote(3, expected_production=2, author="kim")
    needs.live.refresh()
    note = switched(admin, 3)
    assert "is off here, and not yet for callers" in note
    assert "Promote now" in note


def test_with_other_changes_in_the_sandbox_they_are_to_be_looked_at_first(admin: Person, needs: Needs) -> None:
    document = json.loads(json.dumps(needs.versions.get(2).document))
    needs.versions.save(document | {"name": "Other"}, expected=2, author="kim")
    needs.live.refresh()
    note = switched(admin, 3)
    assert "A promote would take other changes of the sandbox along." in note
    assert "Promote now" not in note


def test_who_may_not_promote_is_told_so_in_place_of_the_way(house: Application) -> None:
    note = switched(person(house, Role.OPERATOR))
    assert "Promoting needs the role releaser." in note
    assert "Promote now" not in note


def test_a_rule_with_a_condition_does_not_hurry_anybody(admin: Person) -> None:
    answer = admin.posts("/rules/vip/switch", {"_version": "2"}, page="/rules/vip")
    assert NOTE.search(admin.sees(answer.headers["Location"].partition("#")[0])) is None


def test_a_save_names_the_saved_tests_that_fail_by_it(needs: Needs, admin: Person) -> None:
    call = {"from": "+12125550123", "to": "+14155550199"}
    test = {"name": "Everybody is given back", "call": call, "expect": {"ends": "returned"}}
    needs.versions.save({**needs.versions.get(2).document, "tests": [test]}, expected=2, author="somebody")
    needs.live.refresh()
    answer = admin.posts("/rules/vip/switch", {"_version": "3"}, page="/rules/vip")
    assert "“Everybody is given back” fails now" in admin.sees(answer.headers["Location"].partition("#")[0])
