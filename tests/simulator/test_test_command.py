"""`handoff test` plays the saved tests, shows what differs, and its exit code is what CI needs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tests.simulator.terminal import Terminal
from webapp.configurations.published import publish
from webapp.configurations.tests_on_save import MOST_ON_SAVE, failing_on_save
from webapp.simulator.saved_tests import promotion_gate, run_saved_tests

CALL = {"from": "+12125550123", "to": "+14155550199", "at": "2026-11-20T15:00:00-05:00"}


def document(*tests: dict[str, Any]) -> dict[str, Any]:
    desk = {"id": "desk", "name": "Desk", "method": "INVITE", "route": "+14155550100"}
    porter = {"id": "porter", "name": "Porter", "method": "INVITE", "route": "+14155550101"}
    vip = {"id": "vip", "name": "VIP", "when": {"variable": "tier", "is": "gold"}, "destination": "porter"}
    return {
        "schema": 1, "name": "Mine", "default_destination": "desk", "destinations": [desk, porter], "rules": [vip],
        "variables": {"tier": {"sample": "gold"}}, "tests": list(tests),
    }  # fmt: skip


def saved(name: str, *, required: bool = True, **expect: Any) -> dict[str, Any]:
    return {"name": name, "call": CALL, "far_end": ["busy"], "expect": expect, "required": required}


GOOD = saved("A busy desk ends with the message", path=["desk"], ends="message")
BAD = saved("Somebody answers", ends="answered", path=["desk", "porter"], rule="vip")
OPTIONAL = saved("It would be nice", required=False, ends="voicemail")


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path)


def test_the_saved_tests_of_the_demo_configuration_pass(terminal: Terminal) -> None:
    result = terminal.run("test", "--file", "handoff.example.yaml")
    assert result.exit_code == 0, result.stdout
    assert "0 failed" in result.stdout


def test_the_name_of_an_expected_header_is_compared_whatever_its_case() -> None:
    desk = {"id": "desk", "name": "Desk", "method": "INVITE", "route": "sip:desk@pbx.example.com",
            "headers": [{"name": "X-Customer-ID", "value": "C-1"}]}  # fmt: skip
    test = saved("Carries the customer", headers={"x-customer-id": "C-1"})
    (result,) = run_saved_tests(publish(document(test) | {"destinations": [desk], "rules": []}))
    assert result.differences == ()


def test_an_expected_header_that_is_empty_or_ends_with_a_blank_can_be_seen_in_the_difference() -> None:
    test = saved("Carries nobody", headers={"X-A": "", "X-B": "b "})
    (result,) = run_saved_tests(publish(document(test)))
    assert [str(one) for one in result.differences] == [
        "header X-A: expected \u201c\u201d, got not sent",
        "header X-B: expected \u201cb \u201d, got not sent",
    ]


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    file = tmp_path / "mixed.yaml"
    file.write_text(json.dumps(document(GOOD, BAD, OPTIONAL)))
    return file


def test_a_failing_test_gives_exit_code_1_and_a_readable_difference(terminal: Terminal, mixed: Path) -> None:
    result = terminal.run("test", "--file", str(mixed))
    assert result.exit_code == 1
    assert "✓ A busy desk ends with the message" in result.stdout
    assert "    path: expected desk → porter, got desk" in result.stdout
    assert "    ends: expected answered, got message" in result.stdout
    assert "    rule: expected vip, got no rule" in result.stdout
    assert "✗ It would be nice (not required)" in result.stdout
    assert "3 saved tests: 1 passed, 2 failed" in result.stdout


def test_json_and_junit_tell_the_same(terminal: Terminal, mixed: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    found = terminal.ask("test", "--file", str(mixed), "--junit", str(report))
    assert [test["passed"] for test in found["tests"]] == [True, False, False]
    suites = ET.parse(report).getroot()
    assert (suites.get("tests"), suites.get("failures")) == ("3", "2")
    assert [case.find("failure") is None for case in suites.iter("testcase")] == [True, False, False]


def test_a_junit_report_tells_how_long_each_test_took(terminal: Terminal, mixed: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    terminal.run("test", "--file", str(mixed), "--junit", str(report))
    suites = ET.parse(report).getroot()
    times = [float(case.attrib["time"]) for case in suites.iter("testcase")]
    assert len(times) == 3
    assert all(float(whole.attrib["time"]) >= max(times) > 0 for whole in (suites, *suites.iter("testsuite")))


def test_a_report_on_stdout_is_all_that_is_there_and_the_words_go_to_stderr(
    terminal: Terminal, mixed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = terminal.run("test", "--file", str(mixed), "--junit", "-")
    assert result.exit_code == 1
    assert ET.fromstring(result.stdout).get("tests") == "3"
    assert "3 saved tests: 1 passed, 2 failed" in result.stderr
    assert not (tmp_path / "-").exists()


def test_json_and_a_report_cannot_both_be_on_stdout(terminal: Terminal, mixed: Path) -> None:
    result = terminal.run("test", "--file", str(mixed), "--junit", "-", "--json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Name a file: --junit report.xml" in result.stderr


def test_a_version_without_tests_passes_and_says_so(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "none.yaml"
    file.write_text(json.dumps(document()))
    result = terminal.run("test", "--file", str(file))
    assert result.exit_code == 0
    assert "no saved tests" in result.stderr


def test_a_long_list_shows_no_bar_where_nobody_watches(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "long.yaml"
    file.write_text(json.dumps(document(*(saved(f"Test {number}", path=["desk"]) for number in range(40)))))
    result = terminal.run("test", "--file", str(file))
    assert "40 saved tests: 40 passed" in result.stdout
    assert result.stderr == ""


def test_the_gate_of_promote_names_the_required_tests_that_fail() -> None:
    configuration = publish(document(GOOD, BAD, OPTIONAL)).compiled.configuration
    assert promotion_gate()(configuration) == ("Somebody answers",)


def test_results_come_one_after_another() -> None:
    results = run_saved_tests(publish(document(GOOD, BAD)))
    assert next(results).passed
    assert not next(results).passed


def test_a_promote_is_refused_while_a_required_test_fails(redis_url: str, tmp_path: Path) -> None:
    file = tmp_path / "handoff.yaml"
    file.write_text(json.dumps(document(GOOD)))
    terminal = Terminal(tmp_path, REDIS_URL=redis_url, HANDOFF_CONFIG=str(file))
    assert terminal.run("release").exit_code == 0
    file.write_text(json.dumps(document(GOOD, BAD)))
    assert terminal.run("config", "import", str(file)).exit_code == 0
    assert terminal.run("test", "--version", "production").exit_code == 0
    assert terminal.run("test").exit_code == 1
    refused = terminal.run("promote")
    assert refused.exit_code == 1
    assert "Somebody answers" in refused.stderr


def test_a_save_warns_of_each_required_test_that_fails_and_saves_all_the_same(redis_url: str, tmp_path: Path) -> None:
    file = tmp_path / "handoff.yaml"
    file.write_text(json.dumps(document(GOOD)))
    terminal = Terminal(tmp_path, REDIS_URL=redis_url, HANDOFF_CONFIG=str(file))
    assert terminal.run("release").exit_code == 0
    file.write_text(json.dumps(document(GOOD, BAD, OPTIONAL)))
    saved = terminal.run("config", "import", str(file), "--json")
    assert saved.exit_code == 0
    problems = json.loads(saved.stdout)["problems"]
    told = [(one["path"], one["message"]) for one in problems if one["path"].startswith("tests/")]
    assert told == [("tests/1", "The saved test “Somebody answers” fails now.")]


def test_so_many_tests_that_a_save_would_hold_up_calls_wait_for_the_promote() -> None:
    configuration = publish(document(*[BAD | {"name": f"Test {n}"} for n in range(MOST_ON_SAVE + 1)]))
    assert failing_on_save(configuration.compiled.configuration, promotion_gate()) == ()
