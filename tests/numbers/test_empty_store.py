"""The first day: Redis runs, and nothing was ever written into it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from webapp.cli import main


@pytest.fixture
def environ(redis_url: str, tmp_path: Path) -> dict[str, str]:
    return {"REDIS_URL": redis_url, "HANDOFF_DATA_DIR": str(tmp_path / "var"), "PORT": "1"}


def handoff(environ: dict[str, str], *arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, env=environ)


@pytest.mark.parametrize("options", [[], ["--json"], ["--offline"]])
def test_the_doctor_works_on_an_empty_store(environ: dict[str, str], options: list[str]) -> None:
    assert "No Twilio account is connected" in handoff(environ, "doctor", *options).stdout


@pytest.mark.parametrize("command", [["numbers", "list"], ["sms", "status"]])
def test_on_an_empty_store_the_missing_credentials_are_what_is_told(
    environ: dict[str, str], command: list[str]
) -> None:
    shown = handoff(environ, *command)
    assert (shown.exit_code, "No Twilio credentials" in shown.stderr) == (5, True)


def test_a_worker_that_starts_before_the_first_web_process_waits_for_its_account(environ: dict[str, str]) -> None:
    assert handoff(environ, "worker", "--once").exit_code == 0
