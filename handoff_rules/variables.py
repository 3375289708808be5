"""Call variables in text: their names, `$name` substitution in one pass, and what is removed from a value."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

NAME_PATTERN = "[a-z][a-z0-9_]{0,63}"

# Possessive quantifiers (`{…}+`, `*+`) keep the scan linear: a name that is too long is plain text, never cut.
_REFERENCE = re.compile(
    r"\$(?:(?P<dollar>\$)"
    rf"|\{{(?P<braced>{NAME_PATTERN}+)(?:\|(?P<default>[^{{}}]*+))?\}}"
    rf"|(?P<plain>{NAME_PATTERN}+)(?![a-z0-9_]))"
)
_LOOSE = re.compile(r"\$(?:\{[^\s}]{0,40}\}?|[A-Za-z_][A-Za-z0-9_]{0,40})")
_NAME = re.compile(NAME_PATTERN)

_REMOVED = re.compile(
    "["
    "\x00-\x1f\x7f-\x9f"                                 # C0, DEL, C1
    "\u2028\u2029"                                       # line and paragraph separator
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"       # bidi controls (Unicode UAX 9)
    "\u00ad\u180e\u200b-\u200d\u2060\ufeff"              # zero width
    "\u206a-\u206f\ufff9-\ufffb\U000e0000-\U000e007f"    # deprecated formats, annotations, tags
    "\ud800-\udfff"                                      # lone surrogates have no UTF-8 form
    "]+"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reference:
    """`$name`, `${name}` or `${name|default}` inside a template."""

    name: str
    default: str | None = None


class Substitution(NamedTuple):
    """The filled text, and the variables that it wanted and did not get (each once, in order)."""

    text: str
    missing: tuple[str, ...] = ()


def is_variable_name(name: str) -> bool:
    """True for `[a-z][a-z0-9_]{0,63}` in ASCII; a trailing newline is not a name (`fullmatch`)."""
    return _NAME.fullmatch(name) is not None


@lru_cache(maxsize=4096)
def parts_of(template: str) -> tuple[str | Reference, ...]:
    """A template as literal texts and references, read once; `$$` is a dollar, any other `$` stays as it is."""
    parts: list[str | Reference] = []
    end = 0
    for found in _REFERENCE.finditer(template):
        parts.append(template[end : found.start()])
        end = found.end()
        name = found["braced"] or found["plain"]
        parts.append(Reference(name, found["default"]) if name else "$")
    parts.append(template[end:])
    return tuple(part for part in parts if part)


def loose_dollars(template: str) -> tuple[str, ...]:
    """What begins like a variable and is none, such as `${name` and `$Name`: it stays in the text as it is written."""
    return tuple(found for part in parts_of(template) if isinstance(part, str) for found in _LOOSE.findall(part))


@lru_cache(maxsize=4096)
def names_in(template: str) -> tuple[str, ...]:
    """The variables that a template refers to, each once, in order of appearance."""
    return tuple(dict.fromkeys(part.name for part in parts_of(template) if isinstance(part, Reference)))


def only_reference(template: str) -> Reference | None:
    """A template that is one reference; fixed text is the default of a variable without a name. None for all others."""
    parts = parts_of(template)
    if any(isinstance(part, Reference) for part in parts):
        return parts[0] if len(parts) == 1 and isinstance(parts[0], Reference) else None
    return Reference("", "".join(part for part in parts if isinstance(part, str)))


def substitute(template: str, variables: Mapping[str, str]) -> Substitution:
    """Fill `$name`, `${name}`, `${name|default}` and `$$` in one pass; a value is never scanned again.

    The default serves when the variable is missing or empty. A missing variable with no default becomes empty text
    and is listed in `missing`. Linear in the length of the template and the values; never raises.
    """
    if "$" not in template:
        return Substitution(template)
    parts = parts_of(template)
    if len(parts) == 1 and isinstance(parts[0], Reference) and (value := variables.get(parts[0].name)):
        return Substitution(value)  # nearly every header
    texts: list[str] = []
    missing: list[str] = []
    for part in parts:
        if isinstance(part, str):
            texts.append(part)
            continue
        value = variables.get(part.name)
        if part.default is not None:
            texts.append(value or part.default)
        elif value is None:
            missing.append(part.name)
        else:
            texts.append(value)
    return Substitution("".join(texts), tuple(dict.fromkeys(missing)) if missing else ())


def clean(value: str) -> str:
    """A value without what nobody sees and somebody could abuse, in Unicode form NFC.

    Removed: C0, C1, DEL, line and paragraph separators, bidi and zero-width controls, tags, lone surrogates
    (RFC 3261 allows `%0D%0A` in a URI, so encoding alone is not enough; see docs/rules.md). Idempotent.
    """
    if value.isascii() and value.isprintable():
        return value
    return unicodedata.normalize("NFC", _REMOVED.sub("", value))
