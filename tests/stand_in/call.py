"""The call that is to be played: who calls whom, over what, and what the caller does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from tests.stand_in.disturbance import UNDISTURBED, Disturbance
from tests.stand_in.far_end import Answer

START = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Session:
    """How a ConversationRelay session or a stream ends: `ended` by the agent, `failed`, or the caller hung up."""

    status: Literal["ended", "failed", "completed"] = "ended"
    handoff_data: str | None = None
    seconds: int = 40


@dataclass(frozen=True, slots=True)
class Message:
    """What the caller leaves after the tone; `ends` by hanging up, by a key, or by silence. 0 seconds: nothing."""

    seconds: int = 12
    ends: Literal["hangup", "key", "silence"] = "hangup"


@dataclass(frozen=True, slots=True)
class Call:
    """One inbound call. `digits` and `speech`: what the caller gives at each question, in order; "" is silence.

    `sip_headers` are the X- headers of the INVITE. `more` adds or replaces parameters of every request of the leg.
    """

    from_: str = "+12125550123"
    to: str = "+14155550199"
    over: Literal["phone", "sip", "client"] = "phone"
    caller_name: str | None = None
    forwarded_from: str | None = None
    stir_verstat: str | None = None
    sip_headers: Mapping[str, str] = field(default_factory=dict)
    at: datetime = START
    digits: tuple[str, ...] = ()
    speech: tuple[str, ...] = ()
    session: Session = Session()
    message: Message = Message()
    far_end: tuple[Answer, ...] = ()
    disturbance: Disturbance = UNDISTURBED
    allowed_targets: frozenset[str] | None = None
    may_repeat_targets: bool = False
    may_end_in_silence: bool = False
    most_documents: int = 30
    seed: int | None = None
    more: Mapping[str, str] = field(default_factory=dict)
