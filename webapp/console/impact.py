"""What promoting would do to the calls of the last day: a bounded sample of them, played against both versions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from handoff_rules.outcomes import Ends
from webapp.calls.reader import Sample
from webapp.calls.record import CallRecord
from webapp.configurations.published import Published
from webapp.configurations.version_id import VersionId
from webapp.console.background import Job
from webapp.console.needs import Needs, needs
from webapp.console.sentences import ENDS
from webapp.simulator import Simulation
from webapp.simulator.impact import Moved, Unmoved, compare

HOURS, MOST = 24, 500
"""So many calls of a busier day are played, evenly spread over it."""
SHOWN = 5
MINUTES = 10
"""After so long the calls of the last day are others, and they are played again."""


@dataclass(frozen=True, slots=True)
class Way:
    """How many calls go from one place to another; without a `before` they stay at the place, at another address."""

    count: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Impact:
    """`total` calls came in the time, `played` of `sampled` were compared so far and `moved` go somewhere else. Of
    `left_out` nobody can say."""

    total: int
    sampled: int
    played: int
    moved: int
    left_out: int
    ways: tuple[Way, ...]
    is_over: bool
    has_failed: bool = False

    @property
    def share(self) -> float:
        return self.moved / self.played if self.played else 0.0


def look_at(production: Published, sandbox: Published, names: Mapping[str, str]) -> Impact:
    """How far the work for this pair of versions is; the first look begins it."""
    house = needs()
    period = int(house.clock().timestamp()) // (MINUTES * 60)
    key = ("impact", production.version, sandbox.version, period)
    return _told(house.jobs.of(key, partial(_play, house, production, sandbox)), names)


def _play(house: Needs, production: Published, sandbox: Published) -> Iterator[Sample | Moved | Unmoved]:
    sample = house.records.sample(house.clock() - timedelta(hours=HOURS), MOST)
    yield sample
    records = (record for record in sample.calls if record.environment != "sandbox")
    yield from compare(records, production, sandbox, began_with=lambda record: _began_with(house, record))


def _began_with(house: Needs, record: CallRecord) -> Published | None:
    try:
        return house.live.version(VersionId.parse(record.version))
    except ValueError:
        return None


def _told(job: Job, names: Mapping[str, str]) -> Impact:
    over = job.is_over  # read first: what is found afterwards belongs to a later look
    sample = next((piece for piece in job.found if isinstance(piece, Sample)), Sample(0, (), iter(())))
    moved = [piece for piece in job.found if isinstance(piece, Moved)]
    counts = Counter(_way(one, names) for one in moved)
    ways = tuple(Way(count, before, after) for (before, after), count in counts.most_common(SHOWN))
    played = sum(isinstance(piece, Moved) or piece is Unmoved.STAYS for piece in job.found)
    left_out = sum(piece is Unmoved.LEFT_OUT for piece in job.found)
    return Impact(sample.total, len(sample.call_sids), played, len(moved), left_out, ways, over, job.has_failed)


def _way(moved: Moved, names: Mapping[str, str]) -> tuple[str, str]:
    before, after = _reached(moved.before, names), _reached(moved.after, names)
    return (before, after) if before != after else ("", f"as before ({after}), at another number or address")


def _reached(simulation: Simulation, names: Mapping[str, str]) -> str:
    """Where a caller ends up: who was rung last, or what happened instead."""
    if simulation.path and simulation.ends in (Ends.ANSWERED, Ends.REFERRED, Ends.UNCONFIRMED):
        return names.get(simulation.path[-1], simulation.path[-1])
    return ENDS[simulation.ends]
