"""Problems found before a call is: each kind with its place, and errors where the design says errors."""

from __future__ import annotations

import time
from typing import Any

import pytest

from handoff_rules.check import check
from handoff_rules.configuration import read_configuration
from handoff_rules.problems import Problem
from tests.handoff_rules import configurations as some

SIP = "sip:desk@pbx.example.com"
ERROR, WARNING = "error", "warning"


def desk(**more: Any) -> dict[str, Any]:
    """A second destination beside the default one."""
    return {"id": "desk", "name": "Desk", "method": "INVITE", "route": SIP} | more


def with_destination(destination: dict[str, Any], **more: Any) -> dict[str, Any]:
    main = {"id": "main", "name": "Main", "method": "INVITE", "route": "+14155550100"}
    rules = [{"id": "r", "name": "Rule", "destination": "desk", "when": {"variable": "digits", "is": "1"}}]
    return {
        "schema": 1,
        "name": "Test",
        "default_destination": "main",
        "destinations": [main, destination],
        "rules": rules,
    } | more


def header(name: str, value: str) -> dict[str, Any]:
    return {"headers": [{"name": name, "value": value}]}


def rules(*conditions: Any) -> dict[str, Any]:
    listed = [
        {"id": f"r{n}", "name": f"R{n}", "destination": "desk"} | ({"when": when} if when else {})
        for n, when in enumerate(conditions)
    ]
    return with_destination(desk(), rules=listed)


ROUTE = "destinations/1/route"
FALLBACK = "destinations/1/fallback"
WHEN = "rules/0/when"
DIGITS = {"variable": "digits", "is": "1"}
GROUP = [f"+141555501{number:02}" for number in range(11)]
OFFICE = {"id": "office", "name": "Office"}
TEST = {"name": "T", "call": {"from": "+12125550123", "to": "+14155550199"}, "expect": {"ends": "answered"}}

