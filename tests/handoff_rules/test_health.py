"""The health of a destination: one reaction to repeated failures, bounded, and undone by itself."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from handoff_rules.health import DEFAULT_LIMITS, Health, change, is_failing, is_on_trial, record
from handoff_rules.outcomes import Outcome

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def after(*events: tuple[float, Outcome], health: Health | None = None) -> Health:
    health = health or Health()
    for seconds, outcome in events:
        health = record(health, outcome, NOON + timedelta(seconds=seconds))
    return health


def failing(health: Health, seconds: float) -> bool:
    return is_failing(health, NOON + timedelta(seconds=seconds))


THREE_FAILURES = ((0.0, Outcome.FAILED), (1.0, Outcome.FAILED), (2.0, Outcome.FAILED))


def test_three_failures_within_the_window_pause_a_destination_for_half_a_minute() -> None:
    health = after(*THREE_FAILURES)
    assert failing(health, 2)
    assert failing(health, 31)
    assert not failing(health, 33)


def test_two_failures_or_three_far_apart_do_not() -> None:
    assert not failing(after(*THREE_FAILURES[:2]), 2)
    assert not failing(after((0, Outcome.FAILED), (200, Outcome.FAILED), (400, Outcome.FAILED)), 400)


def test_failures_among_many_calls_that_arrive_do_not() -> None:
    arriving = [(float(second), Outcome.ANSWERED) for second in range(10)]
    assert not failing(after(*arriving, (10, Outcome.FAILED), (11, Outcome.FAILED), (12, Outcome.FAILED)), 12)


def test_a_busy_or_declining_line_is_healthy() -> None:
    assert not failing(after(*[(float(n), Outcome.BUSY) for n in range(9)], (9, Outcome.DECLINED)), 9)


def test_a_caller_who_hangs_up_says_nothing_about_the_destination() -> None:
    assert after((0, Outcome.CALLER_HUNG_UP), (1, Outcome.CLOSED), (2, Outcome.UNCONFIRMED)) == Health()


def test_after_the_pause_one_failure_is_enough_for_a_longer_one() -> None:
    health = after(*THREE_FAILURES, (40, Outcome.FAILED))
    assert failing(health, 99)
    assert not failing(health, 101)


def test_after_the_pause_one_answer_makes_it_healthy_again() -> None:
    paused = after(*THREE_FAILURES)
    health = after((40, Outcome.ANSWERED), health=paused)
    assert change(paused, health) == "recovered"
    assert not failing(after((41, Outcome.FAILED), (42, Outcome.FAILED), health=health), 42)


def test_a_destination_that_fails_again_soon_is_paused_for_longer_and_one_that_was_well_for_long_is_not() -> None:
    recovered = after(*THREE_FAILURES, (40, Outcome.ANSWERED))
    again = tuple((100 + at, outcome) for at, outcome in THREE_FAILURES)
    assert failing(after(*again, health=recovered), 150)
    much_later = tuple((5000 + at, outcome) for at, outcome in THREE_FAILURES)
    assert not failing(after(*much_later, health=recovered), 5035)


def test_reports_that_arrive_during_the_pause_do_not_make_it_longer() -> None:
    health = after(*THREE_FAILURES)
    assert after((5, Outcome.FAILED), (6, Outcome.ANSWERED), health=health) == health


def ended(health: Health, seconds: float, talked: float) -> Health:
    """The end of a conversation that had lasted so long."""
    return record(health, Outcome.ANSWERED, NOON + timedelta(seconds=seconds), talked_seconds=talked)


def test_conversations_that_began_long_before_do_not_hide_that_nobody_is_reached_now() -> None:
    health = Health()
    for number in range(20):
        health = ended(health, number, talked=1200)
    assert failing(after((21, Outcome.FAILED), (22, Outcome.FAILED), (23, Outcome.FAILED), health=health), 23)


def test_the_end_of_a_conversation_that_began_before_the_pause_is_no_recovery() -> None:
    paused = after(*THREE_FAILURES)
    assert ended(paused, 40, talked=60) == paused
    assert change(paused, ended(paused, 60, talked=20)) == "recovered", "that one began after the pause"


def test_a_conversation_counts_at_the_moment_when_it_began() -> None:
    health = after((100, Outcome.FAILED), (101, Outcome.FAILED))
    assert [at - NOON.timestamp() for at, _ in ended(health, 110, talked=60).results] == [50, 100, 101]


def test_a_destination_of_which_nobody_tells_anything_is_not_on_trial_for_long() -> None:
    """A REFER that is never confirmed says nothing, and the callers behind it must not wait for it."""
    paused = after(*THREE_FAILURES)
    ended_at = paused.paused_until - NOON.timestamp()
    on_trial = [is_on_trial(paused, NOON + timedelta(seconds=ended_at + seconds)) for seconds in (-1, 0, 59, 61)]
    assert on_trial == [False, True, True, False]
    assert not is_on_trial(after((ended_at + 1, Outcome.BUSY), health=paused), NOON + timedelta(seconds=ended_at + 2))


def test_the_change_to_failing_is_reported_once() -> None:
    before, paused = after(*THREE_FAILURES[:2]), after(*THREE_FAILURES)
    assert change(before, paused) == "failing"
    assert change(paused, after((5, Outcome.FAILED), health=paused)) is None


def test_a_failing_attempt_is_never_reported_as_a_recovery_however_long_the_silence() -> None:
    paused = after(*THREE_FAILURES)
    assert change(paused, after((5000, Outcome.FAILED), health=paused)) is None


def test_the_first_attempt_that_arrives_after_a_long_silence_is_reported_as_the_recovery() -> None:
    failed_again = after(*THREE_FAILURES, (5000, Outcome.FAILED))
    assert change(failed_again, after((5001, Outcome.ANSWERED), health=failed_again)) == "recovered"


def test_a_stored_health_that_lies_cannot_stop_calls_for_long() -> None:
    assert not failing(Health(paused_until=NOON.timestamp() + 10**9, pauses=99), 0)
    assert Health.from_plain({"results": "x"}) == Health()


def test_the_longest_pause_is_five_minutes_and_it_is_a_pause() -> None:
    health, at = after(*THREE_FAILURES), 2.0
    for _ in range(8):
        at = health.paused_until - NOON.timestamp() + 1
        health = after((at, Outcome.FAILED), health=health)
    assert failing(health, at + 299)
    assert not failing(health, at + 300)


events = st.lists(st.tuples(st.floats(0.1, 900), st.sampled_from(list(Outcome))), max_size=60)


@given(events)
def test_whatever_happens_a_pause_is_bounded_and_the_memory_too(steps: list[tuple[float, Outcome]]) -> None:
    health, at = Health(), NOON
    for seconds, outcome in steps:
        at += timedelta(seconds=seconds)
        health = record(health, outcome, at)
        assert not is_failing(health, at + timedelta(seconds=DEFAULT_LIMITS.longest_pause_seconds))
        assert len(health.results) <= DEFAULT_LIMITS.most_results
        assert Health.from_plain(json.loads(json.dumps(health.to_plain()))) == health
