"""One decision's view of the facts: what conditions ask for, each thing worked out at most once and only when asked."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from handoff_rules.share import call_number

if TYPE_CHECKING:
    from handoff_rules.compiled import Compiled
    from handoff_rules.facts import Facts


class Evaluation:
    """Not shared between decisions."""

    __slots__ = ("_call", "_compiled", "_open", "_today", "at", "kept", "variables")

    def __init__(self, compiled: Compiled, facts: Facts) -> None:
        self.variables = facts.variables
        self.kept = facts.kept
        self.at: datetime = facts.at
        self._compiled = compiled
        self._today: date | None = None
        self._call: int | None = None
        self._open: dict[str, bool] = {}

    @property
    def today(self) -> date:
        """The date in the configuration's zone."""
        if self._today is None:
            self._today = self.at.astimezone(self._compiled.zone).date()
        return self._today

    @property
    def call(self) -> int | None:
        """The call as a number for `share`, None when it has no `call_sid`."""
        if self._call is None:
            call_sid = self.variables.get("call_sid")
            if isinstance(call_sid, str):
                self._call = call_number(call_sid)
        return self._call

    def is_open(self, hours: str) -> bool:
        known = self._open.get(hours)
        if known is None:
            schedule = self._compiled.hours.get(hours)
            known = self._open[hours] = schedule is not None and schedule.is_open(self.at)
        return known

    def because(self, hours: str) -> str:
        """What makes these hours open or closed, for a trace; empty when there are none of that name."""
        schedule = self._compiled.hours.get(hours)
        return "" if schedule is None else str(schedule.because(self.at))
