"""`handoff versions`: what ran when, and who changed it."""

from __future__ import annotations

import click

from webapp.commands._answers import give_json, give_table, json_option, say
from webapp.commands._installation import with_installation
from webapp.commands._whole_number import WholeNumber
from webapp.configurations.version_list import spans
from webapp.installation.interface import Installation


@click.command("versions")
@click.option("--limit", default=20, show_default=True, type=WholeNumber(1, 500))
@click.option("--before", type=WholeNumber(2, 999_999_999), help="Only versions older than this number.")
@with_installation
@json_option
def versions_command(installation: Installation, limit: int, before: int | None, as_json: bool) -> None:
    """List the versions, newest first."""
    page = installation.versions.page(before=before, limit=limit)
    if as_json:
        give_json(page)
        return
    give_table(
        (f"v{about['version']}", " ".join(about["environments"]) or "-", about["at"], about["author"], about["note"])
        for about in page["data"]
    )
    if page["lost"]:
        say(f"No longer kept: {', '.join(spans(page['lost']))}.")
    if page["next_before"] is not None:
        say(f"Older ones: handoff versions --before {page['next_before']}")
