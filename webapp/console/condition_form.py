"""Conditions in a form: groups of rows, nested as deep as the document's own `all`, `any` and `not`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from webapp.console.forms import Draft, lines_of
from webapp.console.sentences import OPERATORS

KINDS = {
    "variable": "a call variable",
    "hours": "opening hours",
    "day": "the weekday",
    "date": "the date",
    "share": "a share of calls",
    "group": "a group of conditions",
}
MATCHES = {"all": "all of these hold", "any": "any of these holds", "none": "none of these holds"}
NO_VALUE = {"is_present", "is_missing"}
ALWAYS_LISTS = {"is_one_of", "is_not_one_of", "between"}
LISTS_OR_ONE = {"starts_with", "ends_with", "contains"}


def blank_row(kind: str) -> Draft:
    rows: dict[str, Draft] = {
        "hours": {"hours": "", "is": "open"},
        "day": {"day": []},
        "date": {"first": "", "last": ""},
        "share": {"share": "10"},
        "group": {"match": "any", "items": [{"kind": "variable", "variable": "", "operator": "is", "values": ""}]},
    }
    return {"kind": kind} | rows.get(kind, {"variable": "", "operator": "is", "values": ""})


def group_draft(when: Mapping[str, Any] | None) -> Draft:
    """The top of a rule's condition. Every call: a group without rows. One bare condition: a group of one."""
    if not when:
        return {"match": "all", "items": []}
    if "all" in when or "any" in when or "not" in when:
        return _group(when)
    return {"match": "all", "items": [_row(when)], "bare": "true"}


def group_document(draft: Any) -> dict[str, Any] | None:
    """None when there are no rows: the rule then takes every call."""
    items = _items(draft)
    if not items:
        return None
    if (
        draft.get("bare") == "true"
        and len(items) == 1
        and draft.get("match") == "all"
        and items[0].get("kind") != "group"
    ):
        return _condition(items[0])
    return _group_document(draft)


def field_of(path: str) -> str:
    """The field for a path of the document: `all/0/is` under `when` is `when/items/0/values`."""
    if not path.startswith("when"):
        return path
    path = re.sub(r"/not/any/(\d+)", r"/items/\1", path)
    path = re.sub(r"/(?:all|any)/(\d+)", r"/items/\1", path)
    path = re.sub(r"/not(?=/|$)", "/items/0", path)
    if re.fullmatch(r"when/[a-z_]+(/\d+)?", path) and not path.startswith("when/items"):
        path = path.replace("when/", "when/items/0/", 1)
    for pattern, field in (
        (rf"/({'|'.join(OPERATORS)})(/\d+)?$", "/values"),
        (r"/date(/\d+)?$", "/first"),
        (r"/day(/\d+)?$", "/day"),
    ):
        if not re.search(r"/items/\d+/hours$|/items/\d+/is$", path) or field == "/values":
            path = re.sub(pattern, field, path)
    return path


def _group(when: Mapping[str, Any]) -> Draft:
    if "not" in when:
        inner = when["not"]
        return {"match": "none", "items": [_row(item) for item in inner.get("any", [inner])]}
    match = "all" if "all" in when else "any"
    return {"match": match, "items": [_row(item) for item in when[match]]}


def _row(condition: Mapping[str, Any]) -> Draft:
    if "variable" in condition:
        return _variable_row(condition)
    if "hours" in condition:
        return {"kind": "hours", "hours": condition["hours"], "is": condition.get("is", "open")}
    if "day" in condition:
        return {"kind": "day", "day": list(condition["day"])}
    if "date" in condition:
        first, last = condition["date"]
        return {"kind": "date", "first": first, "last": last}
    if "share" in condition:
        return {"kind": "share", "share": str(condition["share"])}
    return {"kind": "group", **_group(condition)}


def _variable_row(condition: Mapping[str, Any]) -> Draft:
    operator = next((name for name in OPERATORS if condition.get(name) is not None), "is")
    value = condition.get(operator, "")
    text = "" if value is True else "\n".join(value) if isinstance(value, list | tuple) else str(value)
    return {"kind": "variable", "variable": condition["variable"], "operator": operator, "values": text}


def _items(draft: Any) -> list[Draft]:
    items = draft.get("items", []) if isinstance(draft, dict) else []
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _group_document(draft: Mapping[str, Any]) -> dict[str, Any]:
    conditions = [_condition(item) for item in _items(draft)]
    match = draft.get("match")
    if match == "none":
        return {"not": conditions[0] if len(conditions) == 1 else {"any": conditions}}
    return {"any" if match == "any" else "all": conditions}


def _condition(row: Mapping[str, Any]) -> dict[str, Any]:
    match row.get("kind"):
        case "group":
            return _group_document(row)
        case "hours":
            return {"hours": row.get("hours", ""), "is": row.get("is", "")}
        case "day":
            return {"day": row.get("day", [])}
        case "date":
            return {"date": [row.get("first", ""), row.get("last") or row.get("first", "")]}
        case "share":
            return {"share": row.get("share", "")}
        case _:
            return _variable_condition(row)


def _variable_condition(row: Mapping[str, Any]) -> dict[str, Any]:
    operator, text = str(row.get("operator", "is")), str(row.get("values", ""))
    value: Any = text.strip()
    if operator in NO_VALUE:
        value = True
    elif operator in ALWAYS_LISTS:
        value = lines_of(text)
    elif operator in LISTS_OR_ONE:
        entries = lines_of(text)
        value = entries[0] if len(entries) == 1 else entries
    return {"variable": row.get("variable", ""), operator if operator in OPERATORS else "is": value}
