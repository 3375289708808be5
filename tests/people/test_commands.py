"""The commands that let somebody in: a link for the first admin, and people by name."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from redis import Redis

from webapp.commands.setup_link import setup_link_command
from webapp.commands.users import users_command
from webapp.configurations.assembly import open_configurations, open_history
from webapp.people.assembly import people_of
from webapp.settings import load_settings

PASSWORD = "four unrelated words here"


class Terminal:
    def __init__(self, redis_url: str, folder: Path) -> None:
        self.environment = {"REDIS_URL": redis_url, "HANDOFF_DATA_DIR": str(folder), "PORT": "8123"}

    def setup_link(self, *arguments: str) -> Result:
        return CliRunner().invoke(setup_link_command, arguments, env=self.environment)

    def users(self, *arguments: str, typed: str = "") -> Result:
        return CliRunner().invoke(users_command, arguments, env=self.environment, input=typed)

    def audited(self, client: Redis) -> tuple[str, str, str]:
        """Who did what to whom last."""
        entry = open_history(load_settings(self.environment), client=client).editor.audit_entries(limit=1)[0]
        return entry.actor, entry.action, entry.subject


@pytest.fixture
def terminal(redis: Redis, redis_url: str, tmp_path: Path) -> Terminal:
    """On a store that holds a first version."""
    made = Terminal(redis_url, tmp_path)
    open_configurations(load_settings(made.environment), client=redis)
    return made


def test_a_link_from_the_command_line_makes_one_admin(terminal: Terminal) -> None:
    link = terminal.setup_link().stdout.strip()
    assert link.startswith("http://127.0.0.1:8123/setup?token=")
    people = people_of(load_settings(terminal.environment))
    token = link.partition("token=")[2]
    people.set_up.create_admin(token, email="ana@example.com", name="Ana", password=PASSWORD)
    assert not people.set_up.accepts(token)
    assert json.loads(terminal.users("list", "--json").stdout)[0]["role"] == "admin"


def test_somebody_is_added_with_a_role_and_a_password_that_nobody_sees(terminal: Terminal) -> None:
    added = terminal.users("add", "ben@example.com", "--role", "releaser", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert added.exit_code == 0
    assert added.stdout == "ben@example.com may sign in: releaser also promotes to production and rolls back.\n"
    assert PASSWORD not in added.output
    assert "releaser" in terminal.users("list").stdout


@pytest.mark.parametrize(
    ("arguments", "typed", "code", "words"),
    [
        (("add", "ben"), "", 2, "such as ana@example.com"),
        (("add", "ben@example.com", "--password-stdin"), "short\n", 1, "at least 12 characters"),
        (("add", "taken@example.com", "--password-stdin"), f"{PASSWORD}\n", 4, "handoff users list"),
        (("add", "ben@example.com", "--role", "owner"), "", 2, "'owner' is not one of"),
    ],
)
def test_a_refusal_says_what_to_change(
    terminal: Terminal, arguments: tuple[str, ...], typed: str, code: int, words: str
) -> None:
    terminal.users("add", "taken@example.com", "--password-stdin", typed=f"{PASSWORD}\n")
    refused = terminal.users(*arguments, typed=typed)
    assert (refused.exit_code, words in refused.output) == (code, True), refused.output


def test_somebody_who_is_added_by_command_stands_in_the_audit_log(terminal: Terminal, redis: Redis) -> None:
    terminal.users("add", "ben@example.com", "--password-stdin", "--author", "ana", typed=f"{PASSWORD}\n")
    assert terminal.audited(redis) == ("ana", "person added", "ben@example.com")


def test_a_set_up_link_stands_in_the_audit_log(terminal: Terminal, redis: Redis) -> None:
    terminal.setup_link("--author", "ana")
    assert terminal.audited(redis) == ("ana", "made", "set-up link")


def test_without_a_terminal_to_ask_on_the_way_to_give_the_password_is_said(terminal: Terminal) -> None:
    command = [sys.executable, "-m", "webapp.cli", "users", "add", "ben@example.com"]
    asked = subprocess.run(
        command, env=terminal.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
        start_new_session=True, check=False,
    )  # fmt: skip
    assert (asked.returncode, asked.stdout) == (2, "")
    assert asked.stderr.endswith("Error: There is no terminal to ask for the password. Use --password-stdin.\n")


def test_nobody_yet_is_said_with_the_way_in(terminal: Terminal) -> None:
    assert "handoff setup-link" in terminal.users("list").stderr


def test_without_a_store_the_sentence_says_so(tmp_path: Path) -> None:
    away = Terminal("redis://127.0.0.1:1/0", tmp_path)
    assert away.setup_link().exit_code == away.users("list").exit_code == 6
