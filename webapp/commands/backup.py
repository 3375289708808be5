"""`handoff backup`: everything that must outlive a Redis, in one sealed file."""

from __future__ import annotations

from pathlib import Path

import click

from webapp.commands._answers import give_json, is_stdout, json_option, local_history, say, write_file


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path))
@json_option
def backup_command(file: Path, as_json: bool) -> None:
    """Write versions, audit log, deployment settings and users to FILE (`-`: stdout), sealed under SECRET_KEY."""
    with local_history() as history:
        content = history.backups.make()
    write_file(file, content)
    if is_stdout(file):
        return
    if as_json:
        give_json({"file": str(file), "bytes": len(content)})
    say(f"Written to {file}: {len(content):,} bytes. Keep SECRET_KEY as well: nothing else opens it.")
