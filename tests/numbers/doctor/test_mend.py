"""`handoff doctor --fix` mends what is safe, keeps what was there for undo, and never moves a call."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from tests.messaging.rest_stand_in import always, problem
from tests.numbers.test_numbers import BASE, E164, Shell, account_with
from webapp.commands.doctor import doctor_command
from webapp.commands.numbers import numbers_command
from webapp.numbers.recommended import FRAGMENT

OURS = {"voice_url": f"{BASE}/voice/call#{FRAGMENT}", "voice_fallback_url": "https://handler.twilio.com/twiml/EH1"}
ELSEWHERE = {"voice_url": "https://other.example.com/voice"}
TAKEN = OURS | {"trunk_sid": "TK" + "1" * 32}


def mended(redis: Redis, directory: Path, settings: dict[str, Any], *options: str) -> Shell:
    shell = Shell(redis, directory, account_with(**settings))
    shell.run(doctor_command, "--fix", *options)
    return shell


def test_a_number_that_leads_here_is_set_as_recommended(redis: Redis, tmp_path: Path) -> None:
    shell = mended(redis, tmp_path, OURS | {"voice_method": "GET", "status_callback": ""})
    assert shell.run(numbers_command, "check", E164).exit_code == 0


def test_what_was_mended_can_be_given_back(redis: Redis, tmp_path: Path) -> None:
    shell = mended(redis, tmp_path, OURS | {"voice_method": "GET"})
    shell.run(numbers_command, "disconnect", E164)
    assert shell.twilio.numbers[0]["voice_method"] == "GET"


@pytest.mark.parametrize("settings", [ELSEWHERE, TAKEN], ids=["elsewhere", "taken over"])
def test_a_number_whose_calls_go_elsewhere_is_left_alone(
    redis: Redis, tmp_path: Path, settings: dict[str, Any]
) -> None:
    shell = Shell(redis, tmp_path, account_with(**OURS | {"voice_method": "GET"}))
    shell.twilio.add_number("+14155550101", **settings)
    before = dict(shell.twilio.numbers[1])
    shell.run(doctor_command, "--fix")
    assert shell.twilio.numbers[1] == before


def test_offline_nothing_is_changed_at_twilio(redis: Redis, tmp_path: Path) -> None:
    assert mended(redis, tmp_path, OURS | {"voice_method": "GET"}, "--offline").twilio.asked == []


def test_a_refusal_of_twilio_is_told_and_the_checks_are_shown(redis: Redis, tmp_path: Path) -> None:
    shell = Shell(redis, tmp_path, account_with(**OURS | {"voice_method": "GET"}))
    shell.twilio.weather = [always(403, problem(20403, 403, "Forbidden"), on="update_number")]
    shown = shell.run(doctor_command, "--fix")
    assert ("Not mended" in shown.stderr, "Numbers: POST" in shown.stdout) == (True, True)
