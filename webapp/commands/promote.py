"""`handoff promote`: put a version in production."""

from __future__ import annotations

import click

from webapp.commands._answers import author_or_token_option, json_option, note_option
from webapp.commands._installation import with_installation
from webapp.commands._saved import tell_saved
from webapp.commands._whole_number import WholeNumber
from webapp.installation.interface import Installation


@click.command("promote")
@click.argument("version", default="sandbox")
@note_option
@author_or_token_option
@click.option("--expected-production", type=WholeNumber(0), help="The production version that you compared with.")
@with_installation
@json_option
def promote_command(  # noqa: PLR0917  # click passes them by name
    installation: Installation, version: str, note: str, author: str, expected_production: int | None, as_json: bool
) -> None:
    """Put VERSION (default: the newest) in production, after its checks. Running calls keep the version they have."""
    versions = installation.versions
    seen = versions.whole("production")["version"]
    number = versions.whole(version)["version"]
    expected = seen if expected_production is None else expected_production
    saved = versions.promote(number, expected_production=expected, author=author, note=note)
    done = f"in production. To go back: handoff rollback {seen}" if number != seen else "in production already."
    tell_saved(saved, f"Version {number} is {done}", as_json=as_json)
