"""`handoff diff`: what would be different for callers."""

from __future__ import annotations

import click

from webapp.commands._answers import give_json, json_option, say
from webapp.commands._installation import with_installation
from webapp.installation.interface import Installation


@click.command("diff")
@click.argument("before", default="production")
@click.argument("after", default="sandbox")
@click.option("--yaml", "as_yaml", is_flag=True, help="As unified YAML instead of sentences.")
@with_installation
@json_option
def diff_command(installation: Installation, before: str, after: str, as_yaml: bool, as_json: bool) -> None:
    """Compare two versions (numbers, sandbox or production); by default what a promote would change."""
    found = installation.versions.difference(before, after)
    if as_json:
        give_json(found)
    elif not found["changes"]:
        say(f"Versions {found['before']} and {found['after']} say the same.")
    elif as_yaml:
        click.echo(found["yaml"], nl=False)
    else:
        for change in found["changes"]:
            click.echo(change["sentence"])
