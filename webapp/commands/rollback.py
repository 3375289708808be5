"""`handoff rollback`: go back to a version that production had before."""

from __future__ import annotations

import click

from webapp.commands._answers import author_option, json_option, note_option
from webapp.commands._installation import with_installation
from webapp.commands._saved import tell_saved
from webapp.installation.interface import Installation


@click.command("rollback")
@click.argument("version", type=click.IntRange(1, 999_999_999), required=False)
@note_option
@author_option
@with_installation
@json_option
def rollback_command(installation: Installation, version: int | None, note: str, author: str, as_json: bool) -> None:
    """Put VERSION (default: the one before) back in production. The sandbox stays as it is."""
    saved = installation.versions.roll_back(version, author=author, note=note)
    tell_saved(saved, f"Version {saved['version']} is in production again.", as_json=as_json)
