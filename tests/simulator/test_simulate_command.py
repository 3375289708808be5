"""`handoff simulate` says where a call would go, and why, with no store and no network."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.simulator.terminal import Terminal

WORKDAY = ("--at", "2026-11-20T15:00")


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path)


def test_the_outcome_and_the_reason_come_first(terminal: Terminal) -> None:
    result = terminal.run("simulate", *WORKDAY, "--var", "intent=refund", "--over", "sip", "--far-end", "sip:503,busy")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "Answered by Front desk. First it rang Billing Support, then Reservations."
    assert "  So the rule billing sends the call to Billing Support." in lines
    assert "      intent is one of billing, refund; it is refund" in lines
    assert "  1. Billing Support by SIP REFER → could not be reached" in lines


def test_json_has_the_shape_of_the_api(terminal: Terminal) -> None:
    found = terminal.ask("simulate", *WORKDAY, "--far-end", "busy,no_answer")
    assert found["ends"] == "voicemail"
    assert found["path"] == ["front-desk", "night-porter"]
    assert {"ends", "path", "reason", "trace", "steps", "problems"} <= found.keys()
    promised = {"destination", "method", "document", "headers", "dropped_headers", "outcome"}
    assert all(promised <= step.keys() for step in found["steps"])


def test_headers_and_what_people_hear_are_shown(terminal: Terminal) -> None:
    said = terminal.run(
        "simulate", *WORKDAY, "--var", "intent=booking", "--var", "customer_id=C-7", "--far-end", "busy,busy,declined"
    ).stdout
    assert "     header X-Customer-ID: C-7" in said
    assert "     caller hears: Let me put you through to reservations." in said
    assert "     caller hears: Please leave your name and your dates." in said


def test_what_was_passed_over_is_told_with_its_reason(terminal: Terminal) -> None:
    said = terminal.run("simulate", *WORKDAY, "--var", "sip_x_return=yes", "--over", "sip").stdout
    assert said.startswith("Given back to the caller's own system by SIP BYE.")
    closed = terminal.run("simulate", "--at", "2026-11-22T15:00", "--var", "intent=billing", "--over", "sip",
                          "--far-end", "failed").stdout  # fmt: skip
    assert "Reservations was passed over: it is outside Office hours until Mon 2026-11-23 09:00" in closed
    eve = terminal.run("simulate", "--at", "2026-12-24T15:00", "--var", "intent=billing", "--over", "sip",
                       "--far-end", "failed").stdout  # fmt: skip
    assert "it is outside Office hours because of Christmas Eve (2026-12-24) until Sat 2026-12-26 10:00" in eve


def test_a_rule_that_needs_open_hours_says_what_closed_them(terminal: Terminal) -> None:
    eve = terminal.run("simulate", "--at", "2026-12-24T15:00", "--var", "intent=booking").stdout
    assert "needs: office-hours is open; it is closed, because of Christmas Eve (2026-12-24)\n" in eve


def test_a_time_that_no_clock_shows_is_refused_and_one_that_comes_twice_is_the_first(terminal: Terminal) -> None:
    refused = terminal.run("simulate", "--at", "2027-03-14T02:30")
    assert refused.exit_code == 2
    assert "2027-03-14T02:30 does not exist in America/New_York: the clocks go forward then." in refused.stderr
    assert terminal.run("simulate", "--at", "2027-03-14T02:30-05:00").exit_code == 0
    assert terminal.run("simulate", "--at", "2026-11-01T01:30").exit_code == 0


def test_twiml_is_shown_when_asked_for(terminal: Terminal) -> None:
    assert "<Dial" in terminal.run("simulate", "--twiml", *WORKDAY).stdout
    assert "<Dial" not in terminal.run("simulate", *WORKDAY).stdout


def test_a_file_is_played_instead(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    desk = {"id": "desk", "name": "My desk", "method": "INVITE", "route": "+14155550100"}
    file.write_text(json.dumps({"schema": 1, "name": "Mine", "default_destination": "desk", "destinations": [desk]}))
    assert terminal.ask("simulate", "--file", str(file))["path"] == ["desk"]


def test_a_faulty_file_is_refused_with_its_problems(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "faulty.yaml"
    file.write_text("schema: 1\nname: Faulty\ndefault_destination: nowhere\ndestinations: []\n")
    result = terminal.run("simulate", "--file", str(file))
    assert result.exit_code == 1
    assert "nowhere" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--var", "intent"), "has no ="),
        (("--var", "In-tent=x"), "not a variable name"),
        (("--var", "attempt=2"), "attempt cannot be given"),
        (("--var", "digits=1"), "an option of its own: --digits"),
        (("--var", "caller_id=+12125550177"), "an option of its own: --from"),
        (("--from", "abc"), "Write a number as +12125550123, or anonymous"),
        (("--digits", "abc"), "Write up to 32 keys: 0 to 9, * and #."),
        (("--call-sid", "CA1"), "CA and 32 hexadecimal digits"),
        (("--at", "9999-12-31T00:00"), "write one from 1972 to 2999"),
        (("--at", "1900-01-01T00:00"), "write one from 1972 to 2999"),
        (("--var", "sip_x_a=1"), "Let the call arrive over SIP"),
        (("--far-end", "engaged"), "not an answer of the far end"),
        (("--at", "tomorrow"), "not a time"),
        (("--over", "fax"), "fax"),
    ],
)
def test_a_wrong_option_is_a_usage_error_with_its_fix(
    terminal: Terminal, arguments: tuple[str, ...], words: str
) -> None:
    result = terminal.run("simulate", *arguments)
    assert result.exit_code == 2
    assert words in result.stderr


def test_a_version_that_no_store_holds_is_said(terminal: Terminal) -> None:
    result = terminal.run("simulate", "--version", "7")
    assert result.exit_code == 6
    assert "Redis cannot be used" in result.stderr


def test_secrets_do_not_leave_in_headers_or_words(terminal: Terminal) -> None:
    result = terminal.run("simulate", *WORKDAY, "--var", "card_last4=9876", "--var", "intent=booking", "--twiml")
    assert "9876" not in result.output


def test_with_a_store_the_newest_version_is_played(redis_url: str, tmp_path: Path) -> None:
    desk = {"id": "desk", "name": "Desk", "method": "INVITE", "route": "+14155550100"}
    plain = {"schema": 1, "name": "Stored", "default_destination": "desk", "destinations": [desk]}
    file = tmp_path / "handoff.yaml"
    file.write_text(json.dumps(plain))
    terminal = Terminal(tmp_path, REDIS_URL=redis_url, HANDOFF_CONFIG=str(file))
    assert terminal.run("release").exit_code == 0
    other = {**desk, "id": "porter", "name": "Porter", "route": "+14155550101"}
    file.write_text(json.dumps(plain | {"destinations": [desk, other], "default_destination": "porter"}))
    assert terminal.run("config", "import", str(file)).exit_code == 0
    assert terminal.ask("simulate")["path"] == ["porter"]
    assert terminal.ask("simulate", "--version", "sandbox")["path"] == ["porter"]
    assert terminal.ask("simulate", "--version", "production")["path"] == ["desk"]
    assert terminal.ask("simulate", "--version", "1")["path"] == ["desk"]
    assert terminal.run("simulate", "--version", "9").exit_code == 3
    assert "version 2 (sandbox)" in terminal.run("simulate").stderr
