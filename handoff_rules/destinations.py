"""A destination: a named place a call can go, how it is reached, and what follows when nobody takes the call."""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from handoff_rules.model import E164, Language, Model, Name, Slug, Text, Voice, Whole, Yes, fault
from handoff_rules.outcomes import Outcome
from handoff_rules.texts import OfferText


class Method(StrEnum):
    REFER = "REFER"
    INVITE = "INVITE"
    BYE = "BYE"


class Header(Model):
    """One custom SIP header. `value` may hold `$variables`; `if_missing` says what a missing one does to it."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    value: Text
    if_missing: Literal["drop", "empty", "fail"] = "drop"
    user_to_user: Literal["genesys", "talkdesk", "plain"] | None = None


class Voicemail(Model):
    """Record a message. `max_seconds`: Twilio takes 2 to 14,400; longer than ten minutes serves nobody."""

    greeting: Text = "Please leave a message after the tone."
    max_seconds: Whole = Field(default=120, ge=2, le=600)
    language: Language | None = None
    voice: Voice | None = None


def only_one_of(model: Model, names: tuple[str, ...]) -> None:
    """Raise a fault unless exactly one of these keys has a value."""
    used = [name for name in names if getattr(model, name) is not None]
    if len(used) != 1:
        what = " and ".join(f"`{name}`" for name in used) or "none of them"
        listed = ", ".join(f"`{name}`" for name in names)
        raise fault(f"There must be exactly one of {listed}; here is {what}.", "Keep one.")


class FallbackStep(Model):
    """Exactly one of `destination`, `voicemail`, `say`, `hang_up`; tried for the outcomes in `on` (none: all)."""

    destination: Slug | None = None
    voicemail: Voicemail | None = None
    say: Text | None = None
    hang_up: Yes | None = None
    language: Language | None = None
    voice: Voice | None = None
    on: tuple[Outcome, ...] = ()

    @model_validator(mode="after")
    def _does_one_thing(self) -> Self:
        only_one_of(self, ("destination", "voicemail", "say", "hang_up"))
        return self


class Ending(Model):
    """What happens when every step is used up. Exactly one of `say`, `voicemail`, `hang_up`."""

    say: Text | None = None
    voicemail: Voicemail | None = None
    hang_up: Yes | None = None
    language: Language | None = None
    voice: Voice | None = None

    @model_validator(mode="after")
    def _does_one_thing(self) -> Self:
        only_one_of(self, ("say", "voicemail", "hang_up"))
        return self


Route = Annotated[str, StringConstraints(min_length=1, max_length=255)]


class Destination(Model):
    id: Slug
    name: Name
    description: Text = ""
    method: Method = Method.REFER
    route: Route | tuple[Route, ...] | None = None
    ring: Literal["together", "in_order"] = "together"
    headers: tuple[Header, ...] = ()
    utterance: Text = ""
    language: Language = "en-US"
    voice: Voice | None = None
    reason: Text = ""
    ring_seconds: Whole = Field(default=20, ge=5, le=600)
    time_limit_seconds: Whole = Field(default=14_400, ge=30, le=14_400)
    caller_id: Annotated[str, StringConstraints(pattern=rf"^(caller|called|{E164})$")] = "caller"
    send_digits: Annotated[str, StringConstraints(pattern=r"^[0-9A-D*#wW]{0,32}$")] = ""
    screen: Literal["off", "whisper", "accept"] = "off"
    machine_detection: bool = False
    skip_when_failing: bool = False
    offer_text: OfferText | None = None
    hours: Slug | None = None
    enabled: bool = True
    fallback: tuple[FallbackStep, ...] = ()

    @cached_property
    def routes(self) -> tuple[str, ...]:
        """The route as a tuple, whether the document gives none, one or a ring group."""
        if self.route is None:
            return ()
        return (self.route,) if isinstance(self.route, str) else self.route

    @property
    def is_ring_group(self) -> bool:
        return len(self.routes) > 1
