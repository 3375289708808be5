"""Reading a document: all faults at once, each with its place in the document, plain words and a fix."""

from __future__ import annotations

import contextlib
import copy
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff_rules.check import check
from handoff_rules.configuration import read_configuration
from handoff_rules.problems import ConfigurationError, Problem
from tests.handoff_rules import configurations as some

TEN_FAULTS = """
schema: "1"
name: Ten faults
time_zone: Mars/Base
default_destination: front-dask
destinations:
  - {id: front-desk, name: Front desk, method: INVITE, route: "+14155550100", ring_secs: "20"}
  - {id: billing, name: Billing, method: INVITE, route: "911"}
  - {id: sales, name: Sales, method: INVITE, route: sip:sales@pbx.example.com, hours: offise}
  - {id: leak, name: Leak, method: INVITE, route: sip:leak@pbx.example.com, headers: [{name: X-Card, value: $card}]}
  - {id: loop, name: Loop, method: INVITE, route: sip:loop@pbx.example.com, fallback: [{destination: loop}]}
variables: {card: {secret: "true"}}
hours:
  - {id: office, name: Office, weekly: {mon-fri: ["9-17"]}}
rules:
  - {id: vip, name: VIP, destination: sales, when: {all: [{variable: tier, equals: vip}]}}
  - {id: gold, name: Gold, destination: sales, when: {variable: tier, is: gold, is_not: vip}}
"""

EXPECTED = {
    "time_zone": "Write an IANA zone such as America/New_York.",
    "default_destination": "Did you mean `front-desk`?",
    "destinations/0/ring_secs": "Did you mean `ring_seconds`?",
    "destinations/1/route": "Handoff does not call emergency services.",
    "destinations/2/hours": "Did you mean `office`?",
    "destinations/3/headers/0/value": "Take it out of the header, or remove “secret” from the variable.",
    "destinations/4/fallback/0/destination": "Name another destination, or a voicemail.",
    "hours/0/weekly/mon-fri/0": 'Write it as "09:00-17:30", past midnight as "22:00-02:00".',
    "rules/0/when/all/0/equals": "Did you mean `is`?",
    "rules/1/when": "Keep one; join several with `all:`.",
}


def problems_of(document: Any) -> tuple[Problem, ...]:
    with pytest.raises(ConfigurationError) as raised:
        read_configuration(document)
    return raised.value.problems


def changed(path: str, value: Any) -> dict[str, Any]:
    """The sound document with one value put at this path."""
    document = copy.deepcopy(some.document([{"all": [{"variable": "tier", "is": "vip"}]}, None]))
    *parents, last = [int(part) if part.isdigit() else part for part in path.split("/")]
    place: Any = document
    for part in parents:
        place = place[part]
    place[last] = value
    return document


def test_ten_faults_of_different_kinds_show_in_one_run_each_with_path_and_fix() -> None:
    problems = problems_of(yaml.load(TEN_FAULTS, yaml.BaseLoader))
    assert {problem.path: problem.fix for problem in problems} == EXPECTED
    assert all(problem.message and problem.severity == "error" for problem in problems)


def test_one_impossible_date_hides_no_other_fault_of_its_schedule() -> None:
    hours = {
        "id": "office", "name": "Office", "holidays": {"country": "ZZ"},
        "exceptions": [
            {"date": "2026-02-30", "closed": True},
            {"date": "2026-12-24", "closed": True},
            {"date": "2026-12-24", "open": ["09:00-12:00"]},
            {"date": "2026-12-31", "closed": True, "open": ["09:00-12:00"]},
        ],
    }  # fmt: skip
    assert [problem.path for problem in problems_of(some.document([], hours=[hours]))] == [
        "hours/0/exceptions/0/date", "hours/0/exceptions/1/date", "hours/0/exceptions/2/date", "hours/0/exceptions/3",
        "hours/0/holidays/country",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "path"),
    [({"open": ["9-12"]}, "open/0"), ({"open": "09:00-12:00"}, "open"), ({"closed": "maybe"}, "closed"),
     ({"close": True}, "close"), ({"opne": ["09:00-12:00"]}, "opne")],
)  # fmt: skip
def test_an_exception_with_one_fault_is_not_told_to_be_neither_closed_nor_open_too(typed: Any, path: str) -> None:
    hours = {"id": "office", "name": "Office", "exceptions": [{"date": "2026-12-24"} | typed, {"date": "2026-12-25"}]}
    found = [problem.path for problem in problems_of(some.document([], hours=[hours]))]
    assert found == [f"hours/0/exceptions/0/{path}", "hours/0/exceptions/1"]


