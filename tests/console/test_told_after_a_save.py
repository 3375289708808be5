"""What the page after a save says: enough to act on, and no more than somebody reads."""

from __future__ import annotations

import pytest

from tests.console.conftest import Person
from tests.console.document import DOCUMENT
from tests.console.test_tasks import _fields
from webapp.console.needs import Needs


def test_of_many_saved_tests_that_fail_the_first_are_told_and_the_rest_counted(admin: Person, needs: Needs) -> None:
    (test,) = DOCUMENT["tests"]
    tests = [test | {"name": f"Test {number}", "expect": {"path": ["vip-host"]}} for number in range(40)]
    needs.versions.save({**DOCUMENT, "tests": tests}, expected=1, author="kim")
    needs.live.refresh()
    answer = admin.posts("/rules/vip/switch", {"_version": "2"}, page="/rules/vip")
    page = admin.sees(answer.headers["Location"].partition("#")[0])
    assert "Switched VIP guests off." in page
    assert page.count(" fails now.") == 3
    assert "37 more saved tests fail now." in page


def test_hours_in_use_are_not_deleted_and_who_uses_them_is_told(admin: Person, needs: Needs) -> None:
    answer = admin.posts("/hours/support-hours/delete", {"_version": "1"}, page="/hours/support-hours")
    assert answer.headers["Location"] == "/hours/support-hours"
    page = admin.sees("/hours/support-hours")
    assert "Support hours is still used by rule “Billing, in hours”, rule “At night”, Billing Support." in page
    assert "Did you mean" not in page
    assert needs.versions.pointers().of("sandbox").number == 1


def test_of_many_rules_that_use_the_same_hours_the_first_are_named_and_the_rest_counted(
    admin: Person, needs: Needs
) -> None:
    night = DOCUMENT["rules"][2]
    rules = [night | {"id": f"night-{number}", "name": f"Night {number}"} for number in range(9)]
    needs.versions.save({**DOCUMENT, "rules": rules}, expected=1, author="kim")
    needs.live.refresh()
    told = "sed by rule “Night 0”, rule “Night 1”, rule “Night 2”, rule “Night 3” and 6 more."
    assert told in admin.sees("/hours")
    admin.posts("/hours/support-hours/delete", {"_version": "2"}, page="/hours/support-hours")
    assert told in admin.sees("/hours/support-hours")


@pytest.mark.parametrize(("part", "added"), [("hours", "late"), ("destinations", "annex")])
def test_what_was_added_and_is_in_use_is_not_put_back_and_who_uses_it_is_told(
    admin: Person, needs: Needs, part: str, added: str
) -> None:
    late = DOCUMENT["hours"][0] | {"id": "late", "name": "Late hours"}
    annex = DOCUMENT["destinations"][1] | {"id": "annex", "name": "Annex"}
    rule = {"id": "r", "name": "Annex, late", "when": {"hours": "late", "is": "open"}, "destination": "annex"}
    document = {**DOCUMENT, "rules": [rule], "hours": [*DOCUMENT["hours"], late]}
    document["destinations"] = [*DOCUMENT["destinations"], annex]
    needs.versions.save(document, expected=1, author="kim")
    needs.live.refresh()
    sent = {"_version": "2", "part": part, "id": added}
    answer = admin.posts("/changes/revert", sent, page="/changes")
    assert "is still used by rule “Annex, late”. Point " in admin.sees(answer.headers["Location"])
    assert needs.versions.pointers().of("sandbox").number == 2


def test_what_was_put_back_and_which_test_was_deleted_is_told_by_name(admin: Person, needs: Needs) -> None:
    host = DOCUMENT["destinations"][2] | {"name": "Host of VIPs"}
    others = [item for item in DOCUMENT["destinations"] if item["id"] != "vip-host"]
    needs.versions.save({**DOCUMENT, "destinations": [*others, host]}, expected=1, author="kim")
    needs.live.refresh()
    sent = {"_version": "2", "part": "destinations", "id": "vip-host"}
    admin.posts("/changes/revert", sent, page="/changes")
    assert "Put Host of VIPs back as in production." in admin.sees("/changes")
    (test,) = DOCUMENT["tests"]
    admin.posts("/test/saved/delete", {"_version": "3", "place": "0", "name": test["name"]}, page="/test/saved")
    assert "Deleted the test “Billing in hours, line busy”." in admin.sees("/test/saved")


def test_a_form_with_a_fault_does_not_warn_of_things_that_it_is_not_about(admin: Person, needs: Needs) -> None:
    off = DOCUMENT["destinations"][2] | {"enabled": False}
    destinations = [off if item["id"] == "vip-host" else item for item in DOCUMENT["destinations"]]
    needs.versions.save({**DOCUMENT, "destinations": destinations}, expected=1, author="kim")
    needs.live.refresh()
    assert "VIP host is switched off" in admin.sees("/rules")
    typed = {"week/mon": "09:00-12:00, 11:00-13:00", "_order": "save"}
    answer = admin.posts("/hours/support-hours", _fields(admin.sees("/hours/support-hours")) | typed)
    assert "11:00-13:00 overlaps another window of that day." in answer.text
    assert "Worth knowing" not in answer.text


def test_hours_that_were_deleted_can_be_put_back_at_once(admin: Person, needs: Needs) -> None:
    admin.posts("/hours/new", {"name": "Weekend", "week/sat": "10:00-12:00", "_order": "save"})
    gone = admin.posts("/hours/weekend/delete", {}, page="/hours/weekend")
    assert "Undo the delete" in admin.sees(gone.location)
    admin.posts("/versions/undo", {"_version": "3"}, page=gone.location)
    assert [hours["id"] for hours in needs.versions.get("sandbox").document["hours"]] == ["support-hours", "weekend"]
