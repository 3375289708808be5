"""Search in a large house says when it shows a part of what it found."""

from __future__ import annotations

import pytest

from tests.console.conftest import Person
from tests.console.document import DOCUMENT
from webapp.console.needs import Needs


@pytest.mark.parametrize(("count", "is_cut"), [(15, False), (16, True)])
def test_search_says_when_there_are_more_than_it_shows(admin: Person, needs: Needs, count: int, is_cut: bool) -> None:
    rules = [DOCUMENT["rules"][2] | {"id": f"branch-{number}", "name": f"Branch {number}"} for number in range(count)]
    needs.versions.save({**DOCUMENT, "rules": rules, "tests": []}, expected=1, author="kim")
    needs.live.refresh()
    page = admin.sees("/search?q=branch")
    assert page.count('<span class="pill">Rule</span>') == 15
    assert ("There are more: of each kind the first 15 are shown." in page) is is_cut
    assert ('href="/rules?q=branch"' in page) is is_cut
