"""`handoff backup`: everything that must outlive a Redis, in one sealed file."""

from __future__ import annotations

import os
from pathlib import Path

import click

from webapp.commands._answers import local_history, say
from webapp.store.sealed import write_whole


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path))
def backup_command(file: Path) -> None:
    """Write versions, audit log, deployment settings and users to FILE (`-`: stdout), sealed under SECRET_KEY."""
    with local_history() as history:
        content = history.backups.make()
    if os.fspath(file) == "-":
        click.echo(content, nl=False)
        return
    write_whole(file, content)
    say(f"Written to {file}: {len(content):,} bytes. Keep SECRET_KEY as well: nothing else opens it.")
