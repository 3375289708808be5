"""`handoff release`: the release phase of a deploy."""

from __future__ import annotations

import click

from webapp.commands._answers import Exit, give_json, json_option, local_history, say
from webapp.configurations.release import release


@click.command("release")
@json_option
def release_command(as_json: bool) -> None:
    """Bring a changed configuration file into the sandbox; an empty store begins with it. Promotes nothing."""
    with local_history() as history:
        shipped = history.shipped()
        if shipped.fault is not None and shipped.name:
            say("\n".join(shipped.lines))
            raise SystemExit(Exit.CHECK_FAILED)
        if history.adoption.seed_from_file():
            words, version = f"{shipped.name} is version 1 of sandbox and production now.", 1
        else:
            released = release(history.versions, shipped)
            words, version = released.words, released.saved.version.number if released.saved else 0
    if as_json:
        give_json({"message": words, "version": version or None})
    else:
        click.echo(words)
