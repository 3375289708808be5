"""`handoff rollback`: go back to a version that production had before."""

from __future__ import annotations

import click

from webapp.commands._answers import author_or_token_option, json_option, note_option
from webapp.commands._installation import with_installation
from webapp.commands._saved import tell_saved
from webapp.commands._whole_number import WholeNumber
from webapp.installation.interface import Installation


@click.command("rollback")
@click.argument("version", type=WholeNumber(1, 999_999_999), required=False, metavar="[VERSION]")
@note_option
@author_or_token_option
@click.option(
    "--expected-production", type=WholeNumber(1, 999_999_999), help="The production version that you want to leave."
)
@with_installation
@json_option
def rollback_command(  # noqa: PLR0917  # click passes them by name
    installation: Installation, version: int | None, note: str, author: str, expected_production: int | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Put VERSION back in production. The sandbox stays as it is.

    Without VERSION it is the one before the last promote. A second roll back in a row would bring back what was just
    left, so it must name its VERSION; it is told who was first, and which versions were in production before.
    """
    versions = installation.versions
    if version is None and expected_production is None:
        expected_production = versions.whole("production")["version"]
    saved = versions.roll_back(version, expected_production=expected_production, author=author, note=note)
    tell_saved(saved, f"Version {saved['version']} is in production again.", as_json=as_json)
