"""What a menu heard, and what it means: pure, shared by the webhooks and the simulator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from handoff_rules.intake import MenuIntake
from webapp.calls.timeline import Event, Kind
from webapp.voice.flow import Context
from webapp.voice.state import CallState


@dataclass(frozen=True, slots=True)
class Heard:
    """`variables` are what the choice sets; nothing understood means: ask again while attempts are left."""

    understood: bool
    variables: Mapping[str, str]
    event: Event


def heard(context: Context, state: CallState, digits: str, speech: str) -> Heard:
    """A known choice, any words, or any keys where the menu has no choices. The keys themselves are not kept here."""
    intake = context.configuration.intake
    choices = intake.choices if isinstance(intake, MenuIntake) else {}
    understood = bool(speech) or (digits in choices if choices else bool(digits))
    detail = {"digits": len(digits), "speech": bool(speech), "understood": understood}
    event = Event(f"gathered:{state.asked}", Kind.GATHERED, sequence=state.asked, detail=detail)
    return Heard(understood, choices.get(digits, {}), event)
