"""What comes of a ring group that nobody took: all its lines count, in whatever order they speak and whichever Twilio
tells the status of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from handoff_rules.outcomes import Outcome
from tests.application import ACCOUNT_SID, BASE_URL
from tests.scenario_app import Stage, staged
from tests.voice.posting import ABOUT, CALLER, CHILD, OTHER_CHILD, PARENT, post, record_of, told, url_in
from webapp import urls
from webapp.calls.timeline import TRANSFERS
from webapp.store import keys

ANNA, BEN = "+14155550101", "+14155550102"
LEGS = {ANNA: CHILD, BEN: OTHER_CHILD}
IS_THERE = {"CallStatus": "in-progress"}
ENDS = ("declined", "machine", "busy", "failed", "no_answer")
CONFIGURATION: dict[str, Any] = {
    "schema": 1, "name": "Two mobiles", "default_destination": "pair",
    "destinations": [
        {"id": "pair", "name": "Pair", "method": "INVITE", "route": [ANNA, BEN], "screen": "accept",
         "machine_detection": True, "fallback": [{"say": f"After {end}.", "on": [end]} for end in ENDS]},
    ],
}  # fmt: skip


@pytest.fixture
def stage(redis_url: str, tmp_path: Path) -> Iterator[Stage]:
    with staged(CONFIGURATION, redis_url, tmp_path) as stage:
        yield stage


def line(number: str, status: str) -> dict[str, str]:
    return ABOUT | {"CallSid": LEGS[number], "ParentCallSid": PARENT, "To": number, "CallStatus": status}


def says(stage: Stage, document: str, number: str, word: str) -> None:
    """This line picks up and says its word, or ends without."""
    status = url_in(document, "statusCallback")
    if word not in ("declined", "machine", "accepted"):
        post(stage, status, line(number, word.replace("_", "-")))
        return
    post(stage, status, line(number, "in-progress"))
    if word == "machine":
        heard = {"AccountSid": ACCOUNT_SID, "CallSid": LEGS[number], "AnsweredBy": "machine_start"}
        post(stage, url_in(document, "amdStatusCallback"), heard)
        return
    gate = post(stage, url_in(document, "url"), line(number, "in-progress"))
    key = "1" if word == "accepted" else "2"
    post(stage, url_in(gate, "action"), line(number, "in-progress") | {"Digits": key})


def rung(stage: Stage, *words: tuple[str, str]) -> str:
    """The document that dialled both, after they spoke."""
    document = post(stage, urls.CALL, CALLER | {"CallStatus": "ringing"})
    for number, word in words:
        says(stage, document, number, word)
    return document


UNBRIDGED = {"DialCallStatus": "completed", "DialBridged": "false"}
SPEAKS_OF_THE_OTHER = {"DialCallStatus": "no-answer"}


@pytest.mark.parametrize("ended", [UNBRIDGED, SPEAKS_OF_THE_OTHER], ids=["of who picked up", "of the other"])
@pytest.mark.parametrize("turn", [0, 1])
@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        (("declined", "machine"), "declined"),
        (("machine", "machine"), "machine"),
        (("declined", "busy"), "declined"),
        (("machine", "failed"), "machine"),
        (("declined", "no_answer"), "no_answer"),
        (("machine", "no_answer"), "no_answer"),
    ],
    ids=lambda value: value if isinstance(value, str) else "+".join(value),
)
def test_a_group_comes_out_as_all_its_lines_say(
    stage: Stage, words: tuple[str, str], outcome: str, turn: int, ended: Mapping[str, str]
) -> None:
    spoken = list(permutations(zip((ANNA, BEN), words, strict=True)))[turn]
    document = rung(stage, *spoken)
    assert f"After {outcome}." in post(stage, url_in(document, "action"), CALLER | IS_THERE | ended)
    assert record_of(stage).attempts[0].outcome == outcome


@pytest.fixture
def plain(redis_url: str, tmp_path: Path) -> Iterator[Stage]:
    """The same two, whom nobody screens."""
    [pair] = CONFIGURATION["destinations"]
    unscreened = {**pair, "screen": "off", "machine_detection": False}
    with staged(CONFIGURATION | {"destinations": [unscreened]}, redis_url, tmp_path) as stage:
        yield stage


@pytest.mark.parametrize(
    ("codes", "outcome"), [(("603", "486"), "declined"), (("603", "480"), "busy")], ids=["all said no", "one rang out"]
)
def test_a_line_that_declines_by_itself_declines_for_all_where_no_other_rang(
    plain: Stage, codes: tuple[str, str], outcome: str
) -> None:
    document = rung(plain)
    for number, code in zip((ANNA, BEN), codes, strict=True):
        post(plain, url_in(document, "statusCallback"), line(number, "busy") | {"SipResponseCode": code})
    answer = post(plain, url_in(document, "action"), CALLER | IS_THERE | {"DialCallStatus": "busy"})
    assert f"After {outcome}." in answer


def test_a_busy_line_of_a_group_that_the_api_took_its_caller_from_moves_nothing(plain: Stage, redis: Redis) -> None:
    document = rung(plain, (ANNA, "busy"))
    redis.hset(keys.call_steps(PARENT), TRANSFERS, "1")
    post(plain, url_in(document, "action"), CALLER | IS_THERE | {"DialCallStatus": "busy"})
    assert told(plain)[-1] == "pair was busy until the API took the call elsewhere"


def test_one_status_of_a_group_counts_where_its_lines_told_nothing(stage: Stage) -> None:
    document = rung(stage)
    assert "After busy." in post(stage, url_in(document, "action"), CALLER | IS_THERE | {"DialCallStatus": "busy"})


def test_a_line_that_speaks_twice_does_not_speak_for_the_other(stage: Stage) -> None:
    document = rung(stage, (ANNA, "declined"), (ANNA, "declined"), (ANNA, "machine"))
    assert "After no_answer." in post(stage, url_in(document, "action"), CALLER | IS_THERE | UNBRIDGED)


def test_whoever_takes_the_call_after_another_has_declined_has_talked(stage: Stage) -> None:
    document = rung(stage, (ANNA, "declined"), (BEN, "accepted"))
    bridged = {"DialCallStatus": "completed", "DialBridged": "true"}
    post(stage, url_in(document, "action"), CALLER | IS_THERE | bridged)
    assert record_of(stage).attempts[0].outcome is Outcome.ANSWERED
    said = told(stage)
    assert f"{ANNA} declined the call" in said
    assert f"{BEN} took the call" in said


def lost(stage: Stage, document: str) -> str:
    failed = {"ErrorCode": "11200", "ErrorUrl": BASE_URL + url_in(document, "action")}
    return post(stage, urls.FALLBACK, CALLER | IS_THERE | failed)


def test_a_fallback_that_is_asked_twice_rings_nobody_after_a_conversation(stage: Stage) -> None:
    document = rung(stage, (ANNA, "declined"), (BEN, "accepted"))
    first = lost(stage, document)
    assert "<Hangup" in first
    assert lost(stage, document) == first


def test_the_lines_count_as_well_where_only_the_answer_was_lost(stage: Stage) -> None:
    document = rung(stage, (ANNA, "declined"), (BEN, "machine"))
    answer = post(stage, url_in(document, "action"), CALLER | IS_THERE | UNBRIDGED)
    assert "After declined." in answer
    assert lost(stage, document) == answer


def test_the_lines_count_as_well_where_the_end_was_never_told(stage: Stage) -> None:
    assert "After declined." in lost(stage, rung(stage, (ANNA, "declined"), (BEN, "machine")))
