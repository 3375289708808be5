"""The impact of a version: which of the stored calls would go somewhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

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


class Unmoved(Enum):
    STAYS = "stays"
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True)
class Impact:
    """`compared` calls were played; of `left_out` nobody can say: their facts have expired, or a secret that was never
    stored would decide."""

    compared: int
    left_out: int
    moved: tuple[Moved, ...]

    @classmethod
    def of(cls, compared: Iterable[Moved | Unmoved]) -> Impact:
        known = list(compared)
        left_out = sum(one is Unmoved.LEFT_OUT for one in known)
        return cls(len(known) - left_out, left_out, tuple(one for one in known if isinstance(one, Moved)))

    def __str__(self) -> str:
        return f"{len(self.moved)} of {self.compared} would go somewhere else"


def compare(
    records: Iterable[CallRecord], before: Published, after: Published, *, began_with: BeganWith = lambda _: None
) -> Iterator[Moved | Unmoved]:
    """One answer for each call, so that a long run can show its progress. Raises nothing.

    Both versions are played with the same call: what differs then comes from the versions and from nothing else.
    """
    for record in records:
        yield _compared(record, before, after, began_with)


def impact(
    records: Iterable[CallRecord], before: Published, after: Published, *, began_with: BeganWith = lambda _: None
) -> Impact:
    return Impact.of(compare(records, before, after, began_with=began_with))


def _compared(record: CallRecord, before: Published, after: Published, began_with: BeganWith) -> Moved | Unmoved:
    origin = began_with(record)
    try:
        old = play_again(record, before, began_with=origin)
        new = play_again(record, after, began_with=origin)
    except NotReplayableError:
        return Unmoved.LEFT_OUT
    if old.unknown or new.unknown:
        return Unmoved.LEFT_OUT
    return Moved(record.call_sid, old, new) if _way(old) != _way(new) else Unmoved.STAYS


def _way(simulation: Simulation) -> tuple[object, ...]:
    """The same destination at another number is somewhere else."""
    return simulation.path, simulation.ends, [step.rings for step in simulation.steps]
