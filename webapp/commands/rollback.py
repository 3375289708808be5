"""`handoff rollback`: go back to a version that production had before."""

from __future__ import annotations

import click

from webapp.commands._answers import author_option, json_option, local_history, note_option
from webapp.commands._saved import tell_saved


@click.command("rollback")
@click.argument("version", type=click.IntRange(1), required=False)
@note_option
@author_option
@json_option
def rollback_command(version: int | None, note: str, author: str, as_json: bool) -> None:
    """Put VERSION (default: the one before) back in production. The sandbox stays as it is."""
    with local_history() as history:
        saved = history.versions.roll_back(version, author=author, note=note)
        tell_saved(saved, f"Version {saved.version.number} is in production again.", as_json=as_json)
