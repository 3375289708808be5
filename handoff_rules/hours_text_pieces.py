"""The two halves of a rule in the text form of hours: which days it is about, and when it is open on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from handoff_rules.hours_grid import DAY, WindowError, overlaps, parse_window
from handoff_rules.hours_text import WHOLE_DAY, Windows
from handoff_rules.hours_text_tokens import PieceError, Token, day_in, month_in

HOLIDAYS = "PH"
Day = int | str | date
"""What a rule is about: a weekday (Monday 0), the public holidays, or a date."""
EVERY_DAY: tuple[Day, ...] = tuple(range(7))
MOST_DATES = 1_000
"""In one text: nearly three years of single days."""
RULE = "Write days, then times: Mo-Fr 09:00-17:30."
_NOON = DAY // 2


def days_of(named: Sequence[Token]) -> tuple[Day, ...]:
    """Of the pieces in front of the times; none means every day. PieceError for what names no days."""
    if named and named[-1].kind == "colon":
        named = named[:-1]
    if not named:
        return EVERY_DAY
    days: list[Day] = []
    for part in between(named, "comma"):
        if not part:
            raise PieceError(named, "is not a list of days.", "Write it as Mo,We or Mo-Fr.")
        days += _span(part)
        if len(days) > MOST_DATES:
            raise PieceError(named, f"makes more than {MOST_DATES:,} dates.", "Change the week instead.")
    return tuple(days)


def windows_of(told: Sequence[Token]) -> tuple[Windows, Sequence[Token]]:
    """The windows with which these pieces begin, none for `off`, and the pieces behind them."""
    if told[0].kind == "off":
        return (), told[1:]
    if told[0].kind == "whole":
        return (WHOLE_DAY,), told[1:]
    windows: Windows = ()
    while True:
        if [token.kind for token in told[:3]] != ["time", "dash", "time"]:
            raise PieceError(told[:1], "is not a window from one time to another.", "Write both: 09:00-17:30.")
        windows = joined(windows, _window(told[0], told[2]), told[:3])
        told = told[3:]
        if [token.kind for token in told[:2]] != ["comma", "time"]:
            break
        told = told[1:]
    if told and told[0].kind == "off":
        raise PieceError(told[:1], "would close a part of the day.", "Write the times at which it is open.")
    return windows, told


def joined(windows: Windows, window: str, at: Sequence[Token]) -> Windows:
    """The windows of a day with one more. PieceError, about the pieces `at`, when it overlaps another."""
    if overlaps(parse_window(window), map(parse_window, windows)):
        raise PieceError(at, "overlaps another window of that day.", "Make them one window.")
    return (*windows, window)


def between(tokens: Iterable[Token], kind: str) -> Iterator[list[Token]]:
    """The parts in front of, between and behind the pieces of this kind."""
    part: list[Token] = []
    for token in tokens:
        if token.kind == kind:
            yield part
            part = []
        else:
            part.append(token)
    yield part


def _span(part: Sequence[Token]) -> Sequence[Day]:
    """`Mo`, `Mo-Fr`, `PH`, a date, or a first and a last date."""
    kinds = [token.kind.removeprefix("osm_") for token in part]
    if kinds == ["holiday"]:
        return [HOLIDAYS]
    if kinds in (["day"], ["day", "dash", "day"]):
        first, last = (day_in(token.text) or 0 for token in (part[0], part[-1]))
        return [(first + offset) % 7 for offset in range((last - first) % 7 + 1)]
    if kinds in (["date"], ["date", "dash", "date"]):
        return _dates(part)
    raise PieceError(part, "is not understood.", RULE)


def _dates(part: Sequence[Token]) -> Sequence[date]:
    first, last = _dates_in(part[0])[0], _dates_in(part[-1])[-1]
    length = (last - first).days + 1
    if length < 1:
        raise PieceError(part, "ends before it begins.", "Write the first day, then the last one.")
    if length > MOST_DATES:
        raise PieceError(part, f"is more than {MOST_DATES:,} days.", "Change the week instead.")
    return [first + timedelta(days=number) for number in range(length)]


def _dates_in(token: Token) -> tuple[date, ...]:
    """The date of a piece; of `2026 Dec 24-26` the first and the last one."""
    try:
        if token.kind == "date":
            year, month, day = (int(text or 0) for text in token.groups)
            return (date(year, month, day),)
        first_year, first_month, first_day, last_month, last_day = (text or "" for text in token.groups)
        first = date(int(first_year), month_in(first_month), int(first_day))
        if not last_day:
            return (first,)
        return first, date(first.year, month_in(last_month or first_month), int(last_day))
    except ValueError:
        raise PieceError([token], "is not in the calendar.", "Write a date that exists, as 2026-12-24.") from None


def _window(first: Token, last: Token) -> str:
    start, end = _minutes(first), _minutes(last)
    early = end if end <= DAY else end - DAY
    if end > DAY and early >= start:
        raise PieceError([first, last], "is longer than a day.", "For a whole day write 00:00-24:00.")
    if early < start <= _NOON and _is_short(last):
        day, night = (f"{_clock(start)}-{_clock(minutes)}" for minutes in (early + _NOON, early))
        raise PieceError([first, last], "can be meant in two ways.", f"Write {day}, or {night} for a night.")
    window = f"{_clock(start)}-{_clock(early)}"
    try:
        parse_window(window)
    except WindowError as fault:
        raise PieceError([first, last], fault.message.removeprefix(f"{window} "), fault.fix) from None
    return window


def _minutes(token: Token) -> int:
    """After midnight; more than 24:00 is a time of the next day, as in 22:00-26:00."""
    hour, minute, half = (text or "" for text in token.groups)
    hours, minutes = int(hour), int(minute or 0)
    if half and hours == 12:
        raise PieceError([token], "can be meant in two ways.", "Write 12:00 for noon, or 00:00 for midnight.")
    if minutes > 59 or hours > (12 if half else 48):
        raise PieceError([token], "is no time that a clock shows.", "Write it as 09:00 or 17:30.")
    return (hours + 12 * (half.lower() == "p")) * 60 + minutes


def _is_short(token: Token) -> bool:
    """`5` or `5:30`, which may be five in the afternoon."""
    hour, _, half = token.groups
    return len(hour or "") == 1 and not half


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
