"""Saved tests: what they set that cannot be set, and what they expect that cannot come."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from handoff_rules.callers import fault_of_caller, fault_of_digits
from handoff_rules.configuration import Configuration
from handoff_rules.known_variables import fault_of_told
from handoff_rules.problems import Problem
from handoff_rules.saved_tests import SavedTest, TestCall
from handoff_rules.suggestions import shown

NUMBER = r"\+[0-9]{3,15}"
SIP = r"sips?:\S+"
CALLERS = {"sip": rf"{SIP}|{NUMBER}", "client": r"client:\S+"}
"""`From` as Twilio posts it, by the way a call arrives where that is not a phone; a client's `To` may be anything."""
CALLED = {"phone": NUMBER, "sip": rf"{SIP}|{NUMBER}"}
WRITTEN = {"phone": "+12125550123", "sip": "sip:alice@pbx.example.com", "client": "client:alice"}


def saved_test_problems(configuration: Configuration) -> Iterator[Problem]:
    names = Counter(test.name for test in configuration.tests)
    for index, test in enumerate(configuration.tests):
        path = f"tests/{index}"
        if names[test.name] > 1:
            message = f"“{test.name}” is the name of more than one test."
            yield Problem(f"{path}/name", message, "Give each a name of its own.", "warning")
        yield from _problems(configuration, test, path)


def _problems(configuration: Configuration, test: SavedTest, path: str) -> Iterator[Problem]:
    yield from _caller_problems(test.call, f"{path}/call")
    for name in sorted(test.call.variables):
        if told := fault_of_told(name, test.call.over):
            yield Problem(f"{path}/call/variables/{name}", *told, "warning")
    asked_for = test.call.asked_for
    if asked_for is not None and asked_for not in configuration.destination_by_id:
        message = f"There is no destination {shown(asked_for)}: the rules decide, as if nobody had named one."
        yield Problem(f"{path}/call/asked_for", message, "Name one that there is.", "warning")
    expected = test.expect
    if expected.compares_nothing:
        message = "The test expects nothing, so it always passes."
        yield Problem(f"{path}/expect", message, "Add `path` or `ends`.", "warning")
    longest = configuration.policy.max_steps
    if expected.path is not None and len(expected.path) > longest:
        message = f"A call rings at most {longest} destinations (policy/max_steps)."
        yield Problem(f"{path}/expect/path", message, "Shorten the path.", "warning")
    if expected.rule is not None:
        rule = next((rule for rule in configuration.rules if rule.id == expected.rule), None)
        if rule is not None and not rule.enabled:
            yield Problem(f"{path}/expect/rule", f"{rule.name} is switched off.", "Switch it on.", "warning")


def _caller_problems(call: TestCall, path: str) -> Iterator[Problem]:
    if fault := fault_of_caller(call.from_, call.over):
        yield Problem(f"{path}/from", *fault, "warning")
    for field, text, forms in (("from", call.from_, CALLERS), ("to", call.to, CALLED)):
        form = forms.get(call.over)
        if form is not None and re.fullmatch(form, text, re.IGNORECASE) is None:
            message = f"No call over {call.over} says {field} like this."
            yield Problem(f"{path}/{field}", message, f"Write it as {WRITTEN[call.over]}.", "warning")
    if fault := fault_of_digits(call.digits):
        yield Problem(f"{path}/digits", *fault, "warning")