CASES: dict[str, tuple[dict[str, Any], str, str]] = {
    "a number of another region": (with_destination(desk(route="+18765550123")), ROUTE, ERROR),
    "a premium number": (with_destination(desk(route="+19005550123")), ROUTE, ERROR),
    "a satellite number": (with_destination(desk(route="+870773111632")), ROUTE, ERROR),
    "an emergency number": (with_destination(desk(route="911")), ROUTE, ERROR),
    "an emergency number over SIP": (with_destination(desk(route="sip:112@pbx.example.com")), ROUTE, ERROR),
    "a short code": (with_destination(desk(route="411")), ROUTE, ERROR),
    "a national number": (with_destination(desk(route="(415) 555-0100")), ROUTE, ERROR),
    "an extension of no PBX": (with_destination(desk(route="1001")), ROUTE, ERROR),
    "a faulty SIP address": (with_destination(desk(route="sip:a b@pbx.example.com")), ROUTE, ERROR),
    "a faulty SIP host": (with_destination(desk(), sip_host="pbx example"), "sip_host", ERROR),
    "an INVITE without a route": (with_destination(desk(route=None)), ROUTE, ERROR),
    "a REFER without a route": (with_destination(desk(method="REFER", route=[])), ROUTE, ERROR),
    "a BYE with a route": (with_destination(desk(method="BYE")), ROUTE, ERROR),
    "a screen on a BYE": (
        with_destination(desk(method="BYE", route=None, screen="accept")),
        "destinations/1/screen",
        ERROR,
    ),
    "machine detection that asks nobody": (
        with_destination(desk(machine_detection=True)),
        "destinations/1/machine_detection",
        WARNING,
    ),
    "headers on a BYE": (
        with_destination(desk(method="BYE", route=None, **header("X-A", "1"))),
        "destinations/1/headers",
        WARNING,
    ),
    "eleven members of a ring group": (with_destination(desk(route=GROUP)), ROUTE, ERROR),
    "a member twice": (with_destination(desk(route=[SIP, SIP])), ROUTE, ERROR),
    "a caller ID that no country has": (
        with_destination(desk(caller_id="+99999999999")),
        "destinations/1/caller_id",
        ERROR,
    ),
    "a bad header name": (with_destination(desk(**header("Via", "1"))), "destinations/1/headers/0/name", ERROR),
    "a fixed header that cannot fit": (
        with_destination(desk(**header("X-A", "x" * 999))),
        "destinations/1/headers",
        ERROR,
    ),
    "headers that overflow with samples": (
        with_destination(desk(**header("X-A", "$note")), variables={"note": {"sample": "é" * 400}}),
        "destinations/1/headers",
        WARNING,
    ),
    "a secret in a header": (
        with_destination(desk(**header("X-A", "$card")), variables={"card": {"secret": True}}),
        "destinations/1/headers/0/value",
        ERROR,
    ),
    "headers on a phone route": (
        with_destination(desk(route="+14155550101", **header("X-A", "1"))),
        "destinations/1/headers",
        WARNING,
    ),
    "digits for a SIP address": (with_destination(desk(send_digits="12#")), "destinations/1/send_digits", WARNING),
    "a name twice": (with_destination(desk(name="Main")), "destinations/1/name", WARNING),
    "a fallback to itself": (
        with_destination(desk(fallback=[{"destination": "desk"}])),
        f"{FALLBACK}/0/destination",
        ERROR,
    ),
    "a step behind an ending": (
        with_destination(desk(fallback=[{"say": "Bye."}, {"destination": "main"}])),
        f"{FALLBACK}/1",
        WARNING,
    ),
    "a destination twice on a ladder": (
        with_destination(desk(fallback=[{"destination": "main"}, {"destination": "main"}])),
        f"{FALLBACK}/1/destination",
        WARNING,
    ),
    "a step for an answered call": (
        with_destination(desk(fallback=[{"destination": "main", "on": ["busy", "answered"]}])),
        f"{FALLBACK}/0/on/1",
        WARNING,
    ),
    "a ladder longer than max_steps": (
        with_destination(desk(fallback=[{"destination": "main"}]), policy={"max_steps": 1}),
        FALLBACK,
        WARNING,
    ),
    "a rule to a destination that is off": (with_destination(desk(enabled=False)), "rules/0/destination", WARNING),
    "a default that gives calls back": (
        with_destination(desk(method="BYE", route=None), default_destination="desk"),
        "default_destination",
        WARNING,
    ),
    "a destination that nothing reaches": (with_destination(desk(), rules=[]), "destinations/1", WARNING),
    "a destination that only an unreachable rule leads to": (
        with_destination(
            desk(),
            rules=[
                {"id": "all", "name": "All", "destination": "main"},
                {"id": "never", "name": "Never", "destination": "desk"},
            ],
        ),
        "destinations/1",
        WARNING,
    ),
    "a rule behind hours that never close": (
        rules({"hours": "office", "is": "open"}, None)
        | {"hours": [OFFICE | {"weekly": {"mon-fri": ["00:00-24:00"], "sat-sun": ["00:00-22:00", "22:00-24:00"]}}]},
        "rules/1",
        WARNING,
    ),
    "a rule for the closed side of hours that never close": (
        rules({"hours": "office", "is": "closed"})
        | {"hours": [OFFICE | {"weekly": {"mon-sun": ["06:00-18:00", "18:00-06:00"]}}]},
        "rules/0",
        WARNING,
    ),
    "a rule behind another": (rules(DIGITS, DIGITS), "rules/1", WARNING),
    "a rule behind several": (
        rules({"variable": "digits", "is_present": True}, {"variable": "digits", "is_missing": True}, None),
        "rules/2",
        WARNING,
    ),
    "a rule that contradicts itself": (rules({"all": [DIGITS, {"variable": "digits", "is": "2"}]}), "rules/0", WARNING),
    "hours that never open": (with_destination(desk(), hours=[OFFICE]), "hours/0", WARNING),
    "a rule on hours that never open": (rules({"hours": "office", "is": "open"}) | {"hours": [OFFICE]}, WHEN, WARNING),
    "a share of nobody": (rules({"share": 0}), WHEN, WARNING),
    "ends in the wrong order": (rules({"variable": "digits", "between": ["9", "1"]}), f"{WHEN}/between", WARNING),
    "a beginning that all have": (rules({"variable": "digits", "starts_with": ""}), f"{WHEN}/starts_with", WARNING),
    "an undeclared variable": (rules({"variable": "tier", "is": "vip"}), f"{WHEN}/variable", WARNING),
    "a header variable without a sample": (
        with_destination(desk(**header("X-A", "$note")), variables={"note": {}}),
        "destinations/1/headers/0/value",
        WARNING,
    ),
    "a rule that sets what Twilio says": (
        with_destination(desk(), rules=[{"id": "r", "name": "R", "destination": "desk", "set": {"caller_id": "1"}}]),
        "rules/0/set/caller_id",
        ERROR,
    ),
    "a rule that sets the keys pressed": (
        with_destination(desk(), rules=[{"id": "r", "name": "R", "destination": "desk", "set": {"digits": "1"}}]),
        "rules/0/set/digits",
        ERROR,
    ),
    "a rule that sets what the handoff tells": (
        with_destination(desk(), rules=[{"id": "r", "name": "R", "destination": "desk", "set": {"attempt": "1"}}]),
        "rules/0/set/attempt",
        ERROR,
    ),
    "a rule that sets a header of the caller's system": (
        with_destination(desk(), rules=[{"id": "r", "name": "R", "destination": "desk", "set": {"sip_x_id": "1"}}]),
        "rules/0/set/sip_x_id",
        ERROR,
    ),
    "a menu choice that replaces the keys pressed": (
        with_destination(desk(), intake={"kind": "menu", "prompt": "Hello.", "choices": {"1": {"digits": "2"}}}),
        "intake/choices/1/digits",
        ERROR,
    ),
    "a menu choice that sets what the handoff tells": (
        with_destination(
            desk(), intake={"kind": "menu", "prompt": "Hello.", "choices": {"1": {"handoff_reason": "x"}}}
        ),
        "intake/choices/1/handoff_reason",
        ERROR,
    ),
    "a test that gives the keys as a variable": (
        with_destination(desk(), tests=[TEST | {"call": TEST["call"] | {"variables": {"digits": "1"}}}]),
        "tests/0/call/variables/digits",
        WARNING,
    ),
    "a test over the phone with a SIP header": (
        with_destination(desk(), tests=[TEST | {"call": TEST["call"] | {"variables": {"sip_x_id": "1"}}}]),
        "tests/0/call/variables/sip_x_id",
        WARNING,
    ),
    "an undeclared variable that is spoken": (
        with_destination(desk(utterance="Hello $guest.")),
        "destinations/1/utterance",
        WARNING,
    ),
    "an undeclared variable in a closing message": (
        with_destination(desk(fallback=[{"say": "Bye $guest."}])),
        f"{FALLBACK}/0/say",
        WARNING,
    ),
    "a secret that is spoken": (
        with_destination(desk(utterance="Hello $card."), variables={"card": {"secret": True}}),
        "destinations/1/utterance",
        WARNING,
    ),
    "a secret in a greeting": (
        with_destination(
            desk(fallback=[{"voicemail": {"greeting": "Hello $card."}}]), variables={"card": {"secret": True}}
        ),
        f"{FALLBACK}/0/voicemail/greeting",
        WARNING,
    ),
    "a variable in a reason": (with_destination(desk(reason="pay $amount")), "destinations/1/reason", WARNING),
    "a menu without choices": (
        with_destination(desk(), intake={"kind": "menu", "prompt": "Hello."}),
        "intake/choices",
        WARNING,
    ),
    "an agent that cannot be reached": (
        with_destination(desk(), intake={"kind": "sip_agent", "route": "agent"}),
        "intake/route",
        ERROR,
    ),
    "a test that expects nothing": (with_destination(desk(), tests=[TEST | {"expect": {}}]), "tests/0/expect", WARNING),
    "a test whose caller is no number": (
        with_destination(desk(), tests=[TEST | {"call": TEST["call"] | {"from": "bob"}}]),
        "tests/0/call/from",
        WARNING,
    ),
    "a test that calls no number": (
        with_destination(desk(), tests=[TEST | {"call": TEST["call"] | {"to": "front desk"}}]),
        "tests/0/call/to",
        WARNING,
    ),
    "an extension and its whole address in one group": (
        with_destination(desk(route=["1001", "sip:1001@pbx.example.com"]), sip_host="pbx.example.com"),
        ROUTE,
        ERROR,
    ),
    "two tests of one name": (with_destination(desk(), tests=[TEST, TEST]), "tests/1/name", WARNING),
}


