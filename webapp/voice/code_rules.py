"""Code rules: what conditions cannot say, said by Python functions under the entry-point group `handoff.rules`.

A function gets the call variables and returns a destination id, a mapping with overrides, or nothing. It must never
cost a caller anything: an exception or a slow answer means "no opinion", and one that is slow again and again is
switched off for this process. docs/code-rules shows how to write one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from time import monotonic
from typing import Any, Protocol

import structlog

from handoff_rules.decide import Vote
from handoff_rules.variables import clean, is_variable_name
from webapp.voice.code_rule_threads import CodeRule, RuleThreads
from webapp.voice.variables import LONGEST_VALUE, is_reserved

log = structlog.get_logger(__name__)

GROUP = "handoff.rules"
BUDGET_SECONDS = 0.25
"""For all code rules of one call together: a caller waits for them."""
TIME_OUTS_UNTIL_OFF = 3
MOST_SET = 64
ANSWERED = frozenset({"destination", "reason", "utterance", "set"})


@dataclass(slots=True)
class _Registered:
    """One function with threads of its own, so that a hanging one takes the time of nobody else."""

    name: str
    function: CodeRule
    time_outs: int = 0
    threads: RuleThreads = field(init=False)

    def __post_init__(self) -> None:
        self.threads = RuleThreads(self.name, self._vote)

    def _vote(self, variables: Mapping[str, str]) -> Vote | None:
        """Read in the rule's own thread: what it returns may have code in it as well, and that counts as its time."""
        return read_vote(self.name, self.function(variables))

    @property
    def is_off(self) -> bool:
        return self.time_outs >= TIME_OUTS_UNTIL_OFF


class Votes(Protocol):
    """Code rules, or what they said when a stored call was decided."""

    def votes(self, variables: Mapping[str, str]) -> tuple[Vote, ...]: ...


class CodeRules:
    """Asks every registered function, in the order of their names, within one time budget."""

    def __init__(self, functions: Mapping[str, CodeRule], budget_seconds: float = BUDGET_SECONDS) -> None:
        self._registered = [_Registered(name, function) for name, function in sorted(functions.items())]
        self._budget = budget_seconds

    @classmethod
    def installed(cls) -> CodeRules:
        """Those of the installed packages, loaded into this process (`installed_code_rules` has them in another one).

        One that cannot be imported is left out, and the log says so.
        """
        functions: dict[str, CodeRule] = {}
        for point in entry_points(group=GROUP):
            if point.name in functions:
                log.error("code rule has the name of another", rule=point.name, left_out=point.value)
                continue
            try:
                functions[point.name] = point.load()
            except (Exception, SystemExit) as error:  # a module may end like a script: no reason to end the server
                log.error("code rule cannot be imported", rule=point.name, error=type(error).__name__)
        return cls(functions)

    @property
    def names(self) -> Sequence[str]:
        return [registered.name for registered in self._registered]

    @property
    def switched_off(self) -> Sequence[str]:
        return [registered.name for registered in self._registered if registered.is_off]

    def votes(self, variables: Mapping[str, str]) -> tuple[Vote, ...]:
        """What each function said about this call; "no opinion" is left out. Never raises."""
        if not self._registered:
            return ()
        asked = [registered for registered in self._registered if not registered.is_off]
        deadline = monotonic() + self._budget
        futures = [(registered, registered.threads.ask(dict(variables))) for registered in asked]
        answers = [self._answer(registered, future, deadline) for registered, future in futures]
        return tuple(vote for vote in answers if vote is not None)

    def _answer(self, registered: _Registered, future: Future[Vote | None], deadline: float) -> Vote | None:
        try:
            answer = future.result(timeout=max(0.0, deadline - monotonic()))
            registered.time_outs = 0
            return answer
        except FutureTimeoutError:
            future.cancel()
            registered.time_outs += 1
            log.warning("code rule too slow", rule=registered.name, switched_off=registered.is_off)
        except Exception as error:
            log.warning("code rule failed", rule=registered.name, error=type(error).__name__)
        return None


def read_vote(source: str, answer: Any) -> Vote | None:
    """A destination id, or a mapping with `destination`, `reason`, `utterance`, `set`. Raises on anything else.

    Texts are cleaned and cut like every value that comes from outside; None for a variable leaves it alone.
    """
    if answer is None:
        return None
    if isinstance(answer, str):
        return Vote(source, destination=_text(answer))
    given = {name: answer[name] for name in ("destination", "reason", "utterance") if answer.get(name) is not None}
    if not all(isinstance(value, str) for value in given.values()):
        raise TypeError("a code rule's overrides are text")
    if not set(answer) <= ANSWERED:
        raise TypeError("a code rule's answer has a key that says nothing here")
    told = dict(answer.get("set") or {}).items()
    named = ((str.__str__(name), value) for name, value in told if isinstance(name, str) and value is not None)
    variables = {name: _text(value) for name, value in named if is_variable_name(name) and not is_reserved(name)}
    return Vote(
        source, **{name: _text(value) for name, value in given.items()}, set=dict(list(variables.items())[:MOST_SET])
    )


def _text(value: object) -> str:
    """A plain text: one of a class of its own would take its code along, into the thread that answers the call."""
    return clean(str.__str__(str(value)))[:LONGEST_VALUE]
