"""Read PolyAI's `config/handoffs.yaml` as destinations, and say what was mapped, changed, or has no meaning here.

The fields are those of its agent development kit (github.com/PolyAI-LDN, `handoffs:` with `name`, `description`,
`is_default`, `sip_config` and `sip_headers`), as of August 2026.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from handoff_rules.problems import ConfigurationError, Problem

_KNOWN = ("name", "description", "is_default", "sip_config", "sip_headers")
_KNOWN_SIP = ("method", "phone_number", "outbound_endpoint", "outbound_encryption")
_METHODS = {"refer": "REFER", "invite": "INVITE", "bye": "BYE"}
_THEIRS = ("name", "description", "method", "route", "headers", "enabled")
"""Fields of ours that the file decides; what it does not know (a fallback, hours, an utterance) stays."""
_ENCRYPTIONS: Mapping[str, Mapping[str, str]] = {
    "TLS/SRTP": {"transport": "tls", "secure": "true"},
    "UDP/RTP": {"transport": "udp", "secure": "false"},
}
"""PolyAI's two transports of an INVITE, as parameters of a SIP URI
(https://www.twilio.com/docs/voice/twiml/sip#transport)."""
_UNSAID = ("udp", "false")
"""What a SIP URI means without the parameter."""
_NAME_LIMIT = 100


@dataclass(slots=True)
class Report:
    """Sentences for the person who imports. `document` still has to pass the checks of a save."""

    document: dict[str, Any] = field(default_factory=dict)
    mapped: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    without_meaning: list[str] = field(default_factory=list)


def is_polyai(document: Mapping[str, Any]) -> bool:
    return "handoffs" in document and "schema" not in document


def import_polyai(document: Mapping[str, Any], base: Mapping[str, Any] | None = None) -> Report:
    """The destinations of `document` beside those of `base`: one of the same name or id takes theirs.

    Rules, tests, default and all other destinations of `base` stay as they are; without `base` the default is theirs.
    Raises ConfigurationError when the file is not shaped as PolyAI's.
    """
    report = Report()
    handoffs = _handoffs(document)
    ours = {str(one["id"]): dict(one) for one in (base or {}).get("destinations", ())}
    taken: set[str] = set()
    theirs = [_destination(handoff, ours, taken, report) for handoff in handoffs]
    _note_unknown(document, ("handoffs",), "the file", report)
    start: dict[str, Any] = dict(base) if base else {"schema": 1, "name": "Imported from PolyAI"}
    merged = ours | {str(one["id"]): one for one in theirs}
    default = _default(handoffs, theirs, str(start.get("default_destination") or ""), report)
    report.document = start | {"default_destination": default, "destinations": list(merged.values())}
    return report


def _handoffs(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Checked for their shape at once: what is no list or mapping where one is due would be silently lost."""
    handoffs = document.get("handoffs")
    faults = list(_misshapen(handoffs))
    if faults:
        raise ConfigurationError(faults)
    return list(handoffs or ())


def _misshapen(handoffs: Any) -> Iterator[Problem]:
    if handoffs is not None and not isinstance(handoffs, list):
        yield Problem("handoffs", "This is not a list.", "Write each handoff behind a dash.")
        return
    for number, handoff in enumerate(handoffs or ()):
        place = f"handoffs/{number}"
        if not isinstance(handoff, Mapping):
            yield Problem(place, "This is not a handoff.", "Write its name, sip_config and sip_headers below it.")
            continue
        if not isinstance(handoff.get("sip_config") or {}, Mapping):
            yield Problem(f"{place}/sip_config", "This is not a mapping.", "Write method and phone_number below it.")
        headers = handoff.get("sip_headers") or []
        if not isinstance(headers, list) or not all(isinstance(header, Mapping) for header in headers):
            yield Problem(f"{place}/sip_headers", "This is not a list of headers.", "Write each with key and value.")


def _destination(
    handoff: Mapping[str, Any], ours: Mapping[str, dict[str, Any]], taken: set[str], report: Report
) -> dict[str, Any]:
    written = str(handoff.get("name") or "")
    name = written.strip()[:_NAME_LIMIT] or "Unnamed"
    identity = _identity(name, ours, taken)
    where = f"Destination {name!r}"
    if name != written:
        report.changed.append(f"{where}: its name was {written[:40]!r}…; names have 1 to {_NAME_LIMIT} characters.")
    kept = {key: value for key, value in ours.get(identity, {}).items() if key not in _THEIRS}
    destination: dict[str, Any] = {"id": identity, "name": name} | kept
    if handoff.get("description"):
        destination["description"] = str(handoff["description"])[:1000]
    _way(destination, handoff.get("sip_config") or {}, where, report, before=ours.get(identity, {}))
    headers = [_header(item, where, report) for item in handoff.get("sip_headers") or ()]
    if headers:
        destination["headers"] = headers
    _note_unknown(handoff, _KNOWN, where, report)
    came = "takes the place of" if identity in ours else "is"
    report.mapped.append(
        f"{where} {came} {identity}: {destination['method']} {destination.get('route', 'without a route')}."
    )
    stays = sorted(kept.keys() - {"id", "name"})
    if stays:
        report.changed.append(f"{where}: {', '.join(stays)} of {identity} stayed as before; PolyAI has no such fields.")
    return destination


def _way(
    destination: dict[str, Any], sip: Mapping[str, Any], where: str, report: Report, *, before: Mapping[str, Any]
) -> None:
    """Method and route. PolyAI's default method is REFER, as ours. `before` is our destination of that id."""
    written = str(sip.get("method") or "refer").lower()
    destination["method"] = _METHODS.get(written, "REFER")
    if written not in _METHODS:
        report.changed.append(f"{where}: the method {written[:20]!r} is not known; REFER was taken.")
    route = str(sip.get("phone_number") or "").strip()
    bare = route.removeprefix("<").removesuffix(">").strip()
    if bare != route:
        report.changed.append(f"{where}: the brackets around its address were removed.")
    if destination["method"] == "BYE":
        bare = ""
    elif not bare and before.get("route"):
        destination["route"] = before["route"]
        report.changed.append(f"{where} has no number or address: it keeps the route that it has here.")
    elif not bare:
        # `.invalid` never resolves (RFC 2606 section 2): the destination is kept, and nobody is rung by it.
        bare = f"sip:{destination['id']}@handoff.invalid"
        report.changed.append(f"{where} has no number or address: it is switched off until you give it one.")
        destination["enabled"] = False
    if bare:
        destination["route"] = bare
    _encrypt(destination, str(sip.get("outbound_encryption") or ""), where, report)
    if sip.get("outbound_endpoint"):
        report.without_meaning.append(
            f"{where}: outbound_endpoint names a trunk inside PolyAI. Put a SIP URI as route."
        )
    _note_unknown(sip, _KNOWN_SIP, f"{where}, sip_config", report)


def _encrypt(destination: dict[str, Any], wanted: str, where: str, report: Report) -> None:
    """PolyAI asks for it on an INVITE alone; on a REFER or BYE the carrier chooses the transport."""
    route = destination.get("route")
    said = f"{where}: outbound_encryption {wanted[:20]}"
    if not wanted:
        return
    if wanted.upper() not in _ENCRYPTIONS:
        report.without_meaning.append(f"{said} is not known and was left out.")
    elif destination["method"] != "INVITE" or not isinstance(route, str) or not _is_sip(route):
        report.without_meaning.append(f"{said} has a meaning for an INVITE to a SIP address alone.")
    else:
        _ask_for(_ENCRYPTIONS[wanted.upper()], destination, route, said, report)


def _ask_for(wanted: Mapping[str, str], destination: dict[str, Any], route: str, said: str, report: Report) -> None:
    """What the route says of itself stays: the address is the more exact word."""
    parts = dict(part.lower().partition("=")[::2] for part in route.split(";")[1:])
    other = [f"{name}={parts[name]}" for name, value in wanted.items() if name in parts and parts[name] != value]
    if other:
        report.changed.append(f"{said} does not go with {', '.join(other)} in its route; the route counts.")
    added = [f";{name}={value}" for name, value in wanted.items() if name not in parts and value not in _UNSAID]
    if added:
        destination["route"] = route + "".join(added)
        report.changed.append(f"{said} became {''.join(added)} in its route.")
    elif not other:
        report.mapped.append(f"{said} is what its route says already.")


def _is_sip(route: str) -> bool:
    return route.lower().startswith(("sip:", "sips:"))


def _header(header: Mapping[str, Any], where: str, report: Report) -> dict[str, str]:
    name = str(header.get("key") or "").strip()
    ours = name if name.lower().startswith("x-") or name.lower() == "user-to-user" else f"X-{name}"
    if ours != name:
        report.changed.append(f"{where}: the header {name!r} became {ours!r}; Twilio passes on X- headers only.")
    _note_unknown(header, ("key", "value"), f"{where}, header {name!r}", report)
    return {"name": ours, "value": str(header.get("value") or "")}


def _default(
    handoffs: Sequence[Mapping[str, Any]], theirs: Sequence[Mapping[str, Any]], ours: str, report: Report
) -> str:
    marked = [
        str(destination["id"])
        for handoff, destination in zip(handoffs, theirs, strict=True)
        if str(handoff.get("is_default", "")).lower() in ("true", "yes", "on", "1")
    ]
    if ours:
        if marked and marked[0] != ours:
            report.changed.append(f"{marked[0]} is the default in PolyAI; {ours} stays the default here.")
        return ours
    found = marked[0] if marked else str(theirs[0]["id"]) if theirs else ""
    if len(marked) != 1 and theirs:
        report.changed.append(f"{len(marked)} destinations are marked as default; {found} was taken.")
    return found


def _identity(name: str, ours: Mapping[str, Mapping[str, Any]], taken: set[str]) -> str:
    """Of our destination with this name, else a slug of it, numbered when another one of the file has it."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:55].strip("-") or "destination"
    same = (identity for identity, one in ours.items() if one.get("name") == name and identity not in taken)
    identity, count = next(same, slug), 1
    while identity in taken:
        count += 1
        identity = f"{slug}-{count}"
    taken.add(identity)
    return identity


def _note_unknown(found: Mapping[str, Any], known: Sequence[str], where: str, report: Report) -> None:
    for key in found:
        if key not in known:
            report.without_meaning.append(f"{where}: {key!r} is not known and was left out.")
