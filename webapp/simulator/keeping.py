"""Make a saved test from a call that was played again, so that what is right today stays right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from handoff_rules.known_variables import NEVER_TOLD, OF_THE_CALL
from handoff_rules.problems import ConfigurationError
from handoff_rules.saved_tests import Expectation, SavedTest, TestCall
from webapp.calls.record import CallRecord
from webapp.configurations.deployment import Deployment
from webapp.configurations.published import publish
from webapp.simulator.call import SimulatedCall
from webapp.simulator.result import Simulation
from webapp.simulator.saved_tests import Difference, run_saved_test
from webapp.voice.code_rules import Votes

SAID_BY_THE_CALL = frozenset({"account_sid", "sip_call_id"}) | OF_THE_CALL.keys() | NEVER_TOLD
"""Stand elsewhere in a test, or belong to the one call alone."""
FAILS_AT_ONCE = (
    "Not saved: played as a test of the sandbox, this call goes another way than in the replay. A test knows no values "
    "of secret variables and no caller who leaves before anything is decided, asks the code rules anew, and meets the "
    "newest version."
)
THERE_ALREADY = "This test is there already, as \u201c{name}\u201d. Nothing was saved."


def name_of(record: CallRecord) -> str:
    """What a test is called that somebody keeps of this call without naming it."""
    began = f" of {record.started_at:%Y-%m-%d %H:%M}" if record.started_at else ""
    return f"Call {record.call_sid[-6:]}{began}"


def saved_test_of(call: SimulatedCall, simulation: Simulation, name: str) -> dict[str, Any]:
    """The plain saved test: this call, the same far end, and what the version does with it.

    What a test cannot hold is the value of a secret, which was never stored, and what code rules said then: whoever
    saves the test plays it first (`why_last_fails`).
    """
    known: Mapping[str, Any] = {
        "from": call.caller, "to": call.called, "at": call.at.isoformat(), "over": call.over,
        "variables": {key: value for key, value in call.variables.items() if key not in SAID_BY_THE_CALL},
        "digits": call.digits, "speech": call.speech, "call_sid": call.call_sid, "asked_for": call.asked_for,
        "failing": sorted(call.failing),
    }  # fmt: skip
    expect = {"path": list(simulation.path), "ends": simulation.ends.value}
    return {
        "name": name,
        "call": {key: value for key, value in known.items() if value or key in ("from", "to")},
        "far_end": list(simulation.met),
        "expect": expect | ({"rule": simulation.rule} if simulation.rule else {}),
    }


def with_test(document: Mapping[str, Any], test: Mapping[str, Any]) -> dict[str, Any]:
    """The document with one more saved test; the same name replaces the test that had it."""
    others = [one for one in document.get("tests", ()) if one["name"] != test["name"]]
    return {**document, "tests": [*others, dict(test)]}


def kept_already(document: Mapping[str, Any], test: Mapping[str, Any]) -> str | None:
    """The name of the saved test there that plays and expects the same, whatever it is called; None without one."""
    wanted = _asked(test)
    return next((str(one["name"]) for one in document.get("tests", ()) if _asked(one) == wanted), None)


def _asked(test: Mapping[str, Any]) -> tuple[TestCall, tuple[str, ...], Expectation]:
    """Read, because a stored test leaves out what repeats a default."""
    known = SavedTest.model_validate(test)
    return known.call, known.far_end, known.expect


def why_last_fails(
    document: Mapping[str, Any],
    *,
    deployment: Deployment,
    code_rules: Votes,
    words: Callable[[Difference], str] = str,
) -> tuple[str, ...]:
    """Why the last test of a document fails there. Saved, it would hold up every promote from the first day on.

    It may also name what the document does not have: a call of an older version that went where nobody is any more.
    """
    try:
        published = publish(document)
    except ConfigurationError as fault:
        return tuple(dict.fromkeys(problem.message for problem in fault.problems))
    newest = published.compiled.configuration.tests[-1]
    result = run_saved_test(published, newest, deployment=deployment, code_rules=code_rules)
    return tuple(words(difference) for difference in result.differences)