@pytest.mark.parametrize("typed", [{"name": ""}, {"ring_seconds": "soon"}, {"caller_id": "0415"}, {"rout": "x"}])
def test_one_bad_key_hides_no_other_fault_of_its_destination(typed: dict[str, Any]) -> None:
    document = changed("destinations/0", {"id": "one", "name": "One", "method": "INVITE", "route": "911"} | typed)
    assert [problem.path for problem in problems_of(document)] == [f"destinations/0/{next(iter(typed))}",
                                                                   "destinations/0/route"]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("destinations/0/route", ["+14155550100", "", ["x"]], ["destinations/0/route/1", "destinations/0/route/2"]),
        ("rules/0/when", {"variable": "tier", "starts_with": ["a", {}]}, ["rules/0/when/starts_with/1"]),
        ("destinations/0/name", ["a", {}], ["destinations/0/name"]),
    ],
)
def test_a_list_with_a_faulty_member_is_told_to_be_no_text_only_where_no_list_may_stand(
    path: str, value: Any, told: list[str]
) -> None:
    assert [problem.path for problem in problems_of(changed(path, value))] == told


def test_a_route_that_cannot_be_read_is_not_told_to_be_missing_too() -> None:
    assert [problem.path for problem in problems_of(changed("destinations/0/route", "x" * 300))] == [
        "destinations/0/route"
    ]


@pytest.mark.parametrize(
    "mistyped",
    [{"ring_seconds": 2}, {"nmae": "Desk", "name": None}, {"idd": "desk", "id": None}, {"screen": "maybe"},
     {"fallback": [{"destination": "nowhere"}, {"destination": "desk"}]}, {"fallback": [{"say": "a", "hang_up": True}]},
     {"headers": [{"name": "Bad", "value": "x"}, {"value": "x"}]}],
)  # fmt: skip
def test_one_mistyped_key_hides_no_other_fault_of_its_destination(mistyped: dict[str, Any]) -> None:
    entry = {"id": "desk", "name": "Desk", "method": "INVITE", "route": "911"} | mistyped
    written = {key: value for key, value in entry.items() if value is not None}
    main = {"id": "main", "name": "Main", "method": "INVITE", "route": "+14155550100"}
    document = {"schema": 1, "name": "Test", "default_destination": "main", "destinations": [main, written]}
    found = [problem.path for problem in problems_of(document)]
    assert "destinations/1/route" in found
    assert len(found) == len(set(found)) > 1


def test_a_method_that_is_none_is_told_alone_because_nothing_else_can_be_said_of_its_destination() -> None:
    entry = {"id": "back", "name": "Back", "method": "BYEE"}
    document = {"schema": 1, "name": "Test", "default_destination": "back", "destinations": [entry]}
    assert [problem.path for problem in problems_of(document)] == ["destinations/0/method"]


def test_a_mistyped_key_of_a_rule_hides_no_name_that_it_may_not_set() -> None:
    main = {"id": "main", "name": "Main", "method": "INVITE", "route": "+14155550100"}
    rule = {"id": "r", "name": "R", "destination": "main", "set": {"Bad": "1", "digits": "1"}, "typo": "1"}
    document = {"schema": 1, "name": "Test", "default_destination": "main", "destinations": [main], "rules": [rule]}
    found = {problem.path for problem in problems_of(document)}
    assert found == {"rules/0/set/Bad", "rules/0/set/digits", "rules/0/typo"}
    lost = {"id": "r", "name": "R", "destination": "nowhere", "set": {"digits": "1"}}
    found = {problem.path for problem in problems_of(document | {"rules": [lost]})}
    assert found == {"rules/0/destination", "rules/0/set/digits"}


