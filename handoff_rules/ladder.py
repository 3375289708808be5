"""The ladder: which destination is rung first, what follows each outcome, and why it always comes to an end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from handoff_rules.configuration import Configuration
from handoff_rules.destinations import Destination, Ending, FallbackStep, Voicemail
from handoff_rules.outcomes import STARTS_NO_STEP, Outcome


@dataclass(frozen=True, slots=True)
class Ring:
    """Hand the call over to this destination, by whatever method it has."""

    destination: str


@dataclass(frozen=True, slots=True)
class TakeMessage:
    voicemail: Voicemail


@dataclass(frozen=True, slots=True)
class Speak:
    text: str
    language: str
    voice: str | None = None


@dataclass(frozen=True, slots=True)
class HangUp:
    pass


Action = Ring | TakeMessage | Speak | HangUp


class Progress(NamedTuple):
    """Where a call is on its ladder: all that must travel with the call, small enough for a callback URL.

    `first` is the destination whose `fallback` governs the call. `step` is the next place to look at: the steps of
    that fallback in order, then the default destination, then the ending. `tried` are the destinations that were
    rung, in order.
    """

    first: str
    step: int = 0
    tried: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unavailable:
    """Why a destination cannot be rung now: the outcome that it counts as, and the reason in words.

    `may_ring`: it could be rung all the same, and is where the caller would meet nobody otherwise.
    """

    outcome: Outcome
    why: str
    may_ring: bool = False


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A step that was not taken. `destination` is None for a voicemail, a spoken message or a hang-up.

    `outcome` is what the destination counts as (closed, blocked, failed), or None when the step was not for the
    latest outcome. `step` is its number in the fallback, None for the first and the default destination.
    """

    destination: str | None
    outcome: Outcome | None
    why: str
    step: int | None = None


class Move(NamedTuple):
    """What happens next, where that leaves the call, and what was looked at and not taken on the way."""

    action: Action
    progress: Progress
    passed_over: tuple[PassedOver, ...] = ()


Availability = Callable[[Destination], "Outcome | Unavailable | None"]
"""Asked once for each destination before it is rung: None when it can be rung."""

WHY = {
    Outcome.CLOSED: "it is closed now",
    Outcome.BLOCKED: "it may not be called",
    Outcome.FAILED: "it has been failing",
}


def always_available(_: Destination) -> None:
    """For the places that do not ask: tests, and the emergency path."""


def first_step(configuration: Configuration, destination_id: str, unavailable: Availability = always_available) -> Move:
    """The first move of a call to the destination that the rules decided on.

    A destination that the configuration does not know is passed over, and the default destination governs the call.
    """
    if destination_id in configuration.destination_by_id:
        return _Walk(configuration, Progress(destination_id), None, unavailable).first()
    walk = _Walk(configuration, Progress(configuration.default_destination), None, unavailable)
    walk.passed.append(PassedOver(destination_id, Outcome.FAILED, "there is no destination of that name"))
    return walk.first()


def next_step(
    configuration: Configuration, progress: Progress, outcome: Outcome, unavailable: Availability = always_available
) -> Move | None:
    """What follows this outcome; None when it starts no step (answered, referred, canceled, the caller hung up).

    A step serves the outcomes in its `on`, or all of them. A destination that is closed, blocked, turned off or
    failing is passed over, and from then on *that* is the latest outcome which the following steps are matched with.
    No destination is rung twice, and no more than `policy.max_steps` in one call; steps that ring nobody still serve.
    Before a call ends without anybody rung, the first one that was passed over and could be rung is tried.
    """
    if outcome in STARTS_NO_STEP:
        return None
    return _Walk(configuration, progress, outcome, unavailable).onward()


def closing(configuration: Configuration, progress: Progress) -> Move:
    """The configuration's ending at once: for a caller who is still there after an outcome that starts no step."""
    return _Walk(configuration, progress, None, always_available).close()


def message_asked_for(configuration: Configuration, progress: Progress) -> Voicemail | None:
    """The voicemail of the latest move, in the language and voice of its greeting; None when it was another move."""
    walk = _Walk(configuration, progress, None, always_available)
    steps = walk.governing.fallback if walk.governing else ()
    if 1 <= progress.step <= len(steps):
        step = steps[progress.step - 1]
        return _message(step, walk.governing) if step.voicemail else None
    ending = walk.ending() if progress.step == len(steps) + 2 else None
    return ending.voicemail if isinstance(ending, TakeMessage) else None