def problems_in(document: dict[str, Any], **surroundings: Any) -> list[Problem]:
    document = {key: value for key, value in document.items() if value is not None}
    return check(read_configuration(document), **surroundings)


@pytest.mark.parametrize(("document", "path", "severity"), CASES.values(), ids=CASES)
def test_the_problem_is_found_at_its_place(document: dict[str, Any], path: str, severity: str) -> None:
    found = {problem.path: problem for problem in problems_in(document)}
    assert found[path].severity == severity
    assert found[path].message
    assert found[path].fix


def test_a_sound_configuration_has_no_problem() -> None:
    assert problems_in(with_destination(desk())) == []


def test_a_test_may_say_where_the_caller_lives() -> None:
    call = TEST["call"] | {"variables": {"caller_city": "NEW YORK"}}
    assert problems_in(with_destination(desk(), tests=[TEST | {"call": call}])) == []


def test_errors_come_before_warnings() -> None:
    severities = [problem.severity for problem in problems_in(with_destination(desk(route="911", name="Main")))]
    assert severities == sorted(severities)


def test_a_refer_is_only_doubted_when_it_is_known_that_no_call_arrives_by_sip() -> None:
    document = with_destination(desk(method="REFER"))
    assert problems_in(document) == problems_in(document, arrives_by_sip=True) == []
    assert [problem.path for problem in problems_in(document, arrives_by_sip=False)] == ["destinations/1/method"]


