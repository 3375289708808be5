"""`handoff tokens create|list|revoke`: who may call the API."""

from __future__ import annotations

import click

from webapp.commands._answers import Exit, author_or_token_option, give_json, give_table, json_option, say
from webapp.commands._installation import with_installation
from webapp.commands._whole_number import WholeNumber
from webapp.configurations.published import ENVIRONMENTS
from webapp.installation.interface import Installation
from webapp.people.roles import Role

IN_PRODUCTION = {
    Role.RELEASER.value: "promote and roll back",
    Role.ADMIN.value: "promote, roll back, connect numbers and change tokens and deployment settings",
}
"""What a role may do beyond an operator's, and only with a token for production."""


@click.group("tokens")
def tokens_command() -> None:
    """API tokens: hashed, with a role and an environment."""


@tokens_command.command("create")
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in Role]), default=Role.VIEWER.value, show_default=True)
@click.option(
    "--environment", type=click.Choice(ENVIRONMENTS), default="sandbox", show_default=True,
    help="A sandbox token never touches production; a production token works in both.",
)  # fmt: skip
@click.option("--days", type=WholeNumber(1, 3650), help="How long it works. Default: until it is revoked.")
@author_or_token_option
@with_installation
@json_option
def create(  # noqa: PLR0917  # click passes them by name
    installation: Installation, name: str, role: str, environment: str, days: int | None, author: str, as_json: bool
) -> None:
    """Create a token called NAME. The secret is printed this one time."""
    made = installation.tokens.create(name=name, role=role, environment=environment, days=days, author=author)
    if environment == "sandbox" and role in IN_PRODUCTION:
        say(f"In the sandbox it is an operator's. To {IN_PRODUCTION[role]} it needs --environment production.")
    if as_json:
        give_json(made)
        return
    click.echo(made["token"])
    say(f"{made['id']}: {role} in {environment}. Keep it: only its hash is stored.")


@tokens_command.command("list")
@with_installation
@json_option
def list_tokens(installation: Installation, as_json: bool) -> None:
    """Every token, the newest first."""
    found = installation.tokens.all()
    if as_json:
        give_json(found)
        return
    give_table(
        (one["id"], one["name"], one["role"], f"{one['prefix']}…", one["last_used_at"] or "never used",
         f"until {one['expires_at']}" if one["expires_at"] else "")
        for one in found
    )  # fmt: skip


@tokens_command.command("revoke")
@click.argument("token")
@author_or_token_option
@with_installation
@json_option
def revoke(installation: Installation, token: str, author: str, as_json: bool) -> None:
    """Revoke TOKEN (its id or its name): refused everywhere within seconds, on the machine also without Redis."""
    revoked = installation.tokens.revoke(token, author=author)
    if as_json:
        give_json(revoked)
    if revoked["everywhere"]:
        say(f"{revoked['id']} is revoked.")
        return
    say(f"Redis is away: {revoked['id']} is refused on that machine now, and everywhere else once Redis is back.")
    raise SystemExit(Exit.UPSTREAM)
