"""What the called person hears before the bridge: whose call it is and why, word for word, and no secret."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from tests.scenario_app import Stage, staged
from tests.stand_in import Call
from webapp.store import keys

CALLER, NUMBER, DESK = "+12125550123", "+14155550199", "+14155550100"
CONFIGURATION: dict[str, Any] = {
    "schema": 1,
    "name": "Before the bridge",
    "default_destination": "desk",
    "variables": {"card": {"secret": True, "sample": "4242"}, "caller_id": {}, "intent": {"sample": "booking"}},
    "destinations": [
        {"id": "desk", "name": "Desk", "method": "INVITE", "route": DESK, "screen": "accept", "caller_id": "called",
         "reason": "pays with $card"},
        {"id": "spanish", "name": "Spanish desk", "method": "INVITE", "route": "+14155550102", "screen": "accept",
         "language": "es-US", "voice": "Polly.Lupe"},
        {"id": "finnish", "name": "Finnish desk", "method": "INVITE", "route": "+14155550103", "screen": "accept",
         "language": "fi-FI", "voice": "Polly.Suvi"},
    ],
    "rules": [
        {"id": name, "name": name, "when": {"variable": "called_number", "is": number}, "destination": name}
        for name, number in (("spanish", "+14155550192"), ("finnish", "+14155550193"))
    ],
}  # fmt: skip


@pytest.fixture
def stage(redis_url: str, tmp_path: Path) -> Iterator[Stage]:
    with staged(CONFIGURATION, redis_url, tmp_path) as stage:
        yield stage


def heard(stage: Stage, call: Call) -> str:
    return " ".join(stage.play(call).require().transcript.heard_by_far_end)


def test_the_called_person_hears_the_callers_number_and_not_the_one_that_is_shown(stage: Stage) -> None:
    words = heard(stage, Call())
    assert CALLER in words
    assert NUMBER not in words


def test_a_reason_is_spoken_as_it_is_and_names_no_variable(stage: Stage, redis: Redis) -> None:
    call = Call(seed=7)
    sid = stage.play(call).call_sid
    redis.flushall()
    redis.hset(keys.call_variables(sid), mapping={"card": "4242", "intent": "refund"})
    words = heard(stage, call)
    assert "refund" in words, "the variables were there"
    assert "pays with $card" in words
    assert "4242" not in words


def test_the_words_of_ours_are_in_the_language_and_voice_of_the_destination(stage: Stage) -> None:
    finished = stage.play(Call(to="+14155550192")).require()
    [document] = [each for each in finished.documents if "/voice/screen?" in each.webhook.url]
    assert 'language="es-US" voice="Polly.Lupe">Pulse 1 para aceptar la llamada.' in document.body


def test_a_language_that_we_do_not_speak_hears_english_from_an_english_voice(stage: Stage) -> None:
    finished = stage.play(replace(Call(), to="+14155550193")).require()
    [document] = [each for each in finished.documents if "/voice/screen?" in each.webhook.url]
    assert '<Say language="en-US">Press 1 to take the call.' in document.body


def test_the_called_person_hears_what_the_rule_set_as_the_headers_tell_it(redis_url: str, tmp_path: Path) -> None:
    booking = {"id": "all", "name": "All", "destination": "desk", "set": {"intent": "late booking", "room": "7"}}
    with staged(CONFIGURATION | {"rules": [booking]}, redis_url, tmp_path) as stage:
        assert "intent: late booking" in heard(stage, Call())