def test_an_own_number_as_a_route_is_a_warning_and_a_loop_when_its_webhook_is_ours() -> None:
    document = with_destination(desk())
    (other,) = problems_in(document, own_numbers={"+14155550100": False})
    (loop,) = problems_in(document, own_numbers={"+14155550100": True})
    assert (other.path, other.severity) == ("destinations/0/route", WARNING)
    assert (loop.path, loop.severity) == ("destinations/0/route", ERROR)


def test_a_caller_id_that_the_account_does_not_have_is_a_warning() -> None:
    document = with_destination(desk(caller_id="+14155550177"))
    assert problems_in(document) == []
    (problem,) = problems_in(document, own_numbers={"+14155550199": True})
    assert (problem.path, problem.severity) == ("destinations/1/caller_id", WARNING)


def test_an_unreachable_rule_names_the_rules_that_take_its_calls() -> None:
    problem = next(p for p in problems_in(CASES["a rule behind several"][0]) if p.path == "rules/2")
    assert problem.message == "“R2” is never reached: “R0” and “R1” take every call before it."


def test_thousands_of_rules_are_checked_in_bounded_time() -> None:
    conditions = [{"variable": "intent", "starts_with": f"{number:05d}"} for number in range(3000)]
    configuration = some.read([*conditions, conditions[7]])
    start = time.thread_time()
    problems = check(configuration)
    assert time.thread_time() - start < 15
    assert "rules/3000" in [problem.path for problem in problems]