def test_texts_of_yaml_and_values_of_json_give_the_same_configuration() -> None:
    json_like = some.document([{"share": 20}, {"variable": "tier", "is_present": True}, {"variable": "n", "is": 42}])
    json_like["destinations"][0] |= {"ring_seconds": 30, "enabled": False, "fallback": [{"hang_up": True}]}
    as_text = yaml.load(yaml.safe_dump(json_like).replace("'", ""), yaml.BaseLoader)
    assert read_configuration(as_text) == read_configuration(json_like)


def test_a_configuration_survives_the_way_through_its_document() -> None:
    configuration = some.read([{"not": {"variable": "tier", "is": "vip"}}, {"day": ["mon"]}])
    assert read_configuration(configuration.to_document()) == configuration


ONE_FAULT: list[tuple[str, Any, str, str]] = [
    ("schema", "2", "schema", "Write one of `1`."),
    ("name", "", "name", "Write something, or leave the key out."),
    ("country", "usa", "country", "Write its two capital letters, such as US."),
    ("rules/0/when/all/0", {"tier": "vip"}, "rules/0/when/all/0", "Write one of `all`, `any`, `not`, `variable`"),
    ("rules/0/when/all/0", {"variabel": "x", "is": "y"}, "rules/0/when/all/0", "Did you mean `variable`?"),
    ("rules/0/when/all/0", {"variable": "tier"}, "rules/0/when/all/0", "Add one operator"),
    ("rules/0/when/all/0/is", {"a": "b"}, "rules/0/when/all/0/is", "Put it in quotes."),
    ("rules/0/when/all/0", {"variable": "x", "starts_with": {}}, "rules/0/when/all/0/starts_with", "Put it in quotes."),
    ("rules/0/when/all/0", {"variable": "x", "is_one_of": []}, "rules/0/when/all/0/is_one_of", "Write at least 1"),
    ("rules/0/when", {"variable": "x", "contains": []}, "rules/0/when/contains", "Write at least 1"),
    ("rules/0/when", {"variable": "x", "like": ["*a*", "*b*"]}, "rules/0/when/like", "Write one text, in quotes."),
    ("rules/0/when", {"not": {"share": "101"}}, "rules/0/when/not/share", "Write 100 or less."),
    ("rules/0/when", {"day": ["monday"]}, "rules/0/when/day/0", "Did you mean `mon`?"),
    ("rules/0/when", {"date": ["2026-02-30", "2026-03-01"]}, "rules/0/when/date/0", "Write a date that exists"),
    ("rules/0/when", {"date": ["2026-03-02", "2026-03-01"]}, "rules/0/when", "Write the earlier day first."),
    ("rules/0/when", {"hours": "day-desk", "is": "opne"}, "rules/0/when/is", "Did you mean `open`?"),
    ("rules/0/when", {"hours": "day-dsk", "is": "open"}, "rules/0/when/hours", "Did you mean `day-desk`?"),
    ("rules/0/destination", "tow", "rules/0/destination", "Did you mean `two`?"),
    ("rules/1/id", "r0", "rules/1/id", "Give this rule an id of its own."),
    ("destinations/1/id", "Two!", "destinations/1/id", "Use lower-case letters, digits and hyphens"),
    ("destinations/0/method", "refer", "destinations/0/method", "Write one of `REFER`, `INVITE`, `BYE`."),
    ("destinations/0/caller_id", "0415", "destinations/0/caller_id", "Write `caller`, `called` or a number"),
    ("destinations/0/ring_seconds", "soon", "destinations/0/ring_seconds", "Write digits alone."),
    ("destinations/0/fallback", [{}], "destinations/0/fallback/0", "Keep one."),
    ("destinations/0/fallback", [{"say": "x", "hang_up": True}], "destinations/0/fallback/0", "Keep one."),
    ("destinations/0/fallback", [{"destination": "four"}], "destinations/0/fallback/0/destination", "Write one of"),
    ("destinations/0/fallback", [{"hang_up": "false"}], "destinations/0/fallback/0/hang_up", "Write one of `true`."),
    ("rules/0/when", {"variable": "tier", "between": ["1"]}, "rules/0/when/between/1", "Write 2 of them"),
    ("rules", None, "rules", "to have none, leave the key out."),
    ("destinations", [], "destinations", "Write at least 1"),
    ("variables", {"Tier": {}}, "variables/Tier", "Use lower-case letters, digits and _"),
    ("intake", {"kind": "menu"}, "intake/prompt", "Add `prompt: …`."),
    ("intake", {"kind": "manu"}, "intake", "Did you mean `menu`?"),
    ("intake", {}, "intake", "Add `kind: none`"),
    ("ending", {"say": "x", "hang_up": "true"}, "ending", "Keep one."),
    ("policy", {"max_steps": "99"}, "policy/max_steps", "Write 20 or less."),
    (
        "tests",
        [{"name": "x", "call": {"from": "a", "to": "b", "ovr": "sip"}, "expect": {}}],
        "tests/0/call/ovr",
        "`over`",
    ),
    (
        "tests",
        [{"name": "x", "call": {"from": "a", "to": "b", "at": "9999-01-01T00:00:00Z"}, "expect": {}}],
        "tests/0/call/at",
        "Write a year",
    ),
    ("tests", [{"name": "x", "call": {"from": "a"}, "expect": {"rule": "r9"}}], "tests/0/call/to", "Add `to: …`."),
]


