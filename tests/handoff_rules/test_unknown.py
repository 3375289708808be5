"""Facts that were stored know nothing of a secret but what was asked then: what another version asks anew is told."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings

from handoff_rules.compiled import compile_configuration
from handoff_rules.configuration import Configuration
from handoff_rules.decide import decide
from handoff_rules.explain import explain
from handoff_rules.facts import Facts, Vote
from handoff_rules.stored_facts import facts_from_store, facts_to_store
from handoff_rules.unknown import unknown_secrets
from tests.handoff_rules import configurations as some

CARD = {"variable": "card", "starts_with": "42"}
OTHER = {"variable": "card", "is": "4242"}
VIP = {"variable": "tier", "is": "vip"}


def stored(configuration: Configuration, facts: Facts) -> Facts:
    return facts_from_store(json.loads(json.dumps(facts_to_store(compile_configuration(configuration), facts))))


@settings(max_examples=400, deadline=None)
@given(some.configurations, some.configurations, some.facts_with_votes)
def test_where_nothing_is_unknown_another_version_decides_as_it_would_have_then(
    then: Configuration, now: Configuration, facts: Facts
) -> None:
    compiled, restored = compile_configuration(now), stored(then, facts)
    if not unknown_secrets(compiled, restored):
        assert decide(compiled, restored) == decide(compiled, facts)


@settings(max_examples=100, deadline=None)
@given(some.configurations, some.facts_with_votes)
def test_the_version_of_the_call_itself_knows_everything(configuration: Configuration, facts: Facts) -> None:
    assert unknown_secrets(compile_configuration(configuration), stored(configuration, facts)) == ()


@pytest.mark.parametrize(
    ("told", "conditions", "unknown"),
    [
        ({"card": "4242"}, [OTHER], ("card",)),
        ({"card": "4242"}, [{"not": OTHER}], ("card",)),
        ({"card": "4242"}, [CARD, OTHER], ()),  # the first rule is known to match
        ({"card": "9999"}, [CARD, OTHER], ("card",)),
        ({}, [OTHER], ()),
        ({"card": "4242"}, [{"all": [VIP, OTHER]}], ()),  # it fails without the card as well
        ({"card": "4242", "tier": "vip"}, [{"all": [VIP, OTHER]}], ("card",)),
        ({"card": "4242", "tier": "vip"}, [{"any": [VIP, OTHER]}], ()),
        ({"card": "4242"}, [{"variable": "card", "is_missing": True}, {"variable": "card", "is_present": True}], ()),
    ],
)
def test_only_a_secret_that_could_decide_is_unknown(
    told: dict[str, str], conditions: list[Any], unknown: tuple[str, ...]
) -> None:
    restored = stored(some.read([CARD]), Facts(told, some.START))
    assert unknown_secrets(compile_configuration(some.read(conditions)), restored) == unknown


@pytest.mark.parametrize("declared", [True, False])
def test_a_secret_that_no_condition_asked_for_is_known_to_have_been_told(declared: bool) -> None:
    """Also where the later version has no secret of this name."""
    restored = stored(some.read([None]), Facts({"card": "4242"}, some.START))
    more: dict[str, Any] = {} if declared else {"variables": {}}
    compiled = compile_configuration(some.read([{"variable": "card", "is_missing": True}, OTHER], **more))
    assert unknown_secrets(compiled, restored) == ("card",)
    (missing, other) = explain(compiled, restored).rules
    assert missing.conditions[0].actual != "missing"
    assert other.conditions[0].actual == "not kept, because it is secret"


def test_whom_an_agent_or_a_code_rule_names_no_secret_changes() -> None:
    compiled = compile_configuration(some.read([OTHER]))
    voted = Facts({"card": "4242"}, some.START, votes=(Vote("code", "two"),))
    assert unknown_secrets(compiled, stored(some.read([CARD]), voted)) == ()
    asked = stored(some.read([CARD]), Facts({"card": "4242"}, some.START))
    assert unknown_secrets(compiled, asked, "two") == ()
    assert unknown_secrets(compiled, asked, "nowhere") == ("card",)
