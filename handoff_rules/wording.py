"""Pydantic's error types in plain words, each with a fix: one table, and the few that need a closer look."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from handoff_rules.conditions import KINDS
from handoff_rules.model import IDENTIFIER, VARIABLE_NAME
from handoff_rules.operators import OPERATORS
from handoff_rules.schema_walk import keys_at
from handoff_rules.suggestions import nearest, shown, suggestion

Words = tuple[str, str]
"""What is wrong, and the fix."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One of pydantic's errors with the value of the document that it is about."""

    error: str
    message: str
    context: Mapping[str, Any]
    location: Sequence[int | str]
    value: Any
    model: type[BaseModel]


OTHER_WORDS = {
    "equals": "is", "eq": "is", "equal": "is", "==": "is", "not": "is_not", "ne": "is_not", "not_equals": "is_not",
    "in": "is_one_of", "one_of": "is_one_of", "not_in": "is_not_one_of", "begins_with": "starts_with",
    "prefix": "starts_with", "suffix": "ends_with", "includes": "contains", "matches": "like", "regex": "like",
    "lt": "less_than", "gt": "greater_than", "below": "less_than", "above": "greater_than", "exists": "is_present",
    "is_empty": "is_missing", "is_set": "is_present",
}  # fmt: skip
"""What other systems call our operators."""

PATTERNS: tuple[tuple[str, str, str], ...] = (
    (IDENTIFIER, "is not an id", "Use lower-case letters, digits and hyphens, as in `front-desk`."),
    (VARIABLE_NAME, "is not a variable name", "Use lower-case letters, digits and _, as in `customer_tier`."),
    (r"caller|called", "is not a caller ID", "Write `caller`, `called` or a number of yours such as +14155550100."),
    (r"^\+[1-9]", "is not a number in E.164", "Write it as +14155550100."),
    (r"2[0-4]", "is not a window of opening hours", 'Write it as "09:00-17:30", past midnight as "22:00-02:00".'),
    (r"mon|tue", "is not a weekday or a range of them", "Write `mon-fri`, `sat` or `mon,wed,fri`."),
    (r"^CA[0-9a-f]", "is not the SID of a call", "Write CA and 32 hexadecimal digits."),
    (r"^[0-9]{4}-", "is not a date", "Write it as 2026-12-24."),
    (r"^[A-Z]{2}$", "is not a country", "Write its two capital letters, such as US."),
    (r"[A-Z0-9]{1,3}", "is not a subdivision", "Write its ISO 3166-2 letters without the country, such as NY."),
    (r"answered|busy", "is not an answer of the far end", "Write answered, busy, no_answer, failed, or sip:503."),
    (r"wss://", "is not the address of a web socket", "Begin it with wss:// and leave out ? and #."),
    (r"[A-Za-z]{2,3}(-", "is not a language", "Write it as en-US."),
    (r"[0-9A-D*#wW]", "is not a row of digits to send", "Use 0-9, *, #, and w for a pause of half a second."),
    (r"[0-9*#]", "is not a row of digits", "Use 0-9, * and #."),
    (r"[A-Za-z0-9._-]", "is not a voice", "Write a name such as Polly.Joanna."),
)
"""A part of the pattern in the model, what to call a value that does not fit, and the fix."""

TYPES = {
    "string_type": ("is not text", "Put it in quotes."),
    "tuple_type": ("is not a list", "Write a list: [one, two]; to have none, leave the key out."),
    "list_type": ("is not a list", "Write a list: [one, two]; to have none, leave the key out."),
    "dict_type": ("is not a mapping of keys to values", "Write `key: value` lines below it."),
    "model_type": ("is not a mapping of keys to values", "Write `key: value` lines below it."),
    "model_attributes_type": ("is not a mapping of keys to values", "Write `key: value` lines below it."),
    "bool_parsing": ("is neither true nor false", "Write true or false."),
    "bool_type": ("is neither true nor false", "Write true or false."),
    "int_parsing": ("is not a whole number", "Write digits alone."),
    "int_type": ("is not a whole number", "Write digits alone."),
    "int_from_float": ("is not a whole number", "Write digits alone."),
    "string_unicode": ("is not valid text", "Remove what is not Unicode."),
    "timezone_aware": ("has no time zone", "Add one, as in 2026-11-20T15:00:00-05:00."),
}


