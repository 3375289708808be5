"""The filters of the list of calls: what is refused before the facts are read is refused by the plain meaning too."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from pydantic_core import to_json

from webapp.calls.summary import Summary, summary_of
from webapp.calls.wanted import Wanted, summary_if_wanted

CALLERS = (
    "+12125550123",
    "sip:Desk@pbx.example.com",
    'sip:"quoted"@pbx.example.com',
    "sip:m\u00fcller@example.com",
    "",
)
SIDS = ("CA" + "0" * 32, "CA" + "abcdef01" * 4)
STORED = [
    {"environment": environment, "ends": ends, "rule": "vip", "version": version, "destination:1": "front-desk"}
    | ({"destination:10": "spa"} if ends else {})
    for environment, ends, version in itertools.product(("production", "sandbox"), ("", "answered"), ("12-a", "1-b"))
]
TAKES_SOME = [
    *(Wanted(environment=one) for one in ("production", "sandbox")),
    *(Wanted(version=one) for one in ("1", "12")),
    *(Wanted(destination=one) for one in ("front-desk", "spa")),
    *(Wanted(text=one) for one in ("212 555", "0123", "CAABC", "desk", "DESK@", '"quoted"', "M\u00dcLLER", "0000")),
    Wanted(ends="answered"), Wanted(rule="vip"), Wanted(called="+14155550199"),
]  # fmt: skip
TAKES_NONE = [
    *(Wanted(called=one) for one in ("+12125550123", "+1415", 'a"b')),
    *(Wanted(text=one) for one in ("billing", "nothing like this")),
    Wanted(ends="hung_up"), Wanted(version="2"), Wanted(destination="none"), Wanted(rule="night"),
]  # fmt: skip


def plain_meaning(wanted: Wanted, call: Summary) -> bool:
    for name in ("environment", "destination", "ends", "rule", "called"):
        if getattr(wanted, name) not in ("", getattr(call, name)):
            return False
    needle = wanted.text.casefold().replace(" ", "")
    numbers = (call.call_sid, call.caller, call.called)
    return wanted.version in ("", call.version_number) and any(needle in one.casefold() for one in numbers)


@pytest.mark.parametrize("wanted", [*TAKES_SOME, *TAKES_NONE], ids=str)
@pytest.mark.parametrize("written", [lambda facts: to_json(facts).decode(), json.dumps], ids=["as we write", "escaped"])
def test_a_filter_takes_what_its_plain_meaning_takes(wanted: Wanted, written: Callable[[object], str]) -> None:
    taken = 0
    for caller, sid, fields in itertools.product(CALLERS, SIDS, STORED):
        told = {"caller_id": caller, "called_number": "+14155550199", "intent": "billing"}
        stored = {**fields, "facts": written({"over": "phone", "decision": {"variables": told}})}
        call = summary_of(sid, 1e12, stored)
        for one in (wanted, replace(wanted, environment="production")):
            expected = call if plain_meaning(one, call) else None
            assert summary_if_wanted(one, sid, 1e12, stored) == expected, (one, call)
            taken += expected is not None
    assert bool(taken) is (wanted in TAKES_SOME)


@pytest.mark.parametrize("facts", ["", "{", "[]", "null", '{"decision": 1}'])
def test_a_call_whose_facts_cannot_be_read_is_listed_all_the_same(facts: str) -> None:
    stored = {"environment": "production", "facts": facts}
    assert summary_if_wanted(Wanted(environment="production"), SIDS[0], 1e12, stored) is not None
    assert summary_if_wanted(Wanted(text="212"), SIDS[0], 1e12, stored) is None
