"""One request of Twilio about a call, as the voice routes see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Webhook:
    """One request of Twilio: its form, and the `s` parameter of our own URL (empty where there is none)."""

    form: Mapping[str, str]
    state: str = ""

    @property
    def call_sid(self) -> str:
        """The caller's leg: a child leg is filed under its parent."""
        return self.form.get("ParentCallSid") or self.form["CallSid"]

    @property
    def is_far_leg(self) -> bool:
        """A leg that we dialled: its From and To are not those of the call."""
        return "ParentCallSid" in self.form


class LostStateError(Exception):
    """The state in the URL is missing or unreadable: the call must go on without it."""
