"""`handoff users list|add`: the people who may sign in to the console."""

from __future__ import annotations

import sys
import warnings
from getpass import GetPassWarning

import click

from webapp.commands._answers import (
    Exit,
    author_option,
    give_json,
    give_table,
    json_option,
    note_here,
    say,
    settings_of_this_machine,
    told,
)
from webapp.people.assembly import people_of
from webapp.people.passwords import WeakPasswordError
from webapp.people.roles import Role
from webapp.people.users import EMAIL, EmailRefusedError, User


@click.group("users")
def users_command() -> None:
    """The people who may sign in to the console."""


@users_command.command("list")
@json_option
def list_users(as_json: bool) -> None:
    """Everybody, with role."""
    with told():
        people = people_of(settings_of_this_machine()).users.everybody()
    if as_json:
        give_json([_plain(user) for user in people])
    elif not people:
        say("Nobody yet. `handoff setup-link` prints a link that makes the first admin.")
    else:
        give_table((user.email, user.name, user.role, "" if user.enabled else "switched off") for user in people)


@users_command.command("add")
@click.argument("email")
@click.option("--name", help="How the console calls them. Default: the address.")
@click.option("--role", type=click.Choice([role.value for role in Role]), default=Role.VIEWER.value, show_default=True)
@click.option("--password-stdin", is_flag=True, help="Read the password from stdin instead of asking for it.")
@author_option
@json_option
def add_user(  # noqa: PLR0917  # click passes them by name
    email: str, name: str | None, role: str, password_stdin: bool, author: str, as_json: bool
) -> None:
    """Add somebody. Asks for a password of at least 12 characters, which is not shown."""
    if not EMAIL.fullmatch(email.strip()):
        raise click.BadParameter("Write an e-mail address, such as ana@example.com.", param_hint="EMAIL")
    password = _password(from_stdin=password_stdin)
    with told():
        settings = settings_of_this_machine()
        try:
            user = people_of(settings).users.add(email=email, name=name or email, role=Role(role), password=password)
        except WeakPasswordError as refusal:
            say(str(refusal))
            raise SystemExit(Exit.CHECK_FAILED) from refusal
        except EmailRefusedError as refusal:
            say(f"{refusal} See: handoff users list")
            raise SystemExit(Exit.CONFLICT) from refusal
        note_here(settings, actor=author, action="person added", subject=user.email, after=role)
    if as_json:
        give_json(_plain(user))
    else:
        click.echo(f"{user.email} may sign in: {user.role} {user.role.in_words}.")


def _password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    with warnings.catch_warnings():
        warnings.simplefilter("error", GetPassWarning)
        try:
            return str(click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
        except GetPassWarning:
            raise click.UsageError("There is no terminal to ask for the password. Use --password-stdin.") from None


def _plain(user: User) -> dict[str, object]:
    return {
        "id": user.id,
        "email": user.email,
        "name": user.name,
        "role": user.role.value,
        "enabled": user.enabled,
        "created_at": user.created_at.isoformat(),
    }
