"""Installed code rules live in a process of their own: what would stop a process stops none that answers calls."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from subprocess import PIPE

import pytest
from structlog.testing import capture_logs

from handoff_rules.facts import Vote
from tests.voice.test_code_rules import path_of_a_call
from webapp.voice.code_rule_process import CodeRuleProcess
from webapp.voice.code_rule_threads import CodeRuleEndedError
from webapp.voice.code_rules import Votes
from webapp.voice.installed_code_rules import LOSSES_UNTIL_OFF, InstalledCodeRules, installed_code_rules

PROJECT = Path(__file__).resolve().parents[2]
RULES = """
import os, re, sys

def good(variables):
    print("what a rule prints is not an answer")
    return {"destination": "billing", "reason": sys.stdin.read() or variables.get("room", "no room")}

def wild(variables):
    if variables.get("intent") == "wild":
        re.match(r"(a+)+$", "a" * 60 + "b")

def ending(variables):
    if variables.get("intent") == "ending":
        os._exit(3)
"""
BILLING = ("sip:billing@pbx.example.com;transport=tls",)
FRONT_DESK = ("+14155550100",)
Install = Callable[..., InstalledCodeRules]


def with_rules(folder: Path, module: str, *names: str) -> dict[str, str]:
    """The environment of a process that finds a package with this module and these rules of it."""
    (folder / "some_rules.py").write_text(module)
    info = folder / "some_rules-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: some-rules\nVersion: 1.0\n")
    points = "".join(f"{name} = some_rules:{name}\n" for name in names)
    (info / "entry_points.txt").write_text(f"[handoff.rules]\n{points}")
    return os.environ | {"PYTHONPATH": os.pathsep.join(map(str, (folder, PROJECT)))}


@pytest.fixture
def install(tmp_path: Path) -> Iterator[Install]:
    """Starts the process of a package with these of the rules above, or of a module that one gives instead."""
    opened: list[InstalledCodeRules] = []

    def start(*names: str, module: str = RULES) -> InstalledCodeRules:
        opened.append(InstalledCodeRules(with_rules(tmp_path, module, *names)))
        return opened[-1]

    yield start
    for rules in opened:
        rules.close()


def soon(rules: Votes, variables: Mapping[str, str]) -> tuple[Vote, ...]:
    """What they say when their process is there again."""
    for _ in range(100):
        if votes := rules.votes(variables):
            return votes
    raise AssertionError("the rules have no opinion any more")


def test_a_rule_is_asked_in_its_own_process_and_cannot_spoil_the_conversation(install: Install) -> None:
    rules = install("good")
    room = "7 \u00e9\ud800\n" * 50_000  # more than a pipe holds
    assert rules.votes({}) == (Vote("good", destination="billing", reason="no room"),)
    assert soon(rules, {"room": "7"})[0].reason == "7"
    assert soon(rules, {"room": room})[0].destination == "billing"


@pytest.mark.parametrize("intent", ["wild", "ending"])
def test_a_rule_that_would_stop_a_process_loses_no_call(
    redis_url: str, tmp_path: Path, install: Install, intent: str
) -> None:
    rules = install("good", "wild", "ending")
    with capture_logs() as lines:
        assert rules.votes({"intent": intent}) == ()
    assert [(line["event"], line["switched_off"]) for line in lines] == [("code rules lost their process", False)]
    assert soon(rules, {}) == (Vote("good", destination="billing", reason="no room"),)
    assert path_of_a_call(redis_url, tmp_path, rules) == [BILLING]


@pytest.mark.parametrize("intent", ["wild", "ending"])
def test_rules_that_lose_their_process_again_and_again_are_switched_off(install: Install, intent: str) -> None:
    rules = install("good", "wild", "ending")
    for _ in range(LOSSES_UNTIL_OFF):
        assert not rules.is_off
        before = rules.losses
        while rules.losses == before:  # until the new process is there to be lost
            assert rules.votes({"intent": intent}) == ()
    assert rules.is_off
    assert rules.votes({}) == ()


def test_a_package_that_ends_its_process_while_it_is_loaded_keeps_no_server_from_starting(
    redis_url: str, tmp_path: Path, install: Install
) -> None:
    rules = install("good", module="import os\nos._exit(3)\n")
    assert path_of_a_call(redis_url, tmp_path, rules) == [FRONT_DESK]


def test_where_the_system_starts_no_process_that_is_told_as_one_that_has_ended(tmp_path: Path) -> None:
    process = CodeRuleProcess([str(tmp_path / "absent")], os.environ)
    assert process.is_ready(0)
    with pytest.raises(CodeRuleEndedError):
        process.ask({})


def test_a_stuck_process_ends_by_itself_when_nobody_is_left_who_would_end_it(tmp_path: Path) -> None:
    environment = with_rules(tmp_path, RULES, "wild")
    program = "from webapp.voice.code_rule_host import main; main('INFO', stuck_seconds=0.5)"
    with subprocess.Popen([sys.executable, "-c", program], env=environment, stdin=PIPE, stdout=PIPE) as host:
        assert host.stdin is not None
        host.stdin.write(b'[1, {"intent": "wild"}]\n')
        host.stdin.flush()
        assert host.wait(60) == -signal.SIGALRM


def test_a_process_whose_server_is_gone_ends(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "webapp.voice.code_rule_host", "INFO"]
    with subprocess.Popen(command, env=with_rules(tmp_path, RULES, "good"), stdin=PIPE, stdout=PIPE) as host:
        assert host.stdin is not None
        host.stdin.close()
        assert host.wait(60) == 0


def test_without_an_installed_rule_there_is_no_process() -> None:
    assert not isinstance(installed_code_rules(), InstalledCodeRules)
