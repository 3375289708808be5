"""A worker that cannot work, because Redis is away from the start, is not started again and again at once."""

from __future__ import annotations

from webapp.running_children import Restarts


def pauses(restarts: Restarts, count: int) -> list[int]:
    """How many seconds after each start the next one comes, for a child that ends at once."""
    return [next(second for second in range(1, 100) if restarts.is_due(second)) for _ in range(count)]


def test_a_child_that_keeps_ending_is_started_ever_later() -> None:
    assert pauses(Restarts(), 6) == [3, 5, 9, 17, 17, 17]


def test_a_child_that_has_lived_for_a_while_is_started_again_soon() -> None:
    restarts = Restarts()
    pauses(restarts, 5)
    assert restarts.is_due(3600)
    assert pauses(restarts, 2) == [3, 5]
