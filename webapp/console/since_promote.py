"""What became of the calls since the version in production was put there: watched for a day after a promote."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from webapp.calls.wanted import Wanted
from webapp.configurations.records import Promoted
from webapp.console.call_words import ELSEWHERE, FAILED, REACHED
from webapp.console.frame import site_zone
from webapp.console.needs import needs
from webapp.people.store_away import STORE_AWAY

WATCHED = timedelta(hours=24)
MOST, SHOWN = 500, 5
"""The latest calls that are counted, and the destinations that are named: it is asked for every few seconds."""


@dataclass(frozen=True, slots=True)
class SincePromote:
    """Calls that began with this version since then; `ways` are the destinations that took most of them, with counts.

    `open` calls have not ended, as far as is known. `is_whole` False: there were more than these `calls`.
    `since` is the moment as the filter of the list of calls takes it.
    """

    promoted: Promoted
    since: str
    calls: int
    reached: int
    elsewhere: int
    failed: int
    open: int
    ways: tuple[tuple[str, int], ...]
    is_whole: bool

    @property
    def back_to(self) -> int | None:
        """Where a roll back leads: to the version before, unless this one is itself what was gone back to."""
        before = self.promoted.before
        return before.number if before and before.number < self.promoted.version.number else None


def since_promote() -> SincePromote | None:
    """None when the last promote is longer ago, when there was none, and when the store does not answer."""
    promoted = needs().live.promoted
    if promoted is None or promoted.before is None or needs().clock() - promoted.at > WATCHED:
        return None
    since_ms = int(promoted.at.timestamp() * 1000)
    wanted = Wanted(environment="production", version=str(promoted.version.number), since_ms=since_ms)
    try:
        found = needs().calls.find(wanted, limit=MOST)
    except STORE_AWAY:
        return None
    ends = [call.ends for call in found.calls]
    ways = Counter(call.destination for call in found.calls if call.destination)
    return SincePromote(
        promoted=promoted,
        since=f"{promoted.at.astimezone(site_zone()):%Y-%m-%dT%H:%M}",
        calls=len(ends),
        reached=sum(end in REACHED for end in ends),
        elsewhere=sum(end in ELSEWHERE for end in ends),
        failed=sum(end in FAILED for end in ends),
        open=sum(not end for end in ends),
        ways=tuple(ways.most_common(SHOWN)),
        is_whole=found.next_before is None,
    )
