"""The rule's form: its draft from the document, and the document from its draft."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from webapp.console.condition_form import blank_row, field_of, group_document, group_draft
from webapp.console.forms import Draft, aliases, as_typed, without_blanks
from webapp.console.header_form import headers_of, rows_of

RENAMED = aliases((r"set/.*", "set"), (r"id", "name"), (r"headers/(\d+)", r"headers/\1/name"))


def rename(path: str) -> str:
    return field_of(RENAMED(path))


def blank_draft(destination: str) -> Draft:
    condition = {"match": "all", "items": [blank_row("variable")]}
    return {
        "name": "",
        "destination": destination,
        "enabled": "true",
        "reason": "",
        "utterance": "",
        "when": condition,
        "set": [],
    }


def draft_of(rule: Mapping[str, Any]) -> Draft:
    return {
        "name": rule["name"],
        "destination": rule["destination"],
        "enabled": "true" if rule.get("enabled", True) else "",
        "reason": rule.get("reason") or "",
        "utterance": rule.get("utterance") or "",
        "when": group_draft(rule.get("when")),
        "set": [{"name": name, "value": value} for name, value in rule.get("set", {}).items()],
        "no_headers": "true" if rule.get("headers") == [] else "",
        "headers": [as_typed(header) for header in rule.get("headers") or ()],
    }


def document_of(draft: Draft, identifier: str) -> dict[str, Any]:
    document: dict[str, Any] = {name: draft.get(name, "") for name in ("destination", "reason", "utterance")}
    document["set"] = {
        row["name"].strip(): row.get("value", "") for row in rows_of(draft, "set") if row.get("name", "").strip()
    }
    document["headers"] = headers_of(draft)
    cleaned: dict[str, Any] = without_blanks(document)
    when = group_document(draft.get("when", {}))
    condition = {"when": when} if when is not None else {}
    if draft.get("no_headers") == "true" and not document["headers"]:
        cleaned["headers"] = []  # the file said: none, not even the destination's own
    enabled = {} if draft.get("enabled") == "true" else {"enabled": False}
    name = str(draft.get("name", "")).strip()
    return {"id": identifier, "name": name, "destination": "", **condition, **cleaned, **enabled}
