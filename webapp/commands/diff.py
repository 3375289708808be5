"""`handoff diff`: what would be different for callers."""

from __future__ import annotations

import click

from webapp.commands._answers import give_json, json_option, local_history, say
from webapp.configurations.differences import difference


@click.command("diff")
@click.argument("before", default="production")
@click.argument("after", default="sandbox")
@click.option("--yaml", "as_yaml", is_flag=True, help="As unified YAML instead of sentences.")
@json_option
def diff_command(before: str, after: str, as_yaml: bool, as_json: bool) -> None:
    """Compare two versions (numbers, sandbox or production); by default what a promote would change."""
    with local_history() as history:
        old, new = history.versions.get(before), history.versions.get(after)
        found = difference(old, new)
    if as_json:
        changes = [change.to_plain() for change in found.changes]
        give_json({"before": old.number, "after": new.number, "changes": changes, "yaml": found.yaml})
        return
    if not found.changes:
        say(f"Versions {old.number} and {new.number} say the same.")
    elif as_yaml:
        click.echo(found.yaml, nl=False)
    else:
        for change in found.changes:
            click.echo(str(change))
