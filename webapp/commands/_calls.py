"""How stored calls are shown on a terminal, and found in the store of this machine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from pydantic import TypeAdapter

from handoff_rules.outcomes import Ends
from handoff_rules.trace import Trace
from webapp.calls.plain import Clean
from webapp.calls.reader import CallReader
from webapp.calls.record import CallRecord
from webapp.calls.sentences import ENDS, codes, sentence
from webapp.calls.timeline import Event, Kind
from webapp.commands._answers import Exit, local_history, say
from webapp.commands._simulated import why
from webapp.configurations import Published, VersionId
from webapp.configurations.assembly import History
from webapp.configurations.conflicts import VersionNotFoundError
from webapp.configurations.published import publish
from webapp.installation.interface import Installation, Plain
from webapp.installation.refusal import RemoteRefusal

Names = Mapping[str, str]
_TRACE = TypeAdapter(Trace)


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


def row(call: Plain) -> tuple[str, ...]:
    path = " → ".join(call["path"]) or "nobody"
    return (call["started_at"] or "-", call["call_sid"], call["from"], path, call["ends"] or "going on")


def told_in_words(call: Plain, names: Names, clean: Clean) -> Iterator[str]:
    """A whole call that was cleaned before; its sentences are made here, so they are cleaned as well."""
    yield f"{call['call_sid']}, {call['environment']}, version {call['version']}, over {call['over']}"
    yield f"From {call['from']} to {call['to']} at {call['started_at'] or 'an unknown time'}"
    yield f"{ENDS[Ends(call['ends'])]}." if call["ends"] else "The call goes on."
    yield ""
    yield "What happened"
    yield from _timeline(call["timeline"], names, clean)
    if call["trace"]:
        yield ""
        yield "Why"
        yield from (str(clean(line)) for line in why(_TRACE.validate_python(call["trace"]), names))


def names_in(installation: Installation, identity: str) -> Names:
    """Destination id → name in the version that a call began with; empty when it is not kept any more."""
    try:
        version = installation.versions.whole(str(VersionId.parse(identity).number))
    except (ValueError, VersionNotFoundError, RemoteRefusal):
        return {}
    if f"{version['version']}-{version['digest']}" != identity:
        return {}
    return {one["id"]: one["name"] for one in version["document"].get("destinations", ())}


def _timeline(timeline: Iterable[Plain], names: Names, clean: Clean) -> Iterator[str]:
    for told in timeline:
        if told["kind"] in set(Kind):  # a server may be newer than we are
            event = Event("", Kind(told["kind"]), told["attempt"], detail=told["detail"])
            small = codes(event.detail)
            yield f"  {clean(sentence(event, names))}{f'  [{small}]' if small else ''}"
