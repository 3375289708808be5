"""The map of the rules."""

from __future__ import annotations

import json

from tests.console.conftest import Person
from tests.console.document import DOCUMENT
from webapp.console.needs import Needs


def test_a_map_of_many_rules_has_pages_and_each_ends_with_the_default(admin: Person, needs: Needs) -> None:
    rules = [DOCUMENT["rules"][2] | {"id": f"r{place}", "name": f"Rule no. {place}"} for place in range(65)]
    needs.versions.save(json.loads(json.dumps({**DOCUMENT, "rules": rules, "tests": []})), expected=1, author="t")
    pages = [admin.sees(f"/rules/map?page={page}") for page in (1, 2, 3)]
    assert [sum(f">Rule no. {place}</text>" in page for place in range(65)) for page in pages] == [30, 30, 5]
    assert [sum(f"<li>Rule no. {place} " in page for place in range(65)) for page in pages] == [30, 30, 5]
    assert all(">Otherwise</text>" in page and "<li>Otherwise" in page for page in pages)


def test_the_map_stands_in_words_below_its_drawing_for_windows_that_are_too_narrow_for_it(admin: Person) -> None:
    page = admin.sees("/rules/map")
    assert '<div class="hide"><div class="scroll card"' in page
    assert "<details open><summary>As a list</summary>" in page
