"""Reading the text form of hours: what a set can hold is understood, everything else is refused, all at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from handoff_rules.hours_text import WHOLE_DAY, Times, Windows
from handoff_rules.hours_text_pieces import EVERY_DAY, MOST_DATES, RULE, Day, between, days_of, joined, windows_of
from handoff_rules.hours_text_tokens import PieceError, Token, refusal, tokens_in
from handoff_rules.suggestions import shown

MOST_CHARACTERS = 32_000
_BEGINS_DAYS = {"day", "holiday", "date", "osm_date"}
_BEGINS_TIMES = {"time", "off", "whole", "always"}


@dataclass(frozen=True, slots=True)
class TextFault:
    """`at` is the place of the faulty piece in the text, from 1, and the message begins with the piece, in quotes; 0 is
    for a fault of the whole text."""

    at: int
    message: str
    fix: str

    @property
    def told(self) -> str:
        """What is wrong, and where."""
        return f"At character {self.at}: {self.message}" if self.at else self.message

    def __str__(self) -> str:
        return f"{self.told} {self.fix}"


class HoursTextError(ValueError):
    """A text that hours cannot be read from; `faults` are in the order of the text."""

    def __init__(self, faults: Sequence[TextFault]) -> None:
        self.faults = tuple(faults)
        super().__init__(" ".join(str(fault) for fault in faults))


def read_text(text: str) -> Times:
    """The times that a text says. HoursTextError with every fault: all pieces that no set of hours can hold, and of
    each rule without such a piece the first thing that cannot be understood.

    Harmless differences are understood: blanks, lower case, full names of days, `to` and `and`, `closed`, a colon after
    the days, hours without minutes, am and pm, and OpenStreetMap's `2026 Dec 24`.
    """
    if len(text) > MOST_CHARACTERS:
        fault = TextFault(0, f"The text has more than {MOST_CHARACTERS:,} characters.", "Give the dates as exceptions.")
        raise HoursTextError([fault])
    if not text.strip():
        raise HoursTextError([TextFault(0, "The text is empty.", "Write off for hours that are never open.")])
    reader = _Reader()
    faults = [fault for tokens in between(tokens_in(text), "end") if tokens for fault in reader.take(tokens)]
    if faults:
        raise HoursTextError([_fault(text, fault) for fault in faults])
    return Times(tuple(reader.week), reader.holidays, reader.dates)


def _fault(text: str, fault: PieceError) -> TextFault:
    return TextFault(fault.start + 1, f"{shown(text[fault.start : fault.end].strip())} {fault.message}", fault.fix)


class _Reader:
    """What has been read so far; a later rule takes the place of an earlier one."""

    def __init__(self) -> None:
        self.week: list[Windows] = [()] * 7
        self.holidays = False
        self.dates: dict[date, Windows] = {}
        self._latest = 0

    def take(self, tokens: Sequence[Token]) -> list[PieceError]:
        """Everything up to a semicolon: one rule, and those that a comma adds to it. The faults in it."""
        if refused := [fault for token in tokens if (fault := refusal(token))]:
            return refused
        adds = False
        try:
            while tokens:
                tokens, adds = self._rule(tokens, adds=adds), True
        except PieceError as fault:
            return [fault]
        return []

    def _rule(self, tokens: Sequence[Token], *, adds: bool) -> Sequence[Token]:
        """Take one rule; the pieces of the next one, which a comma adds."""
        place = next((place for place, token in enumerate(tokens) if token.kind in _BEGINS_TIMES), None)
        if place is None:
            raise PieceError(tokens, "says no times.", "Write them behind it, or off: Mo-Fr 09:00-17:30.")
        named, told = tokens[:place], tokens[place:]
        if told[0].kind == "always":
            days, windows, rest = _always(named, told)
        else:
            days = days_of(named)
            windows, rest = windows_of(told)
        self._note(days, windows, tokens[: len(tokens) - len(rest)], adds=adds)
        return _next_rule(rest)

    def _note(self, days: Sequence[Day], windows: Windows, rule: Sequence[Token], *, adds: bool) -> None:
        if min(map(_rank, days)) < self._latest:
            fix = "What is said later counts: write the week first, then PH off, then the dates."
            raise PieceError(rule, "would undo what stands in front of it.", fix)
        self._latest = max(map(_rank, days))
        for day in days:
            if isinstance(day, str):
                self._close_holidays(windows, rule)
            elif isinstance(day, int):
                self.week[day] = _put(self.week[day], windows, rule, adds=adds)
            elif adds and windows and day not in self.dates:
                raise PieceError(rule, "would add to the week.", "Put ; before it, and write all times of that day.")
            else:
                self.dates[day] = _put(self.dates.get(day, ()), windows, rule, adds=adds)
        if len(self.dates) > MOST_DATES:
            raise PieceError(rule, f"makes more than {MOST_DATES:,} dates.", "Change the week instead.")

    def _close_holidays(self, windows: Windows, rule: Sequence[Token]) -> None:
        if windows:
            fix = "Write PH off, and the holidays that are open as dates: 2026-12-25 11:00-13:00."
            raise PieceError(rule, "cannot be held: hours close on all public holidays or on none.", fix)
        self.holidays = True


def _always(named: Sequence[Token], told: Sequence[Token]) -> tuple[Sequence[Day], Windows, Sequence[Token]]:
    """`24/7`, or `24/7 off`."""
    if named:
        raise PieceError(told[:1], "means every day.", "Write it alone, or 00:00-24:00 behind the days.")
    if told[1:] and told[1].kind == "off":
        return EVERY_DAY, (), told[2:]
    return EVERY_DAY, (WHOLE_DAY,), told[1:]


def _next_rule(rest: Sequence[Token]) -> Sequence[Token]:
    """Behind a rule stands nothing, or a comma and the days of the next one."""
    if not rest:
        return rest
    if rest[0].kind in _BEGINS_DAYS:
        raise PieceError(rest, "begins another rule.", "Put ; in front of it.")
    if rest[0].kind != "comma" or len(rest) == 1 or rest[1].kind not in _BEGINS_DAYS:
        raise PieceError(rest, "does not belong here.", RULE)
    return rest[1:]


def _put(before: Windows, windows: Windows, rule: Sequence[Token], *, adds: bool) -> Windows:
    if not (adds and windows):
        return windows
    for window in windows:
        before = joined(before, window, rule)
    return before


def _rank(day: Day) -> int:
    """Where it stands in a text: the week, then public holidays, then dates."""
    return 0 if isinstance(day, int) else 1 if isinstance(day, str) else 2
