"""What a simulation found, and the same as plain values for JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from handoff_rules.outcomes import Ends, Outcome
from handoff_rules.problems import Problem
from handoff_rules.trace import Trace
from webapp.calls.timeline import Event
from webapp.simulator.hearing import rings


@dataclass(frozen=True, slots=True)
class SimulatedStep:
    """One document. `destination` is None where nobody is rung; `verb` is what Twilio is told to do."""

    destination: str | None
    method: str | None
    verb: str
    document: str
    headers: Mapping[str, str]
    dropped_headers: Mapping[str, str]
    outcome: Outcome | None
    caller_hears: Sequence[str]
    called_person_hears: Sequence[str]
    caller_id: str | None = None
    notes: Sequence[str] = ()

    @property
    def rings(self) -> tuple[str, ...]:
        """The numbers and SIP addresses that ring: a sandbox phone where one stands in for the destination."""
        return rings(self.document)


@dataclass(frozen=True, slots=True)
class SimulatedText:
    """A text that the worker would be asked for; `purpose` is `missed` or `details`."""

    purpose: str
    body: str


@dataclass(frozen=True, slots=True)
class Simulation:
    """`path` are the destinations that were rung, in order; `says` everything the caller heard.

    `texts` are asked for; registration, opt-outs, caps and quiet hours are judged when a real call ends. `explained`
    works the trace out, which takes far longer than playing the call: who does not ask for it does not pay for it.
    `met` are the words of the far end that the attempts met, in order. `unknown` are secrets that a stored call no
    longer knows, and that could lead it to another rule.
    """

    ends: Ends
    path: tuple[str, ...]
    rule: str | None
    reason: str
    explained: Callable[[], Trace] = field(repr=False, compare=False)
    steps: tuple[SimulatedStep, ...]
    events: tuple[Event, ...]
    problems: tuple[Problem, ...] = ()
    texts: tuple[SimulatedText, ...] = ()
    met: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def trace(self) -> Trace:
        return self.explained()

    @property
    def says(self) -> str:
        return " ".join(text for step in self.steps for text in step.caller_hears)

    @property
    def headers(self) -> dict[str, str]:
        """The headers of the last attempt that carried some."""
        return next((dict(step.headers) for step in reversed(self.steps) if step.headers), {})

    def to_plain(self) -> dict[str, Any]:
        return {
            "ends": self.ends.value,
            "path": list(self.path),
            "rule": self.rule,
            "reason": self.reason,
            "trace": self.trace.as_document(),
            "steps": [asdict(step) for step in self.steps],
            "texts": [asdict(text) for text in self.texts],
            "events": [event._asdict() for event in self.events],
            "problems": [asdict(problem) for problem in self.problems],
        }
