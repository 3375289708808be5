"""The rule's form: what a rule can say, the form can say."""

from __future__ import annotations

import re

from tests.console.conftest import Person
from tests.console.test_tasks import _fields
from webapp.console.needs import Needs


def test_a_rule_gets_its_headers_in_the_form(admin: Person, needs: Needs) -> None:
    more = admin.posts("/rules/vip", _fields(admin.sees("/rules/vip")) | {"_order": "add:headers"})
    assert re.search(r'name="headers/0/name"[^>]*value="X-"', more.text)
    typed = _fields(more.text) | {"headers/0/name": "X-Tier", "headers/0/value": "$customer_tier", "_order": "save"}
    assert admin.posts("/rules/vip", typed).status_code == 302
    stored = needs.versions.get("sandbox").document["rules"][0]
    assert stored["headers"] == [{"name": "X-Tier", "value": "$customer_tier"}]
    assert 'value="X-Tier"' in admin.sees("/rules/vip")


def test_a_fault_in_a_rules_header_is_told_at_its_field(admin: Person) -> None:
    typed = {"headers/0/name": "Bad Name", "headers/0/value": "x", "headers/0/if_missing": "drop", "_order": "save"}
    answer = admin.posts("/rules/vip", _fields(admin.sees("/rules/vip")) | typed)
    assert answer.status_code == 422
    assert 'id="f-headers-0-name-fault"' in answer.text


def test_a_rule_that_sends_no_headers_at_all_stays_so_in_the_form(admin: Person, needs: Needs) -> None:
    document = needs.versions.get(1).document
    rules = [document["rules"][0] | {"headers": []}, *document["rules"][1:]]
    needs.versions.save({**document, "rules": rules}, expected=1, author="t")
    typed = _fields(admin.sees("/rules/vip")) | {"name": "VIPs", "_order": "save"}
    assert admin.posts("/rules/vip", typed).status_code == 302
    assert needs.versions.get("sandbox").document["rules"][0]["headers"] == []
