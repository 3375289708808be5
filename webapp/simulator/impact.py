"""The impact of a version: which of the stored calls would go somewhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from webapp.calls.record import CallRecord
from webapp.configurations import Published
from webapp.simulator.replay import NotReplayableError, play_again
from webapp.simulator.result import Simulation

BeganWith = Callable[[CallRecord], Published | None]


@dataclass(frozen=True, slots=True)
class Moved:
    """One call that would go another way."""

    call_sid: str
    before: Simulation
    after: Simulation


@dataclass(frozen=True, slots=True)
class Impact:
    """`compared` calls were played; `left_out` could not be, because their facts have expired."""

    compared: int
    left_out: int
    moved: tuple[Moved, ...]

    def __str__(self) -> str:
        return f"{len(self.moved)} of {self.compared} would go somewhere else"


def compare(
    records: Iterable[CallRecord], before: Published, after: Published, *, began_with: BeganWith = lambda _: None
) -> Iterator[Moved | None]:
    """One answer for each call, so that a long run can show its progress: None for a call that stays as it is.

    Both versions are played with the same call: what differs then comes from the versions and from nothing else.
    Raises nothing: a call without facts gives None as well; count those with `is_playable`.
    """
    for record in records:
        yield _compared(record, before, after, began_with) if is_playable(record) else None


def impact(
    records: Iterable[CallRecord], before: Published, after: Published, *, began_with: BeganWith = lambda _: None
) -> Impact:
    known = list(records)
    moved = tuple(one for one in compare(known, before, after, began_with=began_with) if one is not None)
    played = sum(is_playable(record) for record in known)
    return Impact(played, len(known) - played, moved)


def is_playable(record: CallRecord) -> bool:
    return record.facts is not None


def _compared(record: CallRecord, before: Published, after: Published, began_with: BeganWith) -> Moved | None:
    origin = began_with(record)
    try:
        old = play_again(record, before, began_with=origin)
        new = play_again(record, after, began_with=origin)
    except NotReplayableError:
        return None
    return Moved(record.call_sid, old, new) if _way(old) != _way(new) else None


def _way(simulation: Simulation) -> tuple[object, ...]:
    """The same destination at another number is somewhere else."""
    return simulation.path, simulation.ends, [step.rings for step in simulation.steps]
