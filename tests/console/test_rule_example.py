"""From a rule to Test a call: the call that is tried there is one that the rule asks for."""

from __future__ import annotations

from typing import Any

import pytest

from tests.console.conftest import Person
from webapp.console.needs import Needs

MATCHED = '<span class="pill ok"><span aria-hidden="true">\u2713</span>Matched</span>'
ASKED: dict[str, Any] = {
    "a beginning of numbers": {"variable": "caller_id", "starts_with": ["+1646", "+1212555"]},
    "a whole number": {"variable": "caller_id", "is": "+12125550142"},
    "any number": {"variable": "caller_id", "is_present": True},
    "an address of the caller": {"variable": "caller_id", "is": "sip:alice@pbx.example.com"},
    "a user of an app": {"variable": "caller_id", "starts_with": ["client:"]},
    "one of several": {"variable": "intent", "is_one_of": ["booking", "change"]},
    "a part": {"variable": "speech", "contains": "refund"},
    "a pattern": {"variable": "account", "like": "C-????*"},
    "more than": {"variable": "amount", "greater_than": "99.5"},
    "more than a number": {"variable": "caller_id", "greater_than": "+14155550100"},
    "less than a number": {"variable": "caller_id", "less_than": "+14155550100"},
    "more than a part of a number": {"variable": "caller_id", "greater_than": "14155550100.5"},
    "less than": {"variable": "amount", "less_than": "3"},
    "less than nothing": {"variable": "amount", "less_than": "0.5"},
    "more than many digits": {"variable": "amount", "greater_than": "12345678901234567890"},
    "between": {"variable": "amount", "between": ["3", "9"]},
    "known": {"variable": "customer_id", "is_present": True},
    "a key": {"variable": "digits", "is": "2"},
    "a header": {"variable": "sip_x_tier", "is": "gold"},
    "the way of arrival": {"variable": "arrived_over", "is": "sip"},
    "open": {"hours": "support-hours", "is": "open"},
    "closed": {"hours": "support-hours", "is": "closed"},
    "nothing": None,
}
ASKED["all of them"] = {"all": [ASKED["a whole number"], ASKED["between"], {"any": [ASKED["closed"], ASKED["open"]]}]}


@pytest.mark.parametrize("when", ASKED.values(), ids=ASKED)
def test_the_rule_matches_the_call_that_its_test_button_leads_to(admin: Person, needs: Needs, when: Any) -> None:
    rule = {"id": "asked", "name": "Asked", "destination": "front-desk"} | ({"when": when} if when else {})
    newest = needs.versions.get("sandbox")
    # What a caller presses or says is heard where a menu asks for it.
    asks = isinstance(when, dict) and when.get("variable") in ("digits", "speech")
    menu = {"intake": {"kind": "menu", "prompt": "How can we help?", "input": ["digits", "speech"]}} if asks else {}
    needs.versions.save({**newest.document, "rules": [rule], **menu}, expected=newest.number, author="kim")
    assert 'href="/test?rule=asked">Test</a>' in admin.sees("/rules/asked")
    answer = admin.get("/test?rule=asked")
    assert answer.status_code == 302
    assert MATCHED in admin.sees(answer.headers["Location"])


def test_a_rule_that_is_saved_and_tested_is_tried_with_such_a_call(admin: Person) -> None:
    typed = {"name": "Refunds", "destination": "front-desk", "match": "all", "_order": "save:test",
             "when/match": "all", "when/items/0/kind": "variable", "when/items/0/variable": "intent",
             "when/items/0/operator": "is", "when/items/0/values": "refund"}  # fmt: skip
    answer = admin.posts("/rules/new", typed)
    assert answer.headers["Location"] == "/test?rule=refunds"
    assert admin.get("/test?rule=refunds").headers["Location"] == "/test?variables=intent%3Drefund"


def test_without_such_a_rule_the_page_is_as_ever(admin: Person) -> None:
    assert admin.get("/test?rule=none").headers["Location"] == "/test"


def test_a_rule_about_less_than_any_number_leaves_the_caller_as_the_page_has_it(admin: Person, needs: Needs) -> None:
    newest = needs.versions.get("sandbox")
    when = {"variable": "caller_id", "less_than": "0"}
    rule = {"id": "asked", "name": "Asked", "when": when, "destination": "front-desk"}
    needs.versions.save({**newest.document, "rules": [rule]}, expected=newest.number, author="kim")
    assert admin.get("/test?rule=asked").headers["Location"] == "/test"
