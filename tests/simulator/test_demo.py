"""`handoff demo` plays whole calls through a real server, tells the truth about them, and leaves nothing behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import cast

import pytest

from handoff_rules.outcomes import Ends
from tests.redis_server import wait_until
from webapp.commands.demo import Interrupt
from webapp.demo.calls import CALLS, DemoCall
from webapp.demo.player import Player
from webapp.demo.show import Shown, show
from webapp.demo.stage import Stage, stage

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def opened() -> Iterator[Stage]:
    with stage() as found:
        yield found


@pytest.fixture(scope="module")
def shown(opened: Stage) -> list[Shown]:
    return list(show(opened))


def test_every_call_goes_as_its_script_says(shown: list[Shown]) -> None:
    assert {one.call.name: one.faults for one in shown if one.faults} == {}
    assert len(shown) == len(CALLS) >= 8


def test_the_demo_shows_every_ending_that_the_issue_names(shown: list[Shown]) -> None:
    ends = {one.record.ends for one in shown if one.record}
    assert {Ends.ANSWERED, Ends.VOICEMAIL, Ends.REFERRED, Ends.RETURNED, Ends.CALLER_HUNG_UP} <= ends
    outcomes = {attempt.outcome for one in shown if one.record for attempt in one.record.attempts}
    assert {"busy", "no_answer", "machine", "unconfirmed", "failed", "answered", "referred"} <= outcomes
    assert any(len(targets) == 3 for one in shown for targets in one.played.rung), "no ring group was rung"
    assert any("Press 1 to take the call." in one.played.heard_by_far_end for one in shown)


def test_the_demo_refers_with_user_to_user(shown: list[Shown]) -> None:
    assert any("User-to-User" in one.played.referred_with for one in shown)


def test_the_demo_passes_over_a_destination_that_fails_again_and_again(shown: list[Shown]) -> None:
    passed = [event for one in shown if one.record for event in one.record.events if event.kind == "passed_over"]
    assert any("failing" in str(event.detail["why"]) for event in passed)


def test_the_demo_has_a_call_that_a_code_rule_decides(shown: list[Shown]) -> None:
    assert any(one.record.facts and one.record.facts.votes and not one.faults for one in shown if one.record)


def test_the_second_number_meets_the_sandbox(shown: list[Shown]) -> None:
    by_environment = {one.record.environment for one in shown if one.record and one.call.keys}
    assert by_environment == {"sandbox"}
    assert {one.record.environment for one in shown if one.record and not one.call.keys} == {"production"}


def test_a_call_that_does_not_end_as_scripted_is_told(opened: Stage) -> None:
    wrong = DemoCall("Wrong on purpose", ("night-porter",), Ends.VOICEMAIL, (), "night")
    (one,) = show(opened, [wrong])
    assert one.faults == (
        "it rang front-desk and should have rung night-porter",
        "it ended answered and should have ended voicemail",
        "it went by no rule and should have gone by night",
    )


def test_the_player_signs_for_real(opened: Stage) -> None:
    other = type(opened.sender)(opened.sender.listens_at, opened.sender.signed_as, "another-token")
    with pytest.raises(Exception, match="answered 403"):
        Player(other).play(CALLS[0])


def run_demo(directory: Path, *options: str) -> subprocess.Popen[str]:
    """With settings around it that would lead it astray if it read them."""
    environment = os.environ | {
        "TMPDIR": str(directory), "REDIS_URL": "redis://127.0.0.1:1/0", "APP_ENV": "production",
        "TWILIO_AUTH_TOKEN": "a-real-token-of-the-user", "PYTHONPATH": str(PROJECT),
    }  # fmt: skip
    command = [sys.executable, "-m", "webapp.cli", "demo", *options]
    return subprocess.Popen(
        command, cwd=directory, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def processes_of(directory: Path) -> list[str]:
    found = []
    for command in Path("/proc").glob("[0-9]*/environ"):
        try:
            if f"HANDOFF_DATA_DIR={directory}".encode() in command.read_bytes():
                found.append(command.parent.name)
        except OSError:
            continue
    return found


def test_it_ends_with_0_and_leaves_no_process_and_no_file(tmp_path: Path) -> None:
    demo = run_demo(tmp_path, "--json")
    output, talk = demo.communicate(timeout=90)
    assert demo.returncode == 0, talk
    assert all(one["as_scripted"] for one in json.loads(output))
    assert list(tmp_path.glob("handoff-demo-*")) == []
    assert processes_of(tmp_path) == []


def test_a_signal_that_came_where_python_drops_exceptions_ends_the_demo_too() -> None:
    interrupt = Interrupt()
    with suppress(KeyboardInterrupt):
        interrupt()
    with pytest.raises(KeyboardInterrupt):
        list(interrupt.heeded(cast("list[Shown]", ["a call"])))


def test_a_signal_in_the_middle_leaves_nothing_either(tmp_path: Path) -> None:
    demo = run_demo(tmp_path)
    wait_until(lambda: processes_of(tmp_path) or demo.poll() is not None, 60)
    demo.send_signal(signal.SIGTERM)
    _, talk = demo.communicate(timeout=30)
    assert demo.returncode != 0, talk
    wait_until(lambda: processes_of(tmp_path) == [])
    assert list(tmp_path.glob("handoff-demo-*")) == []
