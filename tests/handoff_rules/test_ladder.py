"""The ladder: what is rung, what follows which outcome, and that every call comes to an end."""

from __future__ import annotations

from typing import Any

import pytest

from handoff_rules.configuration import Configuration
from handoff_rules.destinations import Destination
from handoff_rules.ladder import (
    HangUp,
    Progress,
    Ring,
    Speak,
    TakeMessage,
    Unavailable,
    first_step,
    next_step,
)
from handoff_rules.outcomes import STARTS_NO_STEP, Outcome


def configuration(*fallback: dict[str, Any], **changes: Any) -> Configuration:
    """A hotel whose `billing` has this fallback; `front-desk` is the default."""
    document: dict[str, Any] = {
        "schema": 1,
        "name": "Example Hotel",
        "default_destination": "front-desk",
        "ending": {"say": "Goodbye."},
        "destinations": [
            {"id": "billing", "name": "Billing", "route": "+14155550101", "fallback": fallback},
            {"id": "spa", "name": "Spa", "route": "+14155550102"},
            {
                "id": "front-desk",
                "name": "Front desk",
                "route": "+14155550100",
                "language": "de-DE",
                "voice": "Marlene",
            },
        ],
    }
    return Configuration.model_validate(document | changes)


def closed(*ids: str) -> Any:
    def availability(destination: Destination) -> Outcome | None:
        return Outcome.CLOSED if destination.id in ids else None

    return availability


def test_the_decided_destination_is_rung_first() -> None:
    move = first_step(configuration(), "billing")
    assert move.action == Ring("billing")
    assert move.progress == Progress("billing", 0, ("billing",))


def test_a_busy_line_moves_on_to_the_fallback() -> None:
    hotel = configuration({"destination": "spa", "on": ["busy"]})
    move = next_step(hotel, first_step(hotel, "billing").progress, Outcome.BUSY)
    assert move is not None
    assert move.action == Ring("spa")
    assert move.progress == Progress("billing", 1, ("billing", "spa"))


def test_a_step_that_is_not_for_the_outcome_is_passed_over_with_the_reason() -> None:
    hotel = configuration({"voicemail": {}, "on": ["no_answer"]}, {"destination": "spa"})
    move = next_step(hotel, first_step(hotel, "billing").progress, Outcome.BUSY)
    assert move is not None
    assert move.action == Ring("spa")
    assert [(passed.destination, passed.outcome, passed.step) for passed in move.passed_over] == [(None, None, 0)]
    assert move.passed_over[0].why == "it is for no_answer, and the latest outcome is busy"


def test_a_closed_destination_is_passed_over_and_its_outcome_becomes_the_latest() -> None:
    hotel = configuration({"destination": "spa", "on": ["busy"]}, {"voicemail": {}, "on": ["closed"]})
    move = next_step(hotel, first_step(hotel, "billing").progress, Outcome.BUSY, closed("spa"))
    assert move is not None
    assert isinstance(move.action, TakeMessage)
    assert [(passed.destination, passed.outcome) for passed in move.passed_over] == [("spa", Outcome.CLOSED)]
    assert move.progress.tried == ("billing",)


def test_a_closed_first_destination_goes_straight_to_its_fallback() -> None:
    hotel = configuration({"destination": "spa", "on": ["closed"]})
    move = first_step(hotel, "billing", closed("billing"))
    assert move.action == Ring("spa")
    assert move.passed_over[0].why == "it is closed now"


def test_a_destination_that_is_turned_off_counts_as_closed() -> None:
    document = configuration({"voicemail": {}, "on": ["closed"]}).to_document()
    document["destinations"][0]["enabled"] = False
    move = first_step(Configuration.model_validate(document), "billing")
    assert isinstance(move.action, TakeMessage)
    assert move.passed_over[0].why == "it is turned off"


def test_the_reason_may_come_with_the_outcome() -> None:
    hotel = configuration({"destination": "spa", "on": ["blocked"]})
    why = Unavailable(Outcome.BLOCKED, "the number belongs to JM")
    move = first_step(hotel, "billing", lambda d: why if d.id == "billing" else None)
    assert move.action == Ring("spa")
    assert (move.passed_over[0].outcome, move.passed_over[0].why) == (Outcome.BLOCKED, "the number belongs to JM")


def test_a_used_up_ladder_rings_the_default_destination_and_then_the_ending_speaks() -> None:
    hotel = configuration({"destination": "spa"})
    progress = first_step(hotel, "billing").progress
    actions = []
    for _ in range(4):
        move = next_step(hotel, progress, Outcome.NO_ANSWER)
        assert move is not None
        actions.append(move.action)
        progress = move.progress
    assert actions == [Ring("spa"), Ring("front-desk"), Speak("Goodbye.", "de-DE", "Marlene"), HangUp()]


def test_the_default_destination_is_not_tried_twice() -> None:
    hotel = configuration({"destination": "front-desk"})
    progress = first_step(hotel, "billing").progress
    move = next_step(hotel, progress, Outcome.BUSY)
    assert move is not None
    ending = next_step(hotel, move.progress, Outcome.BUSY)
    assert ending is not None
    assert ending.action == Speak("Goodbye.", "de-DE", "Marlene")


