"""`handoff tokens create|list|revoke`: who may call the API."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Literal, cast

import click

from webapp.commands._answers import Exit, author_option, give_json, give_table, json_option, say, told
from webapp.configurations.assembly import open_history
from webapp.people.roles import Role
from webapp.settings import settings_of_this_process
from webapp.tokens.register import TokenNotFoundError, Tokens, open_tokens


@contextmanager
def _tokens() -> Iterator[Tokens]:
    with told():
        settings = settings_of_this_process()
        history = open_history(settings)
        try:
            yield open_tokens(
                history.store.client, history.editor, settings.handoff_data_dir, settings.secret_keys,
                lambda: datetime.now(UTC),
            )  # fmt: skip
        except TokenNotFoundError as error:
            say(str(error))
            raise SystemExit(Exit.NOT_FOUND) from error
        finally:
            history.store.client.close()


@click.group("tokens")
def tokens_command() -> None:
    """API tokens: hashed, with a role and an environment."""


@tokens_command.command("create")
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in Role]), default=Role.VIEWER.value, show_default=True)
@click.option(
    "--environment", type=click.Choice(["sandbox", "production"]), default="sandbox", show_default=True,
    help="A sandbox token never touches production; a production token works in both.",
)  # fmt: skip
@click.option("--days", type=click.IntRange(1, 3650), help="How long it works. Default: until it is revoked.")
@author_option
@json_option
def create(  # noqa: PLR0917  # click passes them by name
    name: str, role: str, environment: str, days: int | None, author: str, as_json: bool
) -> None:
    """Create a token called NAME. The secret is printed this one time."""
    with _tokens() as tokens:
        made = tokens.create(
            name=name, role=Role(role), environment=cast(Literal["sandbox", "production"], environment),
            author=author, days=days,
        )  # fmt: skip
    if as_json:
        give_json(asdict(made.token) | {"token": made.secret})
        return
    click.echo(made.secret)
    say(f"{made.token.id}: {role} in {environment}. Keep it: only its hash is stored.")


@tokens_command.command("list")
@json_option
def list_tokens(as_json: bool) -> None:
    """Every token, the newest first."""
    with _tokens() as tokens:
        found = tokens.all()
    if as_json:
        give_json([asdict(one.token) | {"last_used_at": one.last_used_at} for one in found])
        return
    give_table(
        (one.token.id, one.token.name, one.token.role.value, f"{one.token.prefix}…", one.last_used_at or "never used",
         f"until {one.token.expires_at}" if one.token.expires_at else "")
        for one in found
    )  # fmt: skip


@tokens_command.command("revoke")
@click.argument("token")
@author_option
def revoke(token: str, author: str) -> None:
    """Revoke TOKEN (its id or its name): refused everywhere within seconds, on this machine also without Redis."""
    with _tokens() as tokens:
        revoked = tokens.revoke(token, author=author)
    if revoked.everywhere:
        say(f"{revoked.id} is revoked.")
        return
    say(f"Redis is away: {revoked.id} is refused on this machine now, and everywhere else once Redis is back.")
    raise SystemExit(Exit.UPSTREAM)
