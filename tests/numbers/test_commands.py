"""`handoff numbers` with what people type: every mistake is said before anything changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from redis import Redis

from tests.messaging.rest_stand_in import TwilioAccount
from tests.numbers.test_numbers import E164, Shell, account_with
from webapp.commands.numbers import numbers_command


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
