"""What a document that came as text may look like: its limits, and the error that says where it breaks them."""

from __future__ import annotations

import json
import re
from typing import Any

MAXIMUM_BYTES = 2 * 1024 * 1024
MAXIMUM_DEPTH = 32
MAXIMUM_VALUES = 200_000
"""A configuration with 10,000 rules has about 150,000 keys and values."""


class TextError(ValueError):
    """The text is no document that we read. `line` counts from 1; None when it concerns the whole text."""

    def __init__(self, message: str, fix: str, line: int | None = None) -> None:
        self.message = message
        self.fix = fix
        self.line = line
        self.where_and_what = message if line is None else f"Line {line}: {message}"
        super().__init__(f"{self.where_and_what} {fix}")


class NotAMappingError(TextError):
    """`kind`: what the text is instead, in words."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        super().__init__(f"The document is {kind}.", "Begin with keys such as `schema: 1`.")


def decoded(content: bytes | str) -> str:
    """The text, when it is UTF-8 and not too long."""
    refuse_long(len(content))
    try:
        return content.decode("utf-8-sig") if isinstance(content, bytes) else content.removeprefix("\ufeff")
    except UnicodeDecodeError as fault:
        line = content[: fault.start].count(b"\n") + 1 if isinstance(content, bytes) else None
        raise TextError("The document is not UTF-8 text.", "Save it as UTF-8.", line) from fault


def refuse_long(size: int) -> None:
    """`size` in bytes. Raises TextError."""
    if size > MAXIMUM_BYTES:
        raise TextError(f"The document has {size:,} bytes; {MAXIMUM_BYTES:,} are read.", "Split or shorten it.")


def a_mapping(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        kind = "empty" if value is None or value == "" else "a list" if isinstance(value, list) else "a single value"
        raise NotAMappingError(kind)
    return value


def refuse_half_characters(text: str, document: Any) -> None:
    """An escape may name half of a character pair (U+D800 to U+DFFF), which no UTF-8 text and no header can hold.

    Raises TextError. The document is only looked through when its text has such an escape.
    """
    if not _HALF.search(text):
        return
    try:
        json.dumps(document, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError as fault:
        half = f"{ord(fault.object[fault.start]):04x}"
        line = text.count("\n", 0, text.lower().find(half)) + 1
        raise TextError(f"\\u{half} is half of a character.", "Write the whole character.", line) from fault


_HALF = re.compile(r"\\(?:u|U0000)[dD][89a-fA-F][0-9a-fA-F]{2}")
