"""Between the form of the call settings and their parts of the document: dialling, variables, intake, text back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handoff_rules.configuration import Configuration
from webapp.console.forms import Draft, aliases, as_typed, lines_of, without_blanks

PARTS = ("policy", "variables", "intake", "text_back")
INTAKES = {
    "none": "The rules decide at once",
    "menu": "A menu: the caller presses a key or speaks",
    "conversation_relay": "An AI agent over ConversationRelay",
    "stream": "An AI agent over a media stream",
    "sip_agent": "An AI agent that is reached by SIP",
}
INTAKE_FIELDS = {
    "none": (),
    "menu": (
        "prompt", "retry_prompt", "input", "num_digits", "timeout_seconds", "attempts", "hints", "language",
    ),
    "conversation_relay": ("url", "welcome_greeting", "language"),
    "stream": ("url",),
    "sip_agent": ("route", "ring_seconds"),
}  # fmt: skip
LISTS = {"input"}
NUMBER_TYPES = {
    "fixed_line": "Fixed lines",
    "mobile": "Mobiles",
    "fixed_line_or_mobile": "Fixed or mobile, as in the US",
    "toll_free": "Toll-free",
    "voip": "VoIP",
    "shared_cost": "Shared cost",
    "premium_rate": "Premium rate",
    "personal_number": "Personal numbers",
    "pager": "Pagers",
    "uan": "Company-wide numbers",
    "voicemail": "Voicemail",
    "unknown": "Not known",
}
MISSED = {
    "voicemail": "The caller got the voicemail",
    "message": "The caller heard a message",
    "hung_up": "We hung up",
    "caller_hung_up": "The caller hung up",
}
renamed = aliases(
    (r"policy/(allowed_regions|allowed_number_types)/.*", r"policy/\1"),
    (r"text_back/on/.*", "text_back/on"),
    (r"intake/(?:menu|conversation_relay|stream|sip_agent)/(.*)", r"intake/\1"),
)


def unseen(kind: str) -> list[str]:
    """The fields of the other ways to meet a call, as the form names them."""
    others = {name for fields in INTAKE_FIELDS.values() for name in fields} - set(INTAKE_FIELDS.get(kind, ()))
    return [f"{name}*" if name in LISTS else name for name in sorted(others)]


def draft_of(configuration: Configuration) -> Draft:
    policy, intake, text = configuration.policy, configuration.intake, configuration.text_back
    shown = intake.model_dump(mode="json", by_alias=True)
    return {
        "policy": {
            "allowed_regions": ", ".join(policy.allowed_regions or ()),
            "allowed_number_types": list(policy.allowed_number_types),
            "max_steps": str(policy.max_steps),
        },
        "variables": [
            {"name": name, **as_typed(about.model_dump(mode="json"))} for name, about in configuration.variables.items()
        ],
        "intake": {
            "kind": intake.kind,
            **{name: as_typed(shown.get(name)) for name in INTAKE_FIELDS[intake.kind]},
            "choices": [
                {"digits": digits, "name": name, "value": value}
                for digits, values in shown.get("choices", {}).items()
                for name, value in values.items()
            ],
            "parameters": [{"name": name, "value": value} for name, value in shown.get("parameters", {}).items()],
        },
        "text_back": {"body": text.body if text else "", "on": list(text.on if text else MISSED)},
    }


def parts_of(draft: Mapping[str, Any], stored: Mapping[str, Any]) -> dict[str, Any]:
    """The four parts as the form says them; a part that is left empty is not there. What no field stands for stays."""
    policy = dict(draft.get("policy", {}))
    policy["allowed_regions"] = [region.upper() for region in lines_of(policy.get("allowed_regions", ""))]
    text = draft.get("text_back", {})
    parts = {
        "policy": without_blanks(policy),
        "variables": {
            row["name"].strip().removeprefix("$"): without_blanks({key: row.get(key) for key in VARIABLE_FIELDS})
            for row in _rows(draft, "variables")
            if row.get("name", "").strip()
        },
        "intake": _intake(draft.get("intake", {}), stored.get("intake") or {}),
        "text_back": without_blanks(text) if str(text.get("body", "")).strip() else {},
    }
    return {name: part for name, part in parts.items() if part}


VARIABLE_FIELDS = ("sample", "secret", "description")


def _intake(typed: Mapping[str, Any], stored: Mapping[str, Any]) -> dict[str, Any]:
    kind = typed.get("kind", "none")
    if kind == "none":
        return {}
    beyond = set(INTAKE_FIELDS.get(kind, ())) | {"choices", "parameters"}
    kept = {key: value for key, value in stored.items() if key not in beyond} if stored.get("kind") == kind else {}
    fields = without_blanks({name: typed.get(name) for name in INTAKE_FIELDS.get(kind, ())})
    found: dict[str, Any] = {**kept, "kind": kind, **fields}
    if kind == "menu":
        choices: dict[str, dict[str, str]] = {}
        for row in _rows(typed, "choices"):
            if row.get("digits", "").strip():
                choices.setdefault(row["digits"].strip(), {})[row.get("name", "").strip()] = row.get("value", "")
        found["choices"] = choices
    if kind in ("conversation_relay", "stream"):
        found["parameters"] = {
            row["name"]: row.get("value", "") for row in _rows(typed, "parameters") if row.get("name")
        }
    return found


def _rows(draft: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    rows = draft.get(name, [])
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