def test_a_second_step_to_the_same_destination_is_passed_over() -> None:
    hotel = configuration({"destination": "billing"}, {"hang_up": True})
    move = next_step(hotel, first_step(hotel, "billing").progress, Outcome.FAILED)
    assert move is not None
    assert move.action == HangUp()
    assert move.passed_over[0].why == "it was tried already"


def test_the_ladder_of_a_fallback_destination_is_not_entered() -> None:
    document = configuration({"destination": "spa"}).to_document()
    document["destinations"][1]["fallback"] = [{"say": "The spa says no."}]
    hotel = Configuration.model_validate(document)
    move = next_step(hotel, first_step(hotel, "billing").progress, Outcome.BUSY)
    assert move is not None
    after = next_step(hotel, move.progress, Outcome.BUSY)
    assert after is not None
    assert after.action == Ring("front-desk")


def test_no_more_destinations_than_the_policy_says_but_voicemail_still_serves() -> None:
    hotel = configuration({"destination": "spa"}, {"voicemail": {}}, policy={"max_steps": 1})
    move = next_step(hotel, first_step(hotel, "billing").progress, Outcome.BUSY)
    assert move is not None
    assert isinstance(move.action, TakeMessage)
    assert move.passed_over[0].why == "max_steps is reached: a call tries no more than 1"


@pytest.mark.parametrize("outcome", sorted(STARTS_NO_STEP))
def test_a_call_that_is_taken_or_gone_starts_no_step(outcome: Outcome) -> None:
    hotel = configuration({"destination": "spa"})
    assert next_step(hotel, first_step(hotel, "billing").progress, outcome) is None


def test_a_destination_that_does_not_exist_leaves_the_call_to_the_default() -> None:
    move = first_step(configuration(), "reception")
    assert move.action == Ring("front-desk")
    assert move.progress.first == "front-desk"
    assert move.passed_over[0].why == "there is no destination of that name"


def test_a_spoken_step_speaks_like_the_destination_unless_it_names_a_language() -> None:
    hotel = configuration({"say": "Bonjour.", "language": "fr-FR"})
    move = next_step(hotel, first_step(hotel, "billing").progress, Outcome.BUSY)
    assert move is not None
    assert move.action == Speak("Bonjour.", "fr-FR", None)


def test_a_voicemail_without_a_language_speaks_like_the_destination() -> None:
    hotel = configuration(default_destination="front-desk", ending={"voicemail": {"greeting": "Nach dem Ton."}})
    move = first_step(hotel, "front-desk", closed("front-desk"))
    assert isinstance(move.action, TakeMessage)
    assert (move.action.voicemail.language, move.action.voicemail.voice) == ("de-DE", "Marlene")
    assert [passed.destination for passed in move.passed_over] == ["front-desk"]


def test_a_voicemail_speaks_as_its_step_or_the_ending_says_and_its_own_words_come_first() -> None:
    french = {"voicemail": {"greeting": "Parlez."}, "language": "fr-FR", "voice": "Polly.Lea"}
    own = {"voicemail": {"greeting": "Parlez.", "language": "fr-CA"}, "language": "fr-FR"}
    for step, speaks in ((french, ("fr-FR", "Polly.Lea")), (own, ("fr-CA", None))):
        billing = configuration(step)
        desk = configuration(ending=step)
        for move in (
            next_step(billing, first_step(billing, "billing").progress, Outcome.BUSY),
            first_step(desk, "front-desk", closed("front-desk")),
        ):
            assert move is not None
            assert isinstance(move.action, TakeMessage)
            assert (move.action.voicemail.language, move.action.voicemail.voice) == speaks


def failing(*ids: str) -> Any:
    def availability(destination: Destination) -> Unavailable | None:
        return Unavailable(Outcome.FAILED, "failing", may_ring=True) if destination.id in ids else None

    return availability


def test_where_all_are_failing_the_one_that_was_decided_on_is_rung_before_the_ending() -> None:
    hotel = configuration({"destination": "spa"})
    move = first_step(hotel, "billing", failing("billing", "spa", "front-desk"))
    assert move.action == Ring("billing")
    after = next_step(hotel, move.progress, Outcome.FAILED, failing("billing", "spa", "front-desk"))
    assert after is not None
    assert isinstance(after.action, Speak)


def test_a_failing_destination_is_not_rung_where_another_was() -> None:
    hotel = configuration({"destination": "spa"})
    move = first_step(hotel, "billing", failing("spa", "front-desk"))
    after = next_step(hotel, move.progress, Outcome.BUSY, failing("spa", "front-desk"))
    assert after is not None
    assert isinstance(after.action, Speak)


def test_a_failing_destination_is_not_rung_before_a_voicemail() -> None:
    move = first_step(configuration({"voicemail": {}}), "billing", failing("billing", "front-desk"))
    assert isinstance(move.action, TakeMessage)
