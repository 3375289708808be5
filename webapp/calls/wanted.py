"""Which calls a list shows: the filters, and how a call that Redis keeps is held against them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from webapp.calls.log import FACTS
from webapp.calls.summary import Summary, ends_of, last_destination, summary_of, version_number

PLAIN = re.compile(r"[0-9A-Za-z+:;@.=_-]+")
"""Signs that stand in JSON as they are."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Empty fields take every call. `text` is part of a call SID or of a number; `called` is a number of ours.

    `version` is its number. `since_ms` and `until_ms` bound the start, the second one exclusively.
    """

    environment: str = ""
    destination: str = ""
    ends: str = ""
    rule: str = ""
    text: str = ""
    called: str = ""
    version: str = ""
    since_ms: int | None = None
    until_ms: int | None = None

    def may_take(self, call_sid: str, stored: Mapping[str, str | None]) -> bool:
        """The half that needs no facts: reading those takes most of the time that a search takes."""
        for name in ("environment", "rule"):
            wanted = getattr(self, name)
            if wanted and wanted != stored.get(name):
                return False
        if self.ends and self.ends != ends_of(stored):
            return False
        if self.version and self.version != version_number(stored.get("version") or ""):
            return False
        if self.destination and self.destination != last_destination(stored):
            return False
        return self._may_be_in(call_sid, stored.get(FACTS) or "")

    def _may_be_in(self, call_sid: str, facts: str) -> bool:
        """Plain signs stand in the stored facts as they are: what is not even there is in no number of the call."""
        if PLAIN.fullmatch(self.called) and self.called not in facts:
            return False
        needle = self._needle
        return not PLAIN.fullmatch(needle) or needle in call_sid.casefold() or needle in facts.casefold()

    def takes(self, call: Summary) -> bool:
        """The other half, of a call that `may_take` has let through."""
        if self.called and self.called != call.called:
            return False
        needle = self._needle
        return not needle or any(needle in value.casefold() for value in (call.call_sid, call.caller, call.called))

    @property
    def _needle(self) -> str:
        return self.text.casefold().replace(" ", "")


def summary_if_wanted(wanted: Wanted, call_sid: str, score: float, stored: Mapping[str, str | None]) -> Summary | None:
    if not wanted.may_take(call_sid, stored):
        return None
    call = summary_of(call_sid, score, stored)
    return call if wanted.takes(call) else None
