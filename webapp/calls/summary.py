"""One call as lists show it, from what the call log keeps of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic_core import from_json

from handoff_rules.outcomes import Ends
from webapp.calls.log import DESTINATION_OF, FACTS, TALKED

PRESUMED = "presumed_ends"
"""The field that holds what a call is taken for until the end of a handoff says how it ended: Twilio tells that a call
is over, that there is a message and how a handoff ended in any order, and the API may take a call out of its end."""
IS_OVER = "is_over"
"""The field that is there once Twilio has told that the call is over, which says little: all else says more."""


@dataclass(frozen=True, slots=True)
class Summary:
    """One call as lists show it. `ends` is empty while nothing said how the call ended."""

    call_sid: str
    started: datetime
    environment: str = ""
    version: str = ""
    destination: str = ""
    rule: str = ""
    ends: str = ""
    over: str = ""
    caller: str = ""
    called: str = ""

    @property
    def version_number(self) -> str:
        return version_number(self.version)

    def to_plain(self) -> dict[str, str]:
        return {
            "call_sid": self.call_sid, "started": self.started.isoformat(), "environment": self.environment,
            "version": self.version, "destination": self.destination, "rule": self.rule, "ends": self.ends,
            "over": self.over, "from": self.caller, "to": self.called,
        }  # fmt: skip


def summary_of(call_sid: str, score: float, stored: Mapping[str, str | None]) -> Summary:
    facts = facts_of(stored)
    variables = decision_variables(facts)
    return Summary(
        call_sid=call_sid,
        started=datetime.fromtimestamp(score / 1000, UTC),
        over=str(facts.get("over", "")),
        caller=variables.get("caller_id", ""),
        called=variables.get("called_number", ""),
        destination=last_destination(stored),
        ends=ends_of(stored),
        **{name: str(stored.get(name) or "") for name in ("environment", "version", "rule")},
    )


def ends_of(stored: Mapping[str, str | None]) -> str:
    """How the call ended, empty while nothing said so. A caller who is gone hung up, unless somebody talked on the last
    line that rang: then the end of the conversation itself was never told."""
    ends = stored.get("ends") or stored.get(PRESUMED) or ""
    if ends or IS_OVER not in stored:
        return ends
    return Ends.ANSWERED if f"{TALKED}{_last_attempt(stored)}" in stored else Ends.CALLER_HUNG_UP


def version_number(version: str) -> str:
    return version.partition("-")[0]


def last_destination(stored: Mapping[str, str | None]) -> str:
    """The one that the highest attempt rang; each attempt has a field of its own."""
    return str(stored.get(f"{DESTINATION_OF}{_last_attempt(stored)}") or "")


def _last_attempt(stored: Iterable[str]) -> int:
    return max((int(name[len(DESTINATION_OF) :]) for name in stored if name.startswith(DESTINATION_OF)), default=0)


def facts_of(stored: Mapping[str, str | None]) -> dict[str, Any]:
    """The facts that decided the call; empty when there are none, or none that can be read."""
    text = stored.get(FACTS)
    try:
        found = from_json(text, cache_strings="keys") if text else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def decision_variables(facts: Mapping[str, Any]) -> dict[str, str]:
    decision = facts.get("decision")
    variables = decision.get("variables") if isinstance(decision, dict) else None
    return {str(name): str(value) for name, value in variables.items()} if isinstance(variables, dict) else {}