class _Walk:
    """One move along the ladder. It only ever goes forward, so it ends."""

    __slots__ = ("configuration", "governing", "hope", "outcome", "passed", "progress", "unavailable")

    def __init__(
        self, configuration: Configuration, progress: Progress, outcome: Outcome | None, unavailable: Availability
    ) -> None:
        self.configuration = configuration
        self.progress = progress
        self.outcome = outcome
        self.unavailable = unavailable
        self.passed: list[PassedOver] = []
        self.hope: str | None = None
        self.governing = configuration.destination_by_id.get(progress.first)

    def first(self) -> Move:
        action = self.ring(self.progress.first, None)
        return self.move(action, 0) if action else self.onward()

    def onward(self) -> Move:
        steps = self.governing.fallback if self.governing else ()
        for index in range(self.progress.step, len(steps)):
            if action := self.take(steps[index], index):
                return self.move(action, index + 1)
        if self.progress.step <= len(steps) and (action := self.ring_default()):
            return self.move(action, len(steps) + 1)
        if self.hope and not self.progress.tried:
            return self.move(Ring(self.hope), len(steps) + 1)
        return self.close()

    def close(self) -> Move:
        """The ending, once: a call that comes back from it is over."""
        last = len(self.governing.fallback if self.governing else ()) + 2
        return self.move(self.ending() if self.progress.step < last else HangUp(), last)

    def move(self, action: Action, step: int) -> Move:
        rung = (action.destination,) if isinstance(action, Ring) else ()
        progress = Progress(self.progress.first, step, (*self.progress.tried, *rung))
        return Move(action, progress, tuple(self.passed))

    def take(self, step: FallbackStep, index: int) -> Action | None:
        if step.on and self.outcome not in step.on:
            why = f"it is for {', '.join(step.on)}, and the latest outcome is {self.outcome}"
            self.passed.append(PassedOver(step.destination, None, why, index))
            return None
        if step.destination is not None:
            return self.ring(step.destination, index)
        if step.voicemail is not None:
            return TakeMessage(_message(step, self.governing))
        return _speak(step, self.governing) if step.say is not None else HangUp()

    def ring(self, destination_id: str, index: int | None) -> Ring | None:
        """Ring it, or note why not."""
        reason = self.obstacle(destination_id)
        if reason is None:
            return Ring(destination_id)
        if isinstance(reason, Unavailable):
            self.hope = self.hope or (destination_id if reason.may_ring else None)
            self.outcome = reason.outcome
            self.passed.append(PassedOver(destination_id, reason.outcome, reason.why, index))
        else:
            self.passed.append(PassedOver(destination_id, None, reason, index))
        return None

    def obstacle(self, destination_id: str) -> Unavailable | str | None:
        """Why this destination is not rung now; words alone leave the latest outcome as it is."""
        destination = self.configuration.destination_by_id.get(destination_id)
        if destination is None:
            return Unavailable(Outcome.FAILED, "there is no destination of that name")
        if destination_id in self.progress.tried:
            return "it was tried already"
        if len(self.progress.tried) >= self.configuration.policy.max_steps:
            return f"max_steps is reached: a call tries no more than {self.configuration.policy.max_steps}"
        if not destination.enabled:
            return Unavailable(Outcome.CLOSED, "it is turned off")
        found = self.unavailable(destination)
        return Unavailable(found, WHY.get(found, "it cannot be called now")) if isinstance(found, Outcome) else found

    def ring_default(self) -> Ring | None:
        default = self.configuration.default_destination
        if default in self.progress.tried or any(passed.destination == default for passed in self.passed):
            return None
        return self.ring(default, None)

    def ending(self) -> Action:
        """The ending is one text for all calls, so it speaks like the default destination unless it says otherwise."""
        ending = self.configuration.ending
        speaker = self.configuration.destination_by_id.get(self.configuration.default_destination)
        if ending.voicemail is not None:
            return TakeMessage(_message(ending, speaker))
        return _speak(ending, speaker) if ending.say is not None else HangUp()


def _speak(step: FallbackStep | Ending, speaker: Destination | None) -> Speak:
    language = step.language or (speaker.language if speaker else "en-US")
    voice = step.voice or (speaker.voice if speaker and not step.language else None)
    return Speak(step.say or "", language, voice)


def _message(step: FallbackStep | Ending, speaker: Destination | None) -> Voicemail:
    """A greeting without a language of its own or of its step is spoken in language and voice of the destination."""
    voicemail = step.voicemail or Voicemail()
    language, voice = voicemail.language or step.language, voicemail.voice or step.voice
    if not language and speaker is not None:
        language, voice = speaker.language, voice or speaker.voice
    return voicemail.model_copy(update={"language": language, "voice": voice})
