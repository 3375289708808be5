"""Read PolyAI's `config/handoffs.yaml` as destinations, and say what was mapped, changed, or has no meaning here.

The fields are those of its agent development kit (github.com/PolyAI-LDN, `handoffs:` with `name`, `description`,
`is_default`, `sip_config` and `sip_headers`), as of August 2026.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

_KNOWN = ("name", "description", "is_default", "sip_config", "sip_headers")
_KNOWN_SIP = ("method", "phone_number", "outbound_endpoint", "outbound_encryption")
_METHODS = {"refer": "REFER", "invite": "INVITE", "bye": "BYE"}
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
    """The destinations of `document`, in place of those of `base`, whose rules, hours and policy stay."""
    report = Report()
    handoffs = [item for item in _list(document.get("handoffs")) if isinstance(item, Mapping)]
    taken: set[str] = set()
    destinations = [_destination(item, taken, report) for item in handoffs]
    _note_unknown(document, ("handoffs",), "the file", report)
    start: dict[str, Any] = dict(base) if base else {"schema": 1, "name": "Imported from PolyAI"}
    report.document = start | {
        "default_destination": _default(handoffs, destinations, report),
        "destinations": destinations,
    }
    return report


def _destination(handoff: Mapping[str, Any], taken: set[str], report: Report) -> dict[str, Any]:
    written = str(handoff.get("name") or "")
    name = written.strip()[:_NAME_LIMIT] or "Unnamed"
    identity = _identity(name, taken)
    where = f"Destination {name!r}"
    destination: dict[str, Any] = {"id": identity, "name": name}
    if name != written:
        report.changed.append(f"{where}: its name was {written[:40]!r}…; names have 1 to {_NAME_LIMIT} characters.")
    if handoff.get("description"):
        destination["description"] = str(handoff["description"])[:1000]
    sip = handoff.get("sip_config")
    _way(destination, sip if isinstance(sip, Mapping) else {}, where, report)
    headers = [_header(item, where, report) for item in _list(handoff.get("sip_headers")) if isinstance(item, Mapping)]
    if headers:
        destination["headers"] = headers
    _note_unknown(handoff, _KNOWN, where, report)
    report.mapped.append(
        f"{where} is {identity}: {destination['method']} {destination.get('route', 'without a route')}."
    )
    return destination


def _way(destination: dict[str, Any], sip: Mapping[str, Any], where: str, report: Report) -> None:
    """Method and route. PolyAI's default method is REFER, as ours."""
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
    elif not bare:
        # `.invalid` never resolves (RFC 2606 section 2): the destination is kept, and nobody is rung by it.
        bare = f"sip:{destination['id']}@handoff.invalid"
        report.changed.append(f"{where} has no number or address: it is switched off until you give it one.")
        destination["enabled"] = False
    if bare:
        destination["route"] = _encrypted(bare, str(sip.get("outbound_encryption") or ""), where, report)
    if sip.get("outbound_endpoint"):
        report.without_meaning.append(
            f"{where}: outbound_endpoint names a trunk inside PolyAI. Put a SIP URI as route."
        )
    _note_unknown(sip, _KNOWN_SIP, f"{where}, sip_config", report)


def _encrypted(route: str, encryption: str, where: str, report: Report) -> str:
    if not encryption:
        return route
    is_sip = route.lower().startswith(("sip:", "sips:"))
    if encryption.upper().startswith("TLS") and is_sip and "transport=" not in route.lower():
        report.changed.append(f"{where}: outbound_encryption {encryption} became ;transport=tls in its route.")
        return f"{route};transport=tls"
    if not is_sip:
        report.without_meaning.append(f"{where}: outbound_encryption {encryption} has no meaning for a phone number.")
    return route


def _header(header: Mapping[str, Any], where: str, report: Report) -> dict[str, str]:
    name = str(header.get("key") or "").strip()
    ours = name if name.lower().startswith("x-") or name.lower() == "user-to-user" else f"X-{name}"
    if ours != name:
        report.changed.append(f"{where}: the header {name!r} became {ours!r}; Twilio passes on X- headers only.")
    _note_unknown(header, ("key", "value"), f"{where}, header {name!r}", report)
    return {"name": ours, "value": str(header.get("value") or "")}


def _default(handoffs: Sequence[Mapping[str, Any]], destinations: Sequence[Mapping[str, Any]], report: Report) -> str:
    marked = [
        destination["id"]
        for handoff, destination in zip(handoffs, destinations, strict=True)
        if str(handoff.get("is_default", "")).lower() in ("true", "yes", "on", "1")
    ]
    if len(marked) != 1 and destinations:
        report.changed.append(
            f"{len(marked)} destinations are marked as default; {(marked or [destinations[0]['id']])[0]} was taken."
        )
    return str(marked[0] if marked else destinations[0]["id"] if destinations else "")


def _identity(name: str, taken: set[str]) -> str:
    """A slug made from the name, numbered when another destination has it."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:55].strip("-") or "destination"
    identity, count = slug, 1
    while identity in taken:
        count += 1
        identity = f"{slug}-{count}"
    taken.add(identity)
    return identity


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _note_unknown(found: Mapping[str, Any], known: Sequence[str], where: str, report: Report) -> None:
    for key in found:
        if key not in known:
            report.without_meaning.append(f"{where}: {key!r} is not known and was left out.")
