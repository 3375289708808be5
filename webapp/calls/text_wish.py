"""A text that a call asks for: written into the outbox by the voice path, judged and sent by the worker later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

JOB = "consider-text"


class Purpose(StrEnum):
    """`missed`: nobody took the call. `details`: the caller pressed 1 to get the details of the handoff."""

    MISSED = "missed"
    DETAILS = "details"


@dataclass(frozen=True, slots=True)
class TextWish:
    """`body` and `prompt` may name variables; `prompt` is what the caller agreed to, empty where nobody was asked."""

    purpose: Purpose
    body: str
    prompt: str = ""


@dataclass(frozen=True, slots=True)
class WishedText:
    """The wish as it waits in the outbox: filled, with its instant and the version whose prompt was heard."""

    call_sid: str
    purpose: Purpose
    body: str
    at: datetime
    version: str
    prompt: str = ""

    @property
    def key(self) -> str:
        """One job for each call and purpose, however often Twilio repeats a webhook."""
        return f"{self.call_sid}-{self.purpose}"

    @property
    def due(self) -> datetime:
        """A missed call is judged when its last webhooks have arrived; an agreed text goes at once."""
        return self.at + timedelta(seconds=20 if self.purpose is Purpose.MISSED else 0)

    def to_payload(self) -> dict[str, str]:
        return {
            "call_sid": self.call_sid, "purpose": self.purpose.value, "body": self.body, "at": self.at.isoformat(),
            "version": self.version, "prompt": self.prompt,
        }  # fmt: skip


def read_wish(payload: Mapping[str, Any]) -> WishedText:
    """Raises KeyError or ValueError when the payload is not ours."""
    return WishedText(
        str(payload["call_sid"]), Purpose(payload["purpose"]), str(payload["body"]),
        datetime.fromisoformat(payload["at"]), str(payload["version"]), str(payload["prompt"]),
    )  # fmt: skip
