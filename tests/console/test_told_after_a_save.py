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
