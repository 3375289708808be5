"""Custom SIP headers of one handoff: names, values from call variables, User-to-User, and the length budget."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from handoff_rules.destinations import Header
from handoff_rules.problems import Problem
from handoff_rules.same import Same
from handoff_rules.variables import clean, names_in, only_reference, substitute

MAX_HEADERS = 12
"""Enough for what desks use, and what the length budget can carry."""
HEADERS_LIMIT = 1024
"""Twilio: the header part of a SIP URI stays under 1,024 characters (errors 21227 and 13253, page twiml/sip)."""
HEADERS_BUDGET = 1000
"""What we fill at most, with the `?`: a margin, because how Twilio counts is not stated on its page."""

NAMES_WITHOUT_X = ("User-to-User", "Remote-Party-ID", "P-Preferred-Identity", "P-Called-Party-ID")
"""The names that Twilio passes on without `X-` (page twiml/sip)."""
_NAME = re.compile(r"[Xx]-[A-Za-z0-9-]+")
_WITHOUT_X = frozenset(name.lower() for name in NAMES_WITHOUT_X)
_UNRESERVED = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
"""What `urllib.parse.quote(value, safe="")` leaves as it is (RFC 3986 2.3)."""
TOO_MANY = f"only {MAX_HEADERS} headers are sent with one call"
TOO_LONG = f"it does not fit: all headers together may have {HEADERS_BUDGET} encoded characters"
_TWILIO = "x-twilio"


class FilledHeader(NamedTuple):
    """`value` is cleaned and not yet percent-encoded."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class DroppedHeader:
    name: str
    why: str


class FilledHeaders(NamedTuple):
    """What is sent, what is not and why; `failed` says why the handoff must not be tried without its header."""

    kept: tuple[FilledHeader, ...] = ()
    dropped: tuple[DroppedHeader, ...] = ()
    failed: str | None = None


@lru_cache(maxsize=1024)
def name_fault(name: str) -> str | None:
    """Why Twilio would refuse a header of this name (13252, 32111, 32113), or None when it is fine."""
    if name.lower() in _WITHOUT_X:
        return None
    if not _NAME.fullmatch(name):
        return "begins with X- and otherwise holds only letters, digits and hyphens"
    if name.lower().startswith(_TWILIO):
        return "does not begin with X-Twilio, which Twilio keeps for itself"
    return None


def user_to_user(text: str, form: str) -> str:
    """The value of a User-to-User header as the receiving platform reads it.

    `genesys`: hex with the protocol octet 00 in front and `;encoding=hex`; `talkdesk`: bare hex; `plain`: the text.
    Source: RFC 7433 and the Genesys Cloud guide of LiveKit (field-guides/guide/genesys-cloud-uui-sip-transfer).
    """
    if form == "genesys":
        return f"00{text.encode().hex()};encoding=hex"
    return text.encode().hex() if form == "talkdesk" else text


def encoded_length(headers: Iterable[tuple[str, str]]) -> int:
    """Characters of `?Name=value&Name2=value2` on the wire, each value percent-encoded; 0 when there is none."""
    return sum(_length_of(name, value) for name, value in headers)


def _length_of(name: str, value: str) -> int:
    """One header with the `?` or `&` before it and the `=`. Counted, not built: every unsafe byte becomes three."""
    if value.isascii() and value.isalnum():
        return 2 + len(name) + len(value)
    octets = value.encode()
    return 2 + len(name) + len(octets) + 2 * len(octets.translate(None, _UNRESERVED))


def fill_headers(
    headers: Sequence[Header], variables: Mapping[str, str], *, secrets: Collection[str] = frozenset()
) -> FilledHeaders:
    """Fill the headers from the call variables, in their order: the earlier one wins when not all can be sent.

    Never raises. A header is dropped whole, and never cut, when its name is not allowed or used already, when it
    names a secret, when a variable is missing (`if_missing: drop`), or when it does not fit. A header with
    `if_missing: fail` is one that the handoff must not go without: missing, secret or too long sets `failed`.
    """
    hidden = frozenset(secrets)
    plain = _plain(Same(headers), hidden) if isinstance(headers, tuple) else None
    return (plain and _filled_at_once(plain, variables)) or _filled_one_by_one(headers, variables, hidden)


class _Plain(NamedTuple):
    """Headers that the values alone can keep from being sent: each is one variable, with a default or without, or
    fixed text, which is a default without a variable. `fixed`: how long all is without the values."""

    names: tuple[str, ...]
    references: tuple[tuple[str, str | None], ...]
    fixed: int


@lru_cache(maxsize=1024)
def _plain(headers: Same[tuple[Header, ...]], hidden: frozenset[str]) -> _Plain | None:
    """None when each call needs a closer look."""
    names = tuple(header.name for header in headers.value)
    references = [only_reference(header.value) for header in headers.value]
    if len(names) > MAX_HEADERS or len({name.lower() for name in names}) < len(names):
        return None
    if any(header.user_to_user or _never(header.name, header.value, hidden) for header in headers.value):
        return None
    plain = tuple((reference.name, reference.default) for reference in references if reference is not None)
    return _Plain(names, plain, sum(2 + len(name) for name in names)) if len(plain) == len(names) else None


def _filled_at_once(plain: _Plain, variables: Mapping[str, str]) -> FilledHeaders | None:
    """None when a value is missing, needs cleaning, or could be too long."""
    texts = [variables.get(name) or default for name, default in plain.references]
    try:
        together = "".join(texts)  # type: ignore[arg-type]  # a missing value is what the error tells
    except TypeError:
        return None
    if not (together.isascii() and together.isprintable()) or plain.fixed + 3 * len(together) > HEADERS_BUDGET:
        return None
    return FilledHeaders(tuple(map(FilledHeader, plain.names, texts)))  # type: ignore[arg-type]  # as above


