"""How stored calls are shown on a terminal, and found in the store of this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from handoff_rules.explain import explain
from webapp.calls.plain import Clean, moment
from webapp.calls.reader import CallReader
from webapp.calls.record import CallRecord
from webapp.calls.sentences import ENDS, codes, sentence
from webapp.commands._answers import Exit, local_history, say
from webapp.commands._published import names_of
from webapp.commands._simulated import why
from webapp.configurations import Published, VersionId
from webapp.configurations.assembly import History
from webapp.configurations.conflicts import VersionNotFoundError
from webapp.configurations.published import publish

Names = Mapping[str, str]


@dataclass(slots=True)
class Stored:
    """The store's calls and the versions that they began with, each read once."""

    history: History
    calls: CallReader
    _versions: dict[str, Published | None] = field(default_factory=dict)

    def call(self, call_sid: str) -> CallRecord:
        try:
            found = self.calls.get(call_sid)
        except ValueError:
            found = None
        if found is None:
            say(f"There is no call {call_sid}. See: handoff calls list")
            raise SystemExit(Exit.NOT_FOUND)
        return found

    def version(self, wanted: str) -> Published:
        """By number, or sandbox or production. Raises VersionNotFoundError."""
        version = self.history.versions.get(wanted)
        return publish(version.document, version.version)

    def began_with(self, record: CallRecord) -> Published | None:
        """None when that version is not kept any more, or another one took its number."""
        if record.version not in self._versions:
            self._versions[record.version] = self._kept(record.version)
        return self._versions[record.version]

    def _kept(self, identity: str) -> Published | None:
        try:
            published = self.version(str(VersionId.parse(identity).number))
        except (ValueError, VersionNotFoundError):
            return None
        return published if str(published.version) == identity else None


@contextmanager
def stored_calls() -> Iterator[Stored]:
    with local_history() as history:
        yield Stored(history, CallReader(history.store.client))


def row(record: CallRecord, clean: Clean) -> tuple[str, ...]:
    path = " → ".join(record.path) or "nobody"
    ends = record.ends.value if record.ends else "going on"
    return (moment(record.started_at) or "-", record.call_sid, str(clean(record.caller)), path, ends)


def told_in_words(record: CallRecord, published: Published | None, clean: Clean) -> Iterator[str]:
    names = names_of(published) if published else {}
    yield f"{record.call_sid}, {record.environment}, version {record.version}, over {record.over}"
    yield f"From {clean(record.caller)} to {clean(record.called)} at {moment(record.started_at) or 'an unknown time'}"
    yield f"{ENDS[record.ends]}." if record.ends else "The call goes on."
    yield ""
    yield "What happened"
    yield from _timeline(record, names, clean)
    if published is not None and record.facts is not None:
        yield ""
        yield "Why"
        yield from (str(clean(line)) for line in why(explain(published.compiled, record.facts), names))


def _timeline(record: CallRecord, names: Names, clean: Callable[[str], object]) -> Iterator[str]:
    for event in record.events:
        small = codes(event.detail)
        yield f"  {clean(sentence(event, names))}{f'  [{small}]' if small else ''}"
