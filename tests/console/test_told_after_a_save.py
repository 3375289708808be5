"""What the page after a save says: enough to act on, and no more than somebody reads."""

from __future__ import annotations

from tests.console.conftest import Person
from tests.console.document import DOCUMENT
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
