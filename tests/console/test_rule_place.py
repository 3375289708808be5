"""The place of a rule in its form: a long way up or down the list in one save."""

from __future__ import annotations

import json

import pytest

from tests.console.conftest import Person
from tests.console.document import DOCUMENT
from tests.console.test_tasks import _fields
from webapp.console.needs import Needs


def order(needs: Needs) -> list[str]:
    return [rule["id"] for rule in needs.versions.get("sandbox").document["rules"]]


def test_a_rule_is_moved_to_the_place_that_its_form_names(admin: Person, needs: Needs) -> None:
    typed = _fields(admin.sees("/rules/night"))
    assert typed["place"] == "3"
    answer = admin.posts("/rules/night", typed | {"place": "1", "_order": "save"})
    assert answer.headers["Location"] == "/rules?touched=night#rule-night"
    assert order(needs) == ["night", "vip", "billing-in-hours"]


def test_a_rule_whose_place_is_left_alone_stays_where_another_save_has_put_it(admin: Person, needs: Needs) -> None:
    typed = _fields(admin.sees("/rules/night"))
    vip, billing, night = json.loads(json.dumps(DOCUMENT["rules"]))
    needs.versions.save({**DOCUMENT, "rules": [night, vip, billing]}, expected=1, author="kim")
    needs.live.refresh()
    assert admin.posts("/rules/night", typed | {"name": "Nights", "_version": "2", "_order": "save"}).status_code == 302
    assert order(needs) == ["night", "vip", "billing-in-hours"]


@pytest.mark.parametrize("place", ["0", "4", "first", "-1"])
def test_a_place_that_there_is_not_is_told_at_its_field_and_nothing_typed_is_lost(
    admin: Person, needs: Needs, place: str
) -> None:
    typed = _fields(admin.sees("/rules/night")) | {"name": "Nights", "place": place, "_order": "save"}
    answer = admin.posts("/rules/night", typed)
    assert answer.status_code == 422
    assert f"There is no place {place}. The places are 1 to 3." in answer.text
    assert 'id="f-place-fault"' in answer.text
    assert f'value="{place}"' in answer.text
    assert 'value="Nights"' in answer.text
    assert order(needs) == ["vip", "billing-in-hours", "night"]
