"""The text form of hours in pieces, each with its place.

What OpenStreetMap's notation has and a set of hours cannot hold is a piece too, so that its fault can name it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from handoff_rules.suggestions import nearest

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_MONTH = rf"(?:{'|'.join(f'{name[:3]}(?:{name[3:]})?' for name in _MONTHS)}|sept)\b\.?"
_DAY_OF_MONTH = r"\d{1,2}(?![\d:.])"
_CLOCK = r"\d{1,2}(?:[:.]\d{2})?"
_SUN = r"\(?\s*(?:sunrise|sunset|dawn|dusk)\b(?:\s*[+-]\s*\d{1,2}:\d{2})?(?:\s*\))?"
_TO = r"\s*[-\u2013\u2014]\s*"

UNKNOWN = "unknown"
_PATTERNS: tuple[tuple[str, str], ...] = (
    ("comment", r'"[^"]*"?|\u201c[^\u201d]*\u201d?'),
    ("fallback", r"\|\|"),
    ("date", r"(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)"),
    ("osm_date", rf"(\d{{4}})\s+({_MONTH})\s+({_DAY_OF_MONTH})(?:{_TO}({_MONTH})?\s*({_DAY_OF_MONTH}))?"),
    ("sun", rf"{_SUN}(?:{_TO}(?:{_SUN}|{_CLOCK}))?|{_CLOCK}{_TO}{_SUN}"),
    ("easter", r"easter\b(?:\s*[+-]\s*\d+\s*days?\b)?"),
    ("week", rf"weeks?\s+\d{{1,2}}(?:{_TO}\d{{1,2}})?"),
    ("month", rf"{_MONTH}(?:\s+{_DAY_OF_MONTH})?(?:{_TO}(?:{_MONTH}(?:\s+{_DAY_OF_MONTH})?|{_DAY_OF_MONTH}))?"),
    ("always", r"24\s*/\s*7"),
    ("whole", r"24\s*h(?:ours)?\b|all\s+day\b|open\b"),
    ("off", r"off\b|closed\b"),
    ("open_end", rf"{_CLOCK}(?:{_TO}{_CLOCK})?\s*\+"),
    ("interval", r"/\s*\d{1,2}(?::\d{2})?"),
    ("nth", r"\[[^\]]*\]?"),
    ("school", r"sh\b|school\s+holidays?\b"),
    ("holiday", r"ph\b|public\s+holidays?\b"),
    ("perhaps", r"unknown\b"),
    ("time", r"(\d{1,2})(?:[:.](\d{2}))?(?:\s*([ap])\.?m\b\.?)?(?![\d:]|\.\d|/\d{1,2}/)"),
    ("other_date", r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}"),
    ("dash", r"[-\u2013\u2014]|to\b"),
    ("comma", r",|and\b|&"),
    ("end", r"[;\n]"),
    ("colon", r":"),
    ("day", r"[^\W\d_]{2,}\.?"),
    (UNKNOWN, r"\d+|\S"),
)
"""Tried in this order at each place, in lower and upper case alike."""
_COMPILED = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _PATTERNS)

_DATES = "Hours repeat every week here. Write each date that differs, such as 2026-12-24 off."
REFUSED = {
    "comment": ("is a comment, which hours cannot hold.", "Take it out: a date’s label stands with its exception."),
    "fallback": ("joins two answers of which one counts.", "Keep the one that is meant, and ; between rules."),
    "sun": ("goes by the sun.", "Write times of the clock, such as 08:00-20:00."),
    "easter": ("moves every year.", "Write its date, such as 2027-03-28 off."),
    "week": ("picks weeks of the year.", _DATES),
    "month": ("picks a part of every year.", _DATES),
    "nth": ("picks weeks of the month.", _DATES),
    "open_end": ("has no end.", "Write when it ends, such as 18:00-23:00."),
    "interval": ("is an interval.", "Write from when to when it is open, such as 10:00-16:00."),
    "school": ("means school holidays, which are not known here.", _DATES),
    "perhaps": ("says neither open nor closed.", "Write times, or off."),
    "other_date": ("is no date as it is written here.", "Write year, month and day: 2026-12-24."),
    UNKNOWN: ("is not understood.", "Write days and times such as Mo-Fr 09:00-17:30, and off for closed."),
}
"""What a piece of this kind says that a set of hours cannot, and what to write in its place."""


@dataclass(frozen=True, slots=True)
class Token:
    """`start` and `end` are places in the text, from 0; `groups` what the pattern of its kind has taken apart."""

    kind: str
    text: str
    start: int
    end: int
    groups: tuple[str | None, ...] = ()


class PieceError(ValueError):
    """The text from one token to another that cannot be read; the message goes on where the quoted piece ends."""

    def __init__(self, tokens: Sequence[Token], message: str, fix: str) -> None:
        super().__init__(message)
        self.start, self.end = tokens[0].start, tokens[-1].end
        self.message = message
        self.fix = fix


def tokens_in(text: str) -> list[Token]:
    """All pieces but blanks; what is not understood in a row is one piece."""
    found: list[Token] = []
    for token in _tokens(text):
        if found and token.kind == found[-1].kind == UNKNOWN:
            start = found.pop().start
            found.append(Token(UNKNOWN, text[start : token.end], start, token.end))
        else:
            found.append(token)
    return found


def refusal(token: Token) -> PieceError | None:
    """Why this piece is refused whatever stands around it; None when it may be right."""
    if token.kind not in REFUSED:
        return None
    message, fix = REFUSED[token.kind]
    meant = nearest(token.text, (*DAYS, "closed")) if token.kind == UNKNOWN else None
    return PieceError([token], message, f"Did you mean {meant.capitalize()}?" if meant else fix)


def day_in(text: str) -> int | None:
    """The weekday, Monday 0, of `Mo`, `mon`, `Mon.`, `Monday` or `Mondays`: two letters tell them apart."""
    name = text.lower().removesuffix(".")
    for day, full in enumerate(DAYS):
        if full.startswith(name) or name == f"{full}s":
            return day
    return None


def month_in(text: str) -> int:
    """January 1, of any text that stands for a month in `osm_date`."""
    return next(number for number, name in enumerate(_MONTHS, 1) if name.startswith(text[:3].lower()))


def _tokens(text: str) -> Iterator[Token]:
    place = 0
    while place < len(text):
        if text[place] != "\n" and text[place].isspace():
            place += 1
            continue
        token = _token_at(text, place)
        yield token
        place = token.end


def _token_at(text: str, place: int) -> Token:
    kind, match = next((kind, found) for kind, pattern in _COMPILED if (found := pattern.match(text, place)))
    if kind == "day" and day_in(match[0]) is None:
        kind = UNKNOWN
    return Token(kind, match[0], place, match.end(), match.groups())
