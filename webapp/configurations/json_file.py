"""JSON under the same limits as YAML: no duplicate keys, no NaN, no number too long to be one, bounded depth."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from webapp.configurations.strict_text import (
    MAXIMUM_DEPTH,
    MAXIMUM_VALUES,
    TextError,
    a_mapping,
    decoded,
    refuse_half_characters,
)

_OUTSIDE_STRINGS = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[\]{},]', re.DOTALL)
_DIGITS = 20


def read_json(content: bytes | str) -> dict[str, Any]:
    """The document. Raises TextError, with the line, for what is refused."""
    text = decoded(content)
    _bounded(text)
    try:
        document = json.loads(
            text, object_pairs_hook=_unique, parse_constant=_no_constant, parse_int=_integer, parse_float=_fraction
        )
    except json.JSONDecodeError as fault:
        raise TextError(f"This is not JSON: {fault.msg}.", "Look at the commas and quotes.", fault.lineno) from fault
    refuse_half_characters(text, document)
    return a_mapping(document)


def _bounded(text: str) -> None:
    """Depth and number before anything is built, because Python's own parser recurses without a limit of ours."""
    depth = values = 0
    for token in _OUTSIDE_STRINGS.finditer(text):
        sign = token[0]
        if sign in "[{":
            depth += 1
        elif sign in "]}":
            depth -= 1
        values += sign == ","
        if depth > MAXIMUM_DEPTH:
            line = text.count("\n", 0, token.start()) + 1
            raise TextError(f"It is nested more than {MAXIMUM_DEPTH} levels deep.", "Flatten it.", line)
        if values > MAXIMUM_VALUES:
            raise TextError(f"The document has more than {MAXIMUM_VALUES:,} values.", "Split or shorten it.")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise TextError(f"The key {twice[:60]!r} is there twice in one object.", "Keep one of them.")
    return found


def _no_constant(name: str) -> NoReturn:
    raise TextError(f"{name} is not a JSON value.", "Use a number or a text.")


def _integer(digits: str) -> int:
    if len(digits) > _DIGITS:
        raise TextError(f"A number has {len(digits):,} digits.", "Put long identifiers in quotes.")
    return int(digits)


def _fraction(digits: str) -> float:
    value = float(digits) if len(digits) <= 40 else float("inf")
    if value in (float("inf"), float("-inf")):
        raise TextError("A number is too large or too exact.", "Put it in quotes.")
    return value
