"""Random configurations and facts for property tests, drawn from few names so that conditions often meet."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from handoff_rules.configuration import Configuration, read_configuration
from handoff_rules.facts import Facts, Vote

VARIABLES = ("intent", "tier", "caller_id", "note", "card")
VALUES = ("a", "b", "ab", "aba", "abab", "", "7", "7.0", "10", "-3", "+1212", "+12125550123", "A", "ba", "xaby", "é")
DESTINATIONS = ("one", "two", "three")
SCHEDULES = ("day-desk", "never")
START = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)

names = st.sampled_from(VARIABLES)
values = st.sampled_from(VALUES)
value_lists = st.lists(values, min_size=1, max_size=4)
patterns = st.text(alphabet="ab*?", max_size=5)


def _operator(name: str, operand: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.builds(lambda variable, value: {"variable": variable, name: value}, names, operand)


single = st.one_of(
    *(_operator(name, values) for name in ("is", "is_not", "less_than", "greater_than")),
    *(_operator(name, value_lists) for name in ("is_one_of", "is_not_one_of")),
    *(_operator(name, values | value_lists) for name in ("starts_with", "ends_with", "contains")),
    _operator("like", patterns),
    _operator("between", st.tuples(values, values).map(list)),
    *(_operator(name, st.just(True)) for name in ("is_present", "is_missing")),
    st.builds(
        lambda hours, state: {"hours": hours, "is": state},
        st.sampled_from(SCHEDULES),
        st.sampled_from(["open", "closed"]),
    ),
    st.lists(st.sampled_from(["mon", "fri", "sat"]), min_size=1, max_size=2).map(lambda days: {"day": days}),
    st.sampled_from([["2026-11-20", "2026-11-21"], ["2026-12-01", "2026-12-31"], ["2026-11-15", "2026-12-10"]]).map(
        lambda dates: {"date": dates}
    ),
    st.sampled_from([0, 30, 70, 100]).map(lambda percent: {"share": percent}),
)
conditions = st.recursive(
    single,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4).map(lambda children: {"all": children}),
        st.lists(inner, min_size=1, max_size=4).map(lambda children: {"any": children}),
        inner.map(lambda child: {"not": child}),
    ),
    max_leaves=12,
)


def document(conditions_of_rules: list[Any], **more: Any) -> dict[str, Any]:
    """A valid document with one rule for each condition (None: matches every call)."""
    rules = [
        {"id": f"r{number}", "name": f"Rule {number}", "destination": DESTINATIONS[number % 3]}
        | ({} if condition is None else {"when": condition})
        for number, condition in enumerate(conditions_of_rules)
    ]
    return {
        "schema": 1,
        "name": "Test desk",
        "time_zone": "America/New_York",
        "default_destination": "one",
        "variables": {"card": {"secret": True}},
        "destinations": [
            {"id": name, "name": name.title(), "method": "INVITE", "route": f"sip:{name}@pbx.example.com"}
            for name in DESTINATIONS
        ],
        "hours": [
            {"id": "day-desk", "name": "Day desk", "weekly": {"mon-fri": ["09:00-17:30"]}},
            {"id": "never", "name": "Never", "closed_now": True},
        ],
        "rules": rules,
    } | more


configurations = st.lists(st.none() | conditions, max_size=12).map(document).map(read_configuration)
variables = st.dictionaries(st.sampled_from([*VARIABLES, "call_sid", "other"]), values, max_size=7)
instants = st.integers(0, 60 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes))
votes = st.builds(
    Vote,
    source=st.just("code"),
    destination=st.sampled_from([None, "two", "nowhere"]),
    reason=st.sampled_from([None, "said_so"]),
    set=st.sampled_from([{}, {"tier": "gold"}]),
)
facts = st.builds(Facts, variables=variables, at=instants)
facts_with_votes = st.builds(Facts, variables=variables, at=instants, votes=st.lists(votes, max_size=2).map(tuple))


def read(conditions_of_rules: list[Any], **more: Any) -> Configuration:
    return read_configuration(document(conditions_of_rules, **more))
