"""The destination's form: its draft from the document, and the document from its draft."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handoff_rules.destinations import Destination, Voicemail
from webapp.console.forms import Draft, aliases, as_typed, lines_of, without_blanks
from webapp.console.header_form import headers_of, rows_of

ALIASES = aliases(
    (r"route/\d+", "route"),
    (r"(fallback/\d+)/voicemail/(greeting|max_seconds|language|voice)", r"\1/\2"),
    (r"(fallback/\d+)/on(/\d+)?", r"\1/on"),
    (r"(fallback/\d+)/(voicemail|hang_up)", r"\1/kind"),
    (r"(fallback/\d+)", r"\1/kind"),
    (r"headers/(\d+)", r"headers/\1/name"),
    (r"id", "name"),
)
TICKS = ("machine_detection", "skip_when_failing", "enabled")
TEXTS = (
    "name", "description", "method", "ring", "utterance", "language", "voice", "reason", "ring_seconds",
    "time_limit_seconds", "send_digits", "screen", "hours",
)  # fmt: skip
NOT_ON_THE_FORM = ("offer_text",)
NEW_ROWS: Mapping[str, Mapping[str, Any]] = {
    "fallback": {"kind": "destination", "destination": "", "on": []},
}


def blank_draft(default_destination: str) -> Draft:
    """A new destination: the defaults of the model, and a way on to the default destination."""
    draft = draft_of({"id": "new", "name": "new"})
    step = {"kind": "destination", "destination": default_destination, "on": []}
    return draft | {"name": "", "fallback": [step]}


def draft_of(document: Mapping[str, Any]) -> Draft:
    whole = Destination.model_validate(document).model_dump(mode="json", by_alias=True)
    draft: Draft = {name: as_typed(whole[name]) for name in (*TEXTS, *TICKS)}
    routes = whole["route"] or []
    draft["route"] = "\n".join([routes] if isinstance(routes, str) else routes)
    fixed = whole["caller_id"].startswith("+")
    draft["caller_id"] = "fixed" if fixed else whole["caller_id"]
    draft["caller_id_number"] = whole["caller_id"] if fixed else ""
    draft["headers"] = [as_typed(header) for header in whole["headers"]]
    draft["fallback"] = [_step_draft(step) for step in whole["fallback"]]
    return draft


def document_of(draft: Draft, identifier: str) -> dict[str, Any]:
    """What the draft says, as the document says it. Nothing is judged here: the model judges."""
    document: dict[str, Any] = {name: draft.get(name, "") for name in TEXTS}
    document |= {name: draft.get(name) == "true" for name in TICKS}
    routes = lines_of(str(draft.get("route", "")))
    document["route"] = routes[0] if len(routes) == 1 else routes
    document["caller_id"] = (
        draft.get("caller_id_number", "") if draft.get("caller_id") == "fixed" else draft.get("caller_id", "")
    )
    document["headers"] = headers_of(draft)
    document["fallback"] = [_step(row) for row in rows_of(draft, "fallback")]
    if draft.get("method") == "BYE":
        for name in ("route", "headers"):
            document.pop(name)
    cleaned: dict[str, Any] = without_blanks(document)
    return {"id": identifier, "name": "", **cleaned}


def not_on_the_form(stored: Mapping[str, Any]) -> dict[str, Any]:
    """What is written in the file alone, and must not be lost when somebody changes a number here."""
    return {name: stored[name] for name in NOT_ON_THE_FORM if stored.get(name) is not None}


def _step(row: Mapping[str, Any]) -> dict[str, Any]:
    """One fallback step: the chosen kind decides which of the typed fields count."""
    spoken = {"language": row.get("language", ""), "voice": row.get("voice", "")}
    step: dict[str, Any] = {"on": row.get("on", [])}
    match row.get("kind"):
        case "voicemail":
            step["voicemail"] = {
                "greeting": row.get("greeting") or Voicemail().greeting,
                "max_seconds": row.get("max_seconds", ""),
                **spoken,
            }
        case "say":
            step |= {"say": row.get("say", ""), **spoken}
        case "hang_up":
            step["hang_up"] = True
        case _:
            step["destination"] = row.get("destination", "")
    return step


def _step_draft(step: Mapping[str, Any]) -> Draft:
    kind = next((name for name in ("destination", "voicemail", "say", "hang_up") if step.get(name)), "destination")
    voicemail = step.get("voicemail") or {}
    spoken = voicemail or step
    return {
        "kind": kind,
        "destination": step.get("destination") or "",
        "greeting": voicemail.get("greeting", ""),
        "max_seconds": str(voicemail.get("max_seconds", "")),
        "say": step.get("say") or "",
        "language": spoken.get("language") or "",
        "voice": spoken.get("voice") or "",
        "on": list(step.get("on", ())),
    }