@pytest.mark.parametrize(("path", "value", "at", "fix"), ONE_FAULT)
def test_one_fault_is_told_at_its_place_with_its_fix(path: str, value: Any, at: str, fix: str) -> None:
    found = {problem.path: problem.fix for problem in problems_of(changed(path, value))}
    assert fix in found[at]


def test_conditions_may_be_sixteen_deep_and_no_deeper() -> None:
    deep: Any = {"variable": "tier", "is": "vip"}
    for _ in range(15):
        deep = {"not": deep}
    read_configuration(some.document([deep]))
    assert [problem.path for problem in problems_of(some.document([{"not": deep}]))] == ["rules/0"]


def nested(depth: int) -> Any:
    value: Any = "x"
    for _ in range(depth):
        value = {"all": [value]}
    return value


IN_ITSELF: list[Any] = []
IN_ITSELF.append(IN_ITSELF)

HOSTILE: dict[str, Any] = {
    "not a mapping": ["schema"],
    "nothing": None,
    "keys that are no text": {1: 2},
    "depth 100,000": some.document([nested(100_000)]),
    "a list in itself": {"rules": IN_ITSELF},
    "a million values": {"rules": [0] * 1_000_001},
    "20,000 faulty rules": some.document([{"variable": "X", "equals": "y"}] * 20_000),
    "20,000 unknown keys": {f"key_{number}": 1 for number in range(20_000)},
    "a text of a megabyte": some.document([{"variable": "x" * 1_000_000, "is": "y"}]),
    "surrogates": some.document([], name="\ud800"),
}


@pytest.mark.parametrize("document", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_document_is_refused_quickly_with_few_short_problems(document: Any) -> None:
    start = time.thread_time()
    problems = problems_of(document)
    assert time.thread_time() - start < 8
    assert 0 < len(problems) < 1100
    assert all(len(str(problem)) < 2000 for problem in problems)


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
PLACES = (
    "name rules rules/0 rules/0/when rules/0/when/all rules/0/when/all/0 rules/1/headers hours destinations "
    "destinations/0 destinations/1/fallback destinations/2/route variables intake hours/0/weekly hours/0/exceptions "
    "ending policy tests rules/0/id default_destination"
)
places = st.sampled_from(PLACES.split())


@settings(max_examples=400, deadline=None)
@given(places, junk)
def test_junk_anywhere_is_a_configuration_error_or_a_configuration(path: str, value: Any) -> None:
    with contextlib.suppress(ConfigurationError):
        check(read_configuration(changed(path, value)))


def test_the_example_configuration_has_no_errors() -> None:
    text = (Path(__file__).parents[2] / "handoff.example.yaml").read_text("utf-8")
    assert [str(problem) for problem in check(read_configuration(yaml.load(text, yaml.BaseLoader)))] == []
