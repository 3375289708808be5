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
    assert [sum(f"<li><bdi>Rule no. {place}</bdi> " in page for place in range(65)) for page in pages] == [30, 30, 5]
    assert all(">Otherwise</text>" in page and "<li>Otherwise" in page for page in pages)


def test_the_map_stands_in_words_below_its_drawing_for_windows_that_are_too_narrow_for_it(admin: Person) -> None:
    page = admin.sees("/rules/map")
    assert '<div class="hide"><div class="scroll card"' in page
    assert "<details open><summary>As a list</summary>" in page


def test_what_follows_has_its_name_on_the_map_when_no_rule_of_the_page_leads_to_it(admin: Person, needs: Needs) -> None:
    night = DOCUMENT["destinations"][3] | {"id": "porter", "name": "Night porter"}
    desk = DOCUMENT["destinations"][1] | {"fallback": [{"destination": "porter"}]}
    rules = [DOCUMENT["rules"][2] | {"id": f"r{place}", "name": f"Rule no. {place}"} for place in range(65)]
    destinations = [desk, night, *DOCUMENT["destinations"][2:], DOCUMENT["destinations"][0]]
    document = {**DOCUMENT, "destinations": destinations, "rules": rules, "tests": []}
    needs.versions.save(json.loads(json.dumps(document)), expected=1, author="t")
    page = admin.sees("/rules/map")
    assert ">Night porter</text>" in page
    assert ">porter</text>" not in page
