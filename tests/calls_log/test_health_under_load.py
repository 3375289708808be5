"""A destination that fails and recovers while 40 calls a second want it: who is sent there, and who is not."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from random import Random

from handoff_rules.outcomes import Outcome
from webapp.calls.health import HealthBoard

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
A_SECOND, PROCESSES = 40, 4
FAILS_AFTER, ANSWERS_AFTER = 4.0, 8.0
"""Seconds: a failure is known sooner than an answer, as on a real line."""


def calls(seconds: int, fails: Callable[[float], bool]) -> Iterator[tuple[float, bool]]:
    """Each call: its second, and whether it was sent to the destination. `fails` says which attempts do."""
    now = [0.0]
    boards = [HealthBoard(lambda: NOON + timedelta(seconds=now[0])) for _ in range(PROCESSES)]
    told: dict[str, str] = {}
    waiting: list[tuple[float, int, Outcome | None]] = [
        (number / A_SECOND, number, None) for number in range(seconds * A_SECOND)
    ]
    while waiting:
        now[0], number, outcome = heapq.heappop(waiting)
        board = boards[number % PROCESSES]
        board.learn(told)
        if outcome is not None:
            if paused := board.record("desk", outcome, str(number)):
                told["desk"] = paused
            continue
        is_sent = "desk" not in board.failing()
        if is_sent:
            board.trying("desk")
            failed = fails(now[0])
            known = now[0] + (FAILS_AFTER if failed else ANSWERS_AFTER)
            heapq.heappush(waiting, (known, number, Outcome.FAILED if failed else Outcome.ANSWERED))
        yield now[0], is_sent


def test_an_outage_costs_few_callers_and_ends_by_itself() -> None:
    went = list(calls(900, lambda at: 300 <= at < 500))
    during = sum(is_sent for at, is_sent in went if 306 <= at < 500)
    assert during <= 4 * PROCESSES, "one caller of each process after each pause"
    assert all(is_sent for at, is_sent in went if at < 300)
    assert all(is_sent for at, is_sent in went if at >= 500 + 120 + 2 * ANSWERS_AFTER)


def test_a_few_failures_among_many_answers_never_close_a_destination_again_that_has_recovered() -> None:
    chance = Random(3)
    went = list(calls(1500, lambda at: 300 <= at < 500 or chance.random() < 0.02))
    later = [is_sent for at, is_sent in went if at >= 900]
    assert sum(later) >= 0.99 * len(later)
