"""Whoever points a number somewhere else stands in the audit log, from wherever it was done."""

from __future__ import annotations

from pathlib import Path

import pytest
from redis import Redis

from tests.api.asking import Api
from tests.application import ACCOUNT_SID, AUTH_TOKEN, Application
from tests.numbers.test_numbers import BASE, E164, Shell, account_with
from webapp.commands.doctor import doctor_command
from webapp.commands.numbers import numbers_command
from webapp.configurations.assembly import open_configurations
from webapp.configurations.audit import Entry
from webapp.numbers.recommended import FRAGMENT

BEFORE = {"voice_url": "https://old.example.com/voice?token=hunter2"}
IMPERFECT = {
    "voice_url": f"{BASE}/voice/call#{FRAGMENT}",
    "voice_method": "GET",
    "voice_fallback_url": "https://handler.twilio.com/twiml/EH1",
}


@pytest.fixture
def shell(redis: Redis, tmp_path: Path) -> Shell:
    """On a store that holds a first version."""
    made = Shell(redis, tmp_path, account_with(**BEFORE))
    open_configurations(made.bench.settings, client=redis)
    return made


def audited(shell: Shell) -> list[Entry]:
    """Newest first, without the seed."""
    entries: list[Entry] = shell.bench.history.editor.audit_entries()
    return entries[:-1]


def test_connecting_by_command_stands_in_the_audit_log(shell: Shell) -> None:
    shell.run(numbers_command, "connect", E164, "--author", "ana")
    (entry,) = audited(shell)
    assert (entry.actor, entry.action, entry.subject) == ("ana", "number connected", E164)
    assert entry.after["VoiceUrl"].startswith(f"{BASE}/voice/call")


def test_giving_back_by_command_stands_in_the_audit_log(shell: Shell) -> None:
    shell.run(numbers_command, "connect", E164)
    shell.run(numbers_command, "disconnect", E164, "--author", "ben")
    entry = audited(shell)[0]
    assert (entry.actor, entry.action, entry.subject) == ("ben", "number disconnected", E164)


def test_what_doctor_mends_stands_in_the_audit_log(shell: Shell) -> None:
    shell.twilio.numbers[0] |= IMPERFECT
    shell.run(doctor_command, "--fix", "--author", "ana")
    (entry,) = audited(shell)
    assert (entry.actor, entry.before["VoiceMethod"], entry.after["VoiceMethod"]) == ("ana", "GET", "POST")


@pytest.mark.parametrize("command", ["connect", "disconnect"])
def test_a_dry_run_leaves_no_entry(shell: Shell, command: str) -> None:
    shell.run(numbers_command, "connect", E164)
    entries = audited(shell)
    shell.twilio.numbers[0] |= BEFORE
    shell.run(numbers_command, command, E164, "--dry-run")
    assert audited(shell) == entries


def test_connecting_what_is_connected_leaves_no_entry(shell: Shell) -> None:
    shell.run(numbers_command, "connect", E164)
    entries = audited(shell)
    shell.run(numbers_command, "connect", E164)
    assert audited(shell) == entries


def test_the_audit_log_holds_no_query_of_somebody_elses_address(shell: Shell) -> None:
    shell.run(numbers_command, "connect", E164)
    assert audited(shell)[0].before["VoiceUrl"] == "https://old.example.com/voice?…"


def test_what_could_not_be_audited_is_done_and_said(redis: Redis, tmp_path: Path) -> None:
    """An account in the environment, and a store that nobody has started an app on."""
    shell = Shell(redis, tmp_path, account_with(**BEFORE))
    shown = shell.run(numbers_command, "connect", E164)
    assert shell.twilio.numbers[0]["voice_url"].startswith(BASE)
    assert (shown.exit_code, "missing in the audit log. The store holds no configuration" in shown.stderr) == (0, True)


def test_connecting_over_the_api_leaves_the_same_entry(redis_url: str, tmp_path: Path) -> None:
    twilio = account_with(**BEFORE)
    twilio.accepted = {(ACCOUNT_SID, AUTH_TOKEN)}
    with Application(redis_url, tmp_path) as application, twilio.playing():
        api = Api(application)
        assert api.ask("POST", f"/numbers/{E164}/connect").json["changed"]
        entry = application.services.configurations.editor.audit_entries(limit=1)[0]
    assert (entry.action, entry.subject) == ("number connected", E164)
    assert entry.before["VoiceUrl"] == "https://old.example.com/voice?…"
