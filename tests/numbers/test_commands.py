"""`handoff numbers` with what people type: every mistake is said before anything changes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from redis import Redis

from tests.messaging.rest_stand_in import TwilioAccount, always, problem
from tests.numbers.test_numbers import E164, Shell, account_with
from tests.redis_server import RedisServer
from webapp.commands.numbers import numbers_command
from webapp.configurations.assembly import open_configurations


@pytest.mark.parametrize("option", [("--url", "https://[::1"), ("--fallback-url", "nonsense")])
def test_an_address_that_cannot_be_right_is_a_sentence_and_exit_code_2(
    redis: Redis, tmp_path: Path, option: tuple[str, str]
) -> None:
    shown = Shell(redis, tmp_path, account_with()).run(numbers_command, "connect", E164, *option)
    assert (shown.exit_code, "https://" in shown.stderr) == (2, True)


def fallback(tmp_path: Path, *options: str) -> tuple[int, str]:
    """With a Redis that nobody answers for."""
    environ = {"HANDOFF_DATA_DIR": str(tmp_path), "REDIS_URL": "redis://127.0.0.1:1/0"}
    shown = CliRunner().invoke(numbers_command, ["fallback", *options], env=environ)
    return shown.exit_code, shown.stdout


def test_the_fallback_document_is_made_while_redis_is_away(tmp_path: Path) -> None:
    code, document = fallback(tmp_path, "--to", "+14155550190")
    assert (code, "<Number>+14155550190</Number>" in document) == (0, True)


def test_a_mistyped_destination_makes_no_fallback_document(tmp_path: Path) -> None:
    assert fallback(tmp_path, "--to", "rubbish") == (2, "")


def test_an_account_without_numbers_is_named_as_such(redis: Redis, tmp_path: Path) -> None:
    shown = Shell(redis, tmp_path, TwilioAccount()).run(numbers_command, "check")
    assert shown.stderr == "The account has no numbers.\n"


@pytest.fixture
def shell(redis: Redis, tmp_path: Path) -> Shell:
    """On a store that holds a first version."""
    made = Shell(redis, tmp_path, account_with())
    open_configurations(made.bench.settings, client=redis)
    return made


def listed(shell: Shell) -> Any:
    return json.loads(shell.run(numbers_command, "list", "--json").stdout)[0]


def test_a_number_is_connected_for_the_sandbox_in_one_command(shell: Shell) -> None:
    shell.run(numbers_command, "connect", E164, "--env", "sandbox")
    assert (listed(shell)["environment"], listed(shell)["state"]) == ("sandbox", "connected")


def test_connecting_without_an_environment_leaves_it_as_it_is(shell: Shell) -> None:
    shell.run(numbers_command, "connect", E164, "--env", "sandbox")
    shell.run(numbers_command, "connect", E164)
    assert listed(shell)["environment"] == "sandbox"


def test_a_dry_run_leaves_the_environment_alone(shell: Shell) -> None:
    shell.run(numbers_command, "connect", E164, "--env", "sandbox", "--dry-run")
    assert listed(shell)["environment"] == "production"


def test_the_environment_counts_before_the_number_leads_here(shell: Shell) -> None:
    shell.twilio.weather = [always(403, problem(20403, 403, "Forbidden"), on="update_number")]
    shell.run(numbers_command, "connect", E164, "--env", "sandbox")
    assert listed(shell)["environment"] == "sandbox"


def test_the_list_needs_no_store(tmp_path: Path) -> None:
    with RedisServer() as server:
        away = server.client()
    shown = Shell(away, tmp_path, account_with()).run(numbers_command, "list", "--json")
    assert (shown.exit_code, json.loads(shown.stdout)[0]["environment"]) == (0, None)


def text_only(*, connected: bool) -> TwilioAccount:
    twilio = account_with()
    if not connected:
        twilio.numbers.clear()
    twilio.add_number("+14155550188", capabilities={"voice": False, "sms": True}, origin="hosted")
    return twilio


def test_a_number_for_texts_alone_is_no_failure_of_the_check(redis: Redis, tmp_path: Path) -> None:
    shell = Shell(redis, tmp_path, text_only(connected=True))
    assert shell.run(numbers_command, "connect", E164).exit_code == 0
    shown = shell.run(numbers_command, "check")
    assert (shown.exit_code, "- +14155550188  This number cannot take calls." in shown.stdout) == (0, True)


def test_a_number_for_texts_alone_that_is_asked_for_by_name_does_not_take_calls(redis: Redis, tmp_path: Path) -> None:
    shell = Shell(redis, tmp_path, text_only(connected=False))
    assert shell.run(numbers_command, "check", "+14155550188").exit_code == 1