def words_for(fault: Fault) -> Words:
    if fault.error in TYPES:
        what, fix = TYPES[fault.error]
        if fault.value is None:
            return (
                "There is no value here.",
                "Write one, or leave the key out." if fault.error == "string_type" else fix,
            )
        if fault.error == "string_type" and isinstance(fault.value, list | tuple):
            fix = "Write one text, in quotes."
        return f"{shown_or_kind(fault.value)} {what}.", fix
    if fault.error.startswith("datetime"):
        return f"{shown_or_kind(fault.value)} is not a time.", "Write it as 2026-11-20T15:00:00-05:00."
    special = SPECIAL.get(fault.error)
    return special(fault) if special else (f"{fault.message}.", "See docs/configuration.md.")


def shown_or_kind(value: Any) -> str:
    if value is None:
        return "Nothing"
    if isinstance(value, Mapping):
        return "A mapping"
    return "A list" if isinstance(value, list | tuple) else shown(value)


def _own(fault: Fault) -> Words:
    return str(fault.context["message"]), str(fault.context["fix"])


def _missing(fault: Fault) -> Words:
    key = fault.location[-1]
    if isinstance(key, int):
        return "A value is missing.", f"Write {key + 1} of them: [first, second]."
    return f"`{key}` is missing.", f"Add `{key}: …`."


def _unknown_key(fault: Fault) -> Words:
    key = str(fault.location[-1])
    allowed = keys_at(fault.model, fault.location[:-1])
    if "<variable>" in fault.location and allowed and allowed[0] == "variable":
        operators = list(OPERATORS)
        close = nearest(key, [*operators, *OTHER_WORDS])
        fix = f"Did you mean `{OTHER_WORDS.get(close, close)}`?" if close else f"Use one of {', '.join(operators)}."
        return f"{shown(key)} is not an operator.", fix
    return f"There is no key {shown(key)} here.", suggestion(key, allowed, f"Possible are {', '.join(allowed)}.")


def _choice(fault: Fault) -> Words:
    expected = str(fault.context.get("expected", fault.context.get("expected_tags", "")))
    names = [part.strip(" '") for part in expected.replace("True", "true").replace(" or ", ", ").split(",")]
    value = fault.context.get("tag", fault.value)
    return f"{shown_or_kind(value)} is not possible here.", suggestion(
        str(value), names, f"Write one of {', '.join(names)}."
    )


def _no_kind(fault: Fault) -> Words:
    if fault.context.get("discriminator") != "kind_of()":
        return "`kind` is missing.", "Add `kind: none`, menu, conversation_relay, stream or sip_agent."
    keys = [key for key in fault.value if isinstance(key, str)] if isinstance(fault.value, Mapping) else []
    fix = suggestion(keys[0], KINDS, "") if keys else ""
    message = f"{shown(keys[0])} does not begin a condition." if keys else "This is not a condition."
    return message, fix or f"Use one of the keys {', '.join(KINDS)}."


def _pattern(fault: Fault) -> Words:
    pattern = str(fault.context.get("pattern", ""))
    value = fault.location[-2] if fault.location[-1] == "[key]" else fault.value
    what, fix = next(
        ((what, fix) for part, what, fix in PATTERNS if part in pattern), ("does not have the right form", "")
    )
    return f"{shown_or_kind(value)} {what}.", fix or f"It must match {pattern}."


def _low(fault: Fault) -> Words:
    return f"{shown(fault.value)} is too small.", f"Write {fault.context.get('ge')} or more."


def _high(fault: Fault) -> Words:
    return f"{shown(fault.value)} is too large.", f"Write {fault.context.get('le')} or less."


def _too_long(fault: Fault) -> Words:
    limit = fault.context.get("max_length")
    if isinstance(fault.value, str):
        return f"{shown(fault.value)} is too long.", f"Use at most {limit} characters."
    return f"The list has {len(fault.value)} entries.", f"Keep at most {limit}."


def _too_short(fault: Fault) -> Words:
    if isinstance(fault.value, str):
        return "The text is empty.", "Write something, or leave the key out."
    return "The list is empty.", f"Write at least {fault.context.get('min_length')}, or leave the key out."


SPECIAL: dict[str, Callable[[Fault], Words]] = {
    "handoff": _own,
    "missing": _missing,
    "extra_forbidden": _unknown_key,
    "literal_error": _choice,
    "enum": _choice,
    "union_tag_invalid": _choice,
    "union_tag_not_found": _no_kind,
    "string_pattern_mismatch": _pattern,
    "greater_than_equal": _low,
    "less_than_equal": _high,
    "string_too_long": _too_long,
    "too_long": _too_long,
    "string_too_short": _too_short,
    "too_short": _too_short,
}