def _filled_one_by_one(
    headers: Sequence[Header], variables: Mapping[str, str], hidden: frozenset[str]
) -> FilledHeaders:
    kept: list[FilledHeader] = []
    dropped: list[DroppedHeader] = []
    failed: str | None = None
    seen: set[str] = set()
    length = 0
    for header in headers:
        name, text = header.name, ""
        why, known_as = _never(name, header.value, hidden), name.lower()
        if not why:
            text, missing = substitute(header.value, variables)
            if header.user_to_user or not (text.isascii() and text.isprintable()):
                text = _value(header, text)
            size = _length_of(name, text)
            if missing or known_as in seen or len(kept) >= MAX_HEADERS or length + size > HEADERS_BUDGET:
                why = _why_not(header, missing, known_as in seen, len(kept), length + size)
        if why:
            dropped.append(DroppedHeader(name, why))
            failed = failed or (f"{name}: {why}" if header.if_missing == "fail" else None)
            continue
        length += size
        seen.add(known_as)
        kept.append(FilledHeader(name, text))
    return FilledHeaders(tuple(kept), tuple(dropped), failed)


def _why_not(header: Header, missing: Sequence[str], is_there: bool, before: int, length: int) -> str:
    """Why this header cannot be sent with this call ("" when it can): `before` it are so many, with it so long."""
    if is_there:
        return "another header of this list has that name already"
    if missing and header.if_missing != "empty":
        are = "are" if len(missing) > 1 else "is"
        return f"{' and '.join(f'${name}' for name in missing)} {are} missing"
    if before >= MAX_HEADERS:
        return TOO_MANY
    return TOO_LONG if length > HEADERS_BUDGET else ""


@lru_cache(maxsize=1024)
def _never(name: str, template: str, secrets: frozenset[str]) -> str:
    """Why a header is not sent whatever the call; the same for every call of a version."""
    if fault := name_fault(name):
        return f"a header name {fault}"
    secret = _first_secret(template, secrets)
    return f"${secret} is a secret and never goes into a header" if secret else ""


def _first_secret(template: str, secrets: Collection[str]) -> str | None:
    return next((name for name in names_in(template) if name in secrets), None)


def _value(header: Header, text: str) -> str:
    cleaned = clean(text)
    return user_to_user(cleaned, header.user_to_user) if header.user_to_user else cleaned


def worst_case(headers: Sequence[Header], samples: Mapping[str, str]) -> int:
    """Encoded characters when every header is sent with these sample values: for the byte meter and the check.

    A header that is dropped for a missing variable counts with the variable as empty text: it may be there next time.
    """
    return encoded_length((header.name, _value(header, substitute(header.value, samples).text)) for header in headers)


def header_problems(
    headers: Sequence[Header], path: str, *, secrets: Collection[str] = (), samples: Mapping[str, str] | None = None
) -> list[Problem]:
    """What is wrong with a list of headers, each fault with its path below `path` (`…/headers`)."""
    problems: list[Problem] = []
    seen: set[str] = set()
    for index, header in enumerate(headers):
        problems += _problems_of_one(header, f"{path}/{index}", secrets)
        if header.name.lower() in seen:
            fix = "Keep one of them: SIP header names do not distinguish case."
            problems.append(Problem(f"{path}/{index}/name", f"{header.name} is there twice.", fix))
        seen.add(header.name.lower())
    if len(headers) > MAX_HEADERS:
        problems.append(Problem(path, f"{len(headers)} headers are too many.", f"Keep at most {MAX_HEADERS}."))
    return [*problems, *_length_problems(headers, path, samples or {})]


def _problems_of_one(header: Header, path: str, secrets: Collection[str]) -> Iterable[Problem]:
    if fault := name_fault(header.name):
        fix = f"Use a name such as X-Customer-ID, or one of {', '.join(NAMES_WITHOUT_X)}."
        yield Problem(f"{path}/name", f"“{header.name}” cannot be sent: a header name {fault}.", fix)
    if secret := _first_secret(header.value, secrets):
        fix = "Take it out of the header, or remove “secret” from the variable."
        yield Problem(f"{path}/value", f"${secret} is a secret and never goes into a header.", fix)
    if header.user_to_user is not None and header.name.lower() != "user-to-user":
        message = f"This is the form of User-to-User values, and the header is {header.name}."
        yield Problem(f"{path}/user_to_user", message, "Remove it, or name the header User-to-User.", "warning")


def _length_problems(headers: Sequence[Header], path: str, samples: Mapping[str, str]) -> Iterable[Problem]:
    fixed = worst_case(headers, {})
    if fixed > HEADERS_BUDGET:
        message = f"The fixed parts alone have {fixed} encoded characters; {HEADERS_BUDGET} can be sent."
        yield Problem(path, message, "Shorten the values or remove headers.")
        return
    sampled = worst_case(headers, samples)
    if sampled > HEADERS_BUDGET:
        message = f"With the sample values these headers have {sampled} encoded characters; {HEADERS_BUDGET} fit."
        fix = "Shorten them, or move the most important ones to the top: the last ones are left out of a call."
        if name := _needed_but_too_long(headers, samples):
            fix = f"Shorten them: the call goes on to the fallback, because it may not go without {name}."
        yield Problem(path, message, fix, "warning")


def _needed_but_too_long(headers: Sequence[Header], samples: Mapping[str, str]) -> str:
    """The first header with `if_missing: fail` that is left out, in the order in which a call fills them; else ""."""
    length = 0
    for header in headers:
        size = _length_of(header.name, _value(header, substitute(header.value, samples).text))
        if length + size <= HEADERS_BUDGET:
            length += size
        elif header.if_missing == "fail":
            return header.name
    return ""
