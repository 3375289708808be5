"""What must come of a call: only what is written is compared, and every difference is a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.stand_in.far_end import ScriptError
from tests.stand_in.finished import Finished
from tests.stand_in.targets import Targets

KEYS = frozenset({
    "path", "ends", "verbs", "headers", "says", "says_not", "far_end_hears", "caller_ids", "attributes", "outcomes",
    "requests", "fields",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Expectation:
    """`path`: destination ids in the order of the attempts. `headers`: of the first attempt, or a list, one mapping
    for each; the value "-" says that the header must not be there. `says`: parts of what the caller hears, in order.
    `requests`: the paths of all document webhooks. `fields`: parameters that some webhook must have carried.
    `caller_ids` and `attributes`: of the attempts' verbs, "-" for none."""

    targets: Targets
    path: tuple[str, ...] | None = None
    ends: str | None = None
    verbs: tuple[str, ...] | None = None
    headers: tuple[Mapping[str, str], ...] = ()
    says: tuple[str, ...] = ()
    says_not: tuple[str, ...] = ()
    far_end_hears: tuple[str, ...] = ()
    caller_ids: tuple[str, ...] | None = None
    attributes: tuple[Mapping[str, str], ...] = ()
    outcomes: tuple[str, ...] | None = None
    requests: tuple[str, ...] | None = None
    fields: Mapping[str, str] | None = None

    def differences(self, finished: Finished) -> list[str]:
        """Nothing when the call went as it should."""
        return [*self.of_the_way(finished), *self.of_the_attempts(finished), *self.of_the_words(finished)]

    def of_the_way(self, finished: Finished) -> Iterator[str]:
        path = tuple(self.targets.name_of(attempt) for attempt in finished.attempts)
        if self.path is not None and path != self.path:
            yield f"the path is {list(path)}, expected {list(self.path)}"
        if self.ends is not None and self.ends not in finished.words:
            yield f"the call ends {' or '.join(finished.words)}, expected {self.ends}"
        verbs = tuple(attempt.verb for attempt in finished.attempts)
        if self.verbs is not None and verbs != self.verbs:
            yield f"the verbs are {list(verbs)}, expected {list(self.verbs)}"
        requests = tuple(path_of(each.webhook.url) for each in finished.documents)
        if self.requests is not None and requests != self.requests:
            yield f"the requests are {list(requests)}, expected {list(self.requests)}"
        sent = [each.webhook.parameters for each in finished.transcript.exchanges]
        for name, value in (self.fields or {}).items():
            if not any(parameters.get(name) == value for parameters in sent):
                yield f"no webhook carried {name}={value}"

    def of_the_attempts(self, finished: Finished) -> Iterator[str]:
        attempts = finished.attempts
        for index, headers in enumerate(self.headers):
            actual = attempts[index].headers if index < len(attempts) else {}
            yield from unlike(headers, actual, f"attempt {index + 1}: header")
        for index, attributes in enumerate(self.attributes):
            actual = dict(attempts[index].attributes) if index < len(attempts) else {}
            yield from unlike(attributes, actual, f"attempt {index + 1}: attribute")
        caller_ids = tuple(attempt.attributes.get("callerId", "-") for attempt in attempts)
        if self.caller_ids is not None and caller_ids != self.caller_ids:
            yield f"the caller IDs are {list(caller_ids)}, expected {list(self.caller_ids)}"
        outcomes = tuple(line for attempt in attempts for line in attempt.outcomes)
        if self.outcomes is not None and sorted(outcomes) != sorted(self.outcomes):
            yield f"the lines ended {list(outcomes)}, expected {list(self.outcomes)}"

    def of_the_words(self, finished: Finished) -> Iterator[str]:
        yield from in_order(self.says, finished.heard, "the caller")
        yield from in_order(self.far_end_hears, finished.transcript.heard_by_far_end, "the called person")
        for words in self.says_not:
            if any(words in text for text in finished.heard):
                yield f"the caller hears {words!r}, and must not"


def unlike(expected: Mapping[str, str], actual: Mapping[str, str], what: str) -> Iterator[str]:
    for name, value in expected.items():
        found = actual.get(name, "-")
        if found != value:
            yield f"{what} {name} is {found!r}, expected {value!r}"


def in_order(expected: Sequence[str], heard: Sequence[str], who: str) -> Iterator[str]:
    waiting = iter(heard)
    for words in expected:
        if not any(words in text for text in waiting):
            yield f"{who} does not hear {words!r} (in this order); heard was {list(heard)}"


def path_of(url: str) -> str:
    return "/" + url.partition("://")[2].partition("/")[2].partition("?")[0]


def read_expectation(written: Mapping[str, Any], configuration: Mapping[str, Any]) -> Expectation:
    unknown = written.keys() - KEYS
    if unknown:
        raise ScriptError(f"nothing can be expected of {', '.join(sorted(unknown))}")
    fields: dict[str, Any] = dict(written)
    for name in ("path", "verbs", "says", "says_not", "far_end_hears", "caller_ids", "outcomes", "requests"):
        if name in fields:
            fields[name] = (fields[name],) if isinstance(fields[name], str) else tuple(fields[name])
    for name in ("headers", "attributes"):
        if name in fields:
            fields[name] = (fields[name],) if isinstance(fields[name], Mapping) else tuple(fields[name])
    return Expectation(Targets.of(configuration), **fields)
