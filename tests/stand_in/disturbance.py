"""What goes wrong between Twilio and the application, drawn from the call's own seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.stand_in.live_call import LiveCall


@dataclass(frozen=True, slots=True)
class Disturbance:
    """Chances are from 0 to 1. `hang_up` names one of the points that every finished call lists, as
    "after document 1" or "during Dial 2": there the caller hangs up. `at` runs a function at such a point
    (an API call that redirects the live call, a worker that is killed). `replays`: how often all of the
    call's webhooks are sent again, shuffled, after its end."""

    repeat: float = 0.0
    at_once: bool = False
    repeat_status: float = 0.0
    lose_status: float = 0.0
    delay_status: float = 0.0
    hang_up: str | None = None
    replays: int = 0
    at: Mapping[str, Callable[[LiveCall], None]] = field(default_factory=dict)


UNDISTURBED = Disturbance()
