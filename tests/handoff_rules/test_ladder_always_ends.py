"""Every ladder ends: by random configurations, and by walking each possible one of a small model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from handoff_rules.configuration import Configuration
from handoff_rules.destinations import Destination
from handoff_rules.ladder import HangUp, Move, Ring, Speak, TakeMessage, first_step, next_step
from handoff_rules.outcomes import STARTS_NO_STEP, Outcome

IDS = ["a", "b", "c", "d", "e"]
MOVING = sorted(set(Outcome) - STARTS_NO_STEP)
OBSTACLES = [Outcome.CLOSED, Outcome.BLOCKED, Outcome.FAILED]


def configuration(
    fallbacks: dict[str, list[dict[str, Any]]], ending: dict[str, Any], max_steps: int, ids: list[str] = IDS
) -> Configuration:
    return Configuration.model_validate(
        {
            "schema": 1,
            "name": "Any",
            "default_destination": ids[0],
            "ending": ending,
            "destinations": [{"id": i, "name": i, "method": "BYE", "fallback": fallbacks.get(i, [])} for i in ids],
            "policy": {"max_steps": max_steps},
        }
    )


def play(
    any_configuration: Configuration, first: str, outcomes: Iterator[Outcome], unavailable: Callable[..., Any]
) -> list[Move]:
    """All moves of a call that nobody ever takes."""
    move: Move | None = first_step(any_configuration, first, unavailable)
    moves = []
    while move is not None:
        moves.append(move)
        if not isinstance(move.action, Ring):
            return moves
        assert len(moves) < 100, "this ladder does not end"
        move = next_step(any_configuration, move.progress, next(outcomes), unavailable)
    return moves


def assert_it_ended_well(moves: list[Move], max_steps: int) -> None:
    rung = [move.action.destination for move in moves if isinstance(move.action, Ring)]
    assert len(rung) == len(set(rung)), "a destination was rung twice"
    assert len(rung) <= max_steps
    assert isinstance(moves[-1].action, TakeMessage | Speak | HangUp)
    assert moves[-1].progress.tried == tuple(rung)
    assert [move.progress.step for move in moves] == sorted(move.progress.step for move in moves)


on = st.lists(st.sampled_from(list(Outcome)), max_size=3)
ways = st.one_of(
    st.fixed_dictionaries({"destination": st.sampled_from([*IDS, "unknown"]), "on": on}),
    st.fixed_dictionaries({"voicemail": st.just({}), "on": on}),
    st.fixed_dictionaries({"say": st.just("Sorry."), "on": on}),
    st.fixed_dictionaries({"hang_up": st.just(True), "on": on}),
)
endings = st.sampled_from([{"say": "Goodbye."}, {"voicemail": {}}, {"hang_up": True}])


@settings(max_examples=400, deadline=None)
@given(
    fallbacks=st.dictionaries(st.sampled_from(IDS), st.lists(ways, max_size=6)),
    ending=endings,
    max_steps=st.integers(1, 8),
    first=st.sampled_from([*IDS, "unknown"]),
    outcomes=st.lists(st.sampled_from(MOVING), min_size=12, max_size=12),
    obstacles=st.dictionaries(st.sampled_from(IDS), st.sampled_from(OBSTACLES)),
)
def test_every_call_ends_in_an_ending_and_rings_nobody_twice(
    *, fallbacks: Any, ending: Any, max_steps: int, first: str, outcomes: list[Outcome], obstacles: dict[str, Outcome]
) -> None:
    def unavailable(destination: Destination) -> Outcome | None:
        return obstacles.get(destination.id)

    moves = play(configuration(fallbacks, ending, max_steps), first, iter(outcomes), unavailable)
    assert_it_ended_well(moves, max_steps)
    assert not {move.action.destination for move in moves if isinstance(move.action, Ring)} & set(obstacles)


def test_each_ladder_of_a_small_model_ends() -> None:
    """Three destinations, two steps of each kind and condition, every availability, outcome and limit: all of them."""
    ids = ["a", "b", "c"]
    outcomes = [Outcome.BUSY, Outcome.FAILED]
    steps: list[dict[str, Any]] = [{"destination": i, "on": o} for i in ids for o in ([], ["busy"], ["closed"])]
    steps += [{"voicemail": {}, "on": ["failed"]}, {"hang_up": True}]
    played = 0
    for ladder in product(steps, repeat=2):
        for max_steps in (1, 2, 3):
            house = configuration({"b": list(ladder)}, {"say": "Goodbye."}, max_steps, ids)
            for closed in product((None, Outcome.CLOSED), repeat=3):
                obstacles = dict(zip(ids, closed, strict=True))
                for far_end in product(outcomes, repeat=3):
                    moves = play(house, "b", iter(far_end), lambda d, o=obstacles: o[d.id])
                    assert_it_ended_well(moves, max_steps)
                    played += 1
    assert played == len(steps) ** 2 * 3 * 8 * 8


@given(st.sampled_from(sorted(STARTS_NO_STEP)), st.lists(ways, max_size=4))
def test_a_call_that_was_taken_or_left_never_moves(outcome: Outcome, fallback: list[dict[str, Any]]) -> None:
    house = configuration({"a": fallback}, {"hang_up": True}, 8)
    assert next_step(house, first_step(house, "a").progress, outcome) is None


def test_asking_on_after_the_end_only_hangs_up() -> None:
    house = configuration({}, {"say": "Goodbye."}, 8)
    move = next_step(house, first_step(house, "a").progress, Outcome.BUSY)
    assert move is not None
    for _ in range(3):
        move = next_step(house, move.progress, Outcome.FAILED)
        assert move is not None
        assert move.action == HangUp()
