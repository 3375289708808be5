"""How stored calls are shown on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pydantic import TypeAdapter

from handoff_rules.outcomes import Ends
from handoff_rules.trace import Trace
from webapp.calls.plain import Clean
from webapp.calls.recordings import recording_link
from webapp.calls.sentences import ENDS, codes, sentence
from webapp.calls.timeline import Event, Kind
from webapp.commands._published import names_of
from webapp.commands._simulated import why
from webapp.configurations.conflicts import VersionNotFoundError
from webapp.configurations.version_id import VersionId
from webapp.installation.interface import Installation, Plain
from webapp.installation.refusal import RemoteRefusal

Names = Mapping[str, str]
_TRACE = TypeAdapter(Trace)


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
    return names_of(version["document"])


def _timeline(timeline: Iterable[Plain], names: Names, clean: Clean) -> Iterator[str]:
    for told in timeline:
        if told["kind"] in set(Kind):  # a server may be newer than we are
            event = Event("", Kind(told["kind"]), told["attempt"], detail=told["detail"])
            small, link = codes(event.detail), clean(recording_link(event.detail))
            yield f"  {clean(sentence(event, names))}{f'  [{small}]' if small else ''}{f'  {link}' if link else ''}"
