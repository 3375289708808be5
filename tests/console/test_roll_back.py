"""Rolling back in the console: what was seen is what is left."""

from __future__ import annotations

import json

from tests.console.conftest import Person
from webapp.console.needs import Needs


def produce(needs: Needs, number: int) -> None:
    """A further version, in production."""
    document = json.loads(json.dumps(needs.versions.get(1).document))
    needs.versions.save(document | {"name": f"v{number}"}, expected=number - 1, author="kim")
    needs.versions.promote(number, expected_production=number - 1, author="kim", tests=False)


def test_a_roll_back_whose_page_shows_another_production_changes_nothing(admin: Person, needs: Needs) -> None:
    produce(needs, 2)
    page = "/versions/1/roll-back"
    assert 'name="_production" value="2"' in admin.sees(page)
    produce(needs, 3)
    refused = admin.posts(page, {"_production": "2"})
    assert refused.status_code == 409
    assert "Production is version 3 by now, not 2" in refused.text
    assert needs.versions.pointers().of("production").number == 3


def test_versions_are_offered_for_comparing_once_there_are_two(admin: Person, needs: Needs) -> None:
    assert ">Compare<" not in admin.sees("/versions")
    produce(needs, 2)
    assert ">Compare<" in admin.sees("/versions")
