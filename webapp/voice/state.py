"""The state of a call, carried in our own callback URLs, so that any worker continues a call without Redis.

`s=1.<payload>.<mac>`: the payload is compact JSON in URL-safe base64, the MAC is HMAC-SHA256 under a key derived from
SECRET_KEY and bound to the caller's CallSid, so that a state of one call says nothing about another.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from pydantic_core import to_json

from handoff_rules.ladder import Progress

FORMAT = "1"
MAC_BYTES = 12
LONGEST_REASON = 100
"""Characters: it travels with the call, and every step of it tells the same."""
LONGEST = 3_500
"""Characters. A ladder of twenty destinations with the longest ids needs less; Twilio takes URLs of 4,000."""


NAMED = 9
"""Where the payload names its call."""


class StateError(ValueError):
    """A state that we did not write, or cannot read any more."""


class CallState(NamedTuple):
    """`version` is `number-digest8`; `attempt` counts the destinations rung; `asked` counts menu prompts.

    `own_caller_id`: Twilio would not show the caller's number, so a number of ours is shown from then on.
    """

    environment: str
    version: str
    rule: str | None
    reason: str
    progress: Progress | None
    attempt: int = 0
    asked: int = 0
    destination: str | None = None
    own_caller_id: bool = False

    def with_progress(self, progress: Progress, destination: str | None) -> CallState:
        return CallState(
            self.environment, self.version, self.rule, self.reason, progress,
            self.attempt + (destination is not None), self.asked, destination, self.own_caller_id,
        )  # fmt: skip


class StateKeys:
    """Signs with the first key, accepts them all: SECRET_KEY and, while it is rotated, SECRET_KEY_NEXT."""

    def __init__(self, secrets: Sequence[str]) -> None:
        self._prepared = [
            hmac.new(hashlib.sha256(b"handoff call state\0" + secret.encode()).digest(), digestmod=hashlib.sha256)
            for secret in secrets
        ]

    def write(self, state: CallState, call_sid: str, *, naming_the_call: bool = False) -> str:
        """`naming_the_call`: for callbacks that do not say which call they belong to; see `named_call`."""
        payload = _payload(state, call_sid if naming_the_call else None)
        return f"{FORMAT}.{payload}.{self._mac(0, payload, call_sid)}"

    def read(self, text: str, call_sid: str) -> CallState:
        parts = text.split(".")
        if len(text) > LONGEST or len(parts) != 3 or parts[0] != FORMAT:
            raise StateError("not a call state of this format")
        _, payload, mac = parts
        if not any(
            hmac.compare_digest(self._mac(index, payload, call_sid).encode(), mac.encode("utf-8", "replace"))
            for index in range(len(self._prepared))
        ):
            raise StateError("not signed by us for this call")
        return _state(payload)

    def _mac(self, index: int, payload: str, call_sid: str) -> str:
        signing = self._prepared[index].copy()
        signing.update(f"{FORMAT}.{payload}.{call_sid}".encode("utf-8", "replace"))
        return _encode(signing.digest()[:MAC_BYTES])


@lru_cache(maxsize=1024)  # the calls that a rule sends the same way differ in their MAC alone
def _payload(state: CallState, naming: str | None) -> str:
    progress = state.progress
    fields = [
        state.environment, state.version, state.rule, state.reason[:LONGEST_REASON], state.attempt, state.asked,
        state.destination, [progress.first, progress.step, list(progress.tried)] if progress else None,
    ]  # fmt: skip
    if state.own_caller_id or naming is not None:
        fields.append(state.own_caller_id)
    if naming is not None:
        fields.append(naming)
    return _encode(to_json(fields))


def named_call(text: str) -> str | None:
    """The call that a state names itself. To be believed only when `read` then accepts the state for that call."""
    parts = text.split(".")
    try:
        named = _decode(parts[1])[NAMED]
    except (ValueError, TypeError, IndexError):
        return None
    return named if isinstance(named, str) else None


def _state(payload: str) -> CallState:
    try:
        environment, version, rule, reason, attempt, asked, destination, progress, *more = _decode(payload)
        return CallState(
            environment, version, rule, reason,
            Progress(progress[0], progress[1], tuple(progress[2])) if progress else None,
            attempt, asked, destination, bool(more and more[0]),
        )  # fmt: skip
    except (ValueError, TypeError, binascii.Error, IndexError) as error:
        raise StateError("signed by us, but not readable") from error


def _decode(payload: str) -> list[Any]:
    fields = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    if not isinstance(fields, list):
        raise TypeError("a state is a list")
    return fields


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")
