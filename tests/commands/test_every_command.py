"""What holds for every command: data for programs, and sentences in place of tracebacks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tests.commands.test_configuration_commands import Handoff, handoff  # noqa: F401  # the same fixture
from tests.configurations.conftest import server, shared_server  # noqa: F401  # and what it needs
from tests.simulator.terminal import Terminal
from webapp.cli import main

PEOPLE_ONLY = {"run"}
"""It serves until it is stopped and has no data to give."""
WITH_A_SERVER = {
    "versions", "diff", "promote", "rollback", "config import", "config export", "destinations list",
    "destinations show", "rules list", "rules show", "hours list", "hours show", "tokens create", "tokens list",
    "tokens revoke", "deployment show", "deployment set", "calls list", "calls show", "calls tail",
    "calls replay", "calls impact", "simulate", "test",
}  # fmt: skip
"""What belongs to configuration, versions, tokens and calls."""


def leaves(group: click.Group, context: click.Context, above: str = "") -> Iterator[tuple[str, click.Command]]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from leaves(command, context, f"{above}{name} ")
        else:
            yield f"{above}{name}", command


def options_of(command: click.Command) -> set[str]:
    return {option for parameter in command.params for option in parameter.opts}


def test_every_command_gives_json() -> None:
    without = {name for name, command in leaves(main, click.Context(main)) if "--json" not in options_of(command)}
    assert without == PEOPLE_ONLY


def test_every_command_of_configuration_versions_tokens_and_calls_works_on_a_server() -> None:
    found = {name for name, command in leaves(main, click.Context(main)) if "--server" in options_of(command)}
    assert found == WITH_A_SERVER


def test_json_into_a_file_is_json(handoff: Handoff, tmp_path: Path) -> None:  # noqa: F811
    handoff("release")
    file = tmp_path / "exported.json"
    handoff("config", "export", "--json", "-o", str(file))
    assert json.loads(file.read_text())["name"] == "Example Hotel"


@pytest.mark.parametrize("place", ["no/such/directory/file", "handoff.yaml/file"])
def test_a_file_that_cannot_be_written_is_said_and_is_a_usage_error(
    handoff: Handoff, tmp_path: Path, place: str  # noqa: F811
) -> None:  # fmt: skip
    handoff("release")
    target = str(tmp_path / place)
    for arguments in (("config", "export", "-o", target), ("backup", target)):
        answer = handoff(*arguments)
        assert (answer.exit_code, answer.stdout) == (2, "")
        assert f"{target} cannot be written" in answer.stderr


def test_a_device_is_written_to_and_not_replaced(handoff: Handoff) -> None:  # noqa: F811
    handoff("release")
    assert handoff("backup", "/dev/null").exit_code == 0
    assert Path("/dev/null").is_char_device()


def test_a_backup_tells_a_program_what_it_wrote(handoff: Handoff, tmp_path: Path) -> None:  # noqa: F811
    handoff("release")
    file = tmp_path / "backup"
    told = json.loads(handoff("backup", str(file), "--json").stdout)
    assert told == {"file": str(file), "bytes": file.stat().st_size}


def test_a_note_is_as_long_as_the_api_takes(handoff: Handoff) -> None:  # noqa: F811
    handoff("release")
    assert handoff("promote", "1", "-m", "x" * 500).exit_code == 0
    answer = handoff("promote", "1", "-m", "x" * 501)
    assert answer.exit_code == 2
    assert "at most 500 characters" in answer.stderr


def test_without_a_running_app_the_way_to_start_it_is_said(tmp_path: Path) -> None:
    for arguments in (("versions",), ("backup", str(tmp_path / "file")), ("tokens", "list"), ("users", "list")):
        answer = Terminal(tmp_path).run(*arguments)
        assert (answer.exit_code, answer.stdout) == (6, "")
        assert "Start it with `handoff run`, or set REDIS_URL." in answer.stderr


@pytest.mark.parametrize("arguments", ["versions --limit x", "rollback x", "promote --expected-production x"])
def test_what_is_no_number_is_called_so(tmp_path: Path, arguments: str) -> None:
    answer = Terminal(tmp_path).run(*arguments.split())
    assert (answer.exit_code, "'x' is not a valid whole number." in answer.stderr) == (2, True)


def test_with_a_store_elsewhere_nothing_is_said_of_starting_it(tmp_path: Path) -> None:
    answer = Terminal(tmp_path, REDIS_URL=f"unix://{tmp_path}/nowhere").run("versions")
    assert answer.exit_code == 6
    assert "handoff run" not in answer.stderr


def test_a_command_of_this_machine_says_that_it_does_not_go_to_the_server(tmp_path: Path) -> None:
    elsewhere = Terminal(tmp_path, HANDOFF_SERVER="https://handoff.example.com", HANDOFF_TOKEN="hf_sandbox_x")
    for arguments in (("backup", str(tmp_path / "file")), ("users", "list"), ("release",)):
        assert "This works on this machine, not on https://handoff.example.com." in elsewhere.run(*arguments).stderr


def test_a_newer_version_than_any_is_not_found(handoff: Handoff, tmp_path: Path) -> None:  # noqa: F811
    handoff("release")
    answer = handoff("config", "import", str(tmp_path / "handoff.yaml"), "--expected", "99")
    assert answer.exit_code == 3
    assert "There is no version 99" in answer.stderr


def test_the_worker_tells_how_many_jobs_it_did(redis_url: str, tmp_path: Path) -> None:
    assert Terminal(tmp_path, REDIS_URL=redis_url).ask("worker", "--once") == {"jobs": 0}


def test_a_document_for_a_twiml_bin_is_given_as_json(tmp_path: Path) -> None:
    assert "<Dial" in Terminal(tmp_path).ask("numbers", "fallback", "--to", "+14155550100")["twiml"]


def test_a_reader_that_goes_away_is_not_taken_for_a_fault_of_redis(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "webapp.cli", "config", "schema"]
    environment = {"PATH": os.environ["PATH"], "HANDOFF_DATA_DIR": str(tmp_path / "var")}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as schema:
        assert schema.stdout is not None
        schema.stdout.close()
        assert schema.stderr is not None
        assert schema.stderr.read() == b""


def test_a_disk_that_refuses_is_named_and_is_not_taken_for_a_fault_of_redis(redis_url: str, tmp_path: Path) -> None:
    secret = "a-key-of-tests-that-is-long-enough-to-be-one"
    terminal = Terminal(
        tmp_path, REDIS_URL=redis_url, SECRET_KEY=secret, TWILIO_AUTH_TOKEN=secret,
        HANDOFF_CONFIG="handoff.example.yaml",
    )  # fmt: skip
    terminal.run("release")
    assert terminal.run("tokens", "create", "mine").exit_code == 0
    (tmp_path / "var").write_text("in the way of the list of revoked tokens")
    answer = terminal.run("tokens", "revoke", "mine")
    assert (answer.exit_code, answer.stdout) == (2, "")
    assert f"{tmp_path / 'var'} cannot be used: " in answer.stderr


def test_a_terminal_without_our_signs_gets_others_and_programs_get_whole_json(tmp_path: Path) -> None:
    file = tmp_path / "handoff.yaml"
    test = '{name: Grüße, call: {from: "+12125550123", to: "+14155550199"}, expect: {ends: answered}}'
    file.write_text(
        "schema: 1\nname: Hôtel ✓\ndefault_destination: desk\n"
        f'destinations: [{{id: desk, name: Desk, method: INVITE, route: "+14155550100"}}]\ntests: [{test}]\n'
    )
    environment = os.environ | {"PYTHONIOENCODING": "latin-1", "HANDOFF_DATA_DIR": str(tmp_path / "var")}
    command = [sys.executable, "-m", "webapp.cli", "test", "--file", str(file)]
    words = subprocess.run(command, env=environment, capture_output=True, check=True)  # our own
    assert words.stdout.decode("latin-1").startswith("? Grüße\n")
    data = subprocess.run([*command, "--json"], env=environment, capture_output=True, check=True)
    assert json.loads(data.stdout)["tests"][0]["name"] == "Grüße"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
@pytest.mark.parametrize("command", [("explain", "13801"), ("config", "schema"), ("simulate", "--json")])
def test_output_that_cannot_be_written_is_not_told_as_a_store_that_is_away(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    environment = os.environ | {"HANDOFF_DATA_DIR": str(tmp_path / "var")}
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(  # our own
            [sys.executable, "-m", "webapp.cli", *command], env=environment, stdout=full,
            stderr=subprocess.PIPE, check=False,
        )  # fmt: skip
    assert ended.returncode == 2
    assert ended.stderr.endswith(b"The output cannot be written: No space left on device.\n")
    assert b"Traceback" not in ended.stderr
