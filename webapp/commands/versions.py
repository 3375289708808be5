"""`handoff versions`: what ran when, and who changed it."""

from __future__ import annotations

import click

from webapp.commands._answers import give_json, give_table, json_option, local_history, say
from webapp.configurations.published import ENVIRONMENTS
from webapp.configurations.records import About, Pointers


@click.command("versions")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 500))
@click.option("--before", type=click.IntRange(2), help="Only versions older than this number.")
@json_option
def versions_command(limit: int, before: int | None, as_json: bool) -> None:
    """List the versions, newest first."""
    with local_history() as history:
        pointers = history.versions.pointers()
        page = history.versions.list(before=before, limit=limit)
    if as_json:
        data = [_plain(about, pointers) for about in page.versions]
        give_json({"data": data, "lost": list(page.lost), "next_before": page.next_before})
        return
    give_table(
        (f"v{about.number}", _marks(about, pointers), about.at, about.author, about.note) for about in page.versions
    )
    if page.lost:
        say(f"No longer kept: {', '.join(map(str, page.lost))}.")
    if page.next_before is not None:
        say(f"Older ones: handoff versions --before {page.next_before}")


def _environments(about: About, pointers: Pointers) -> list[str]:
    identity = str(about.version)
    return [name for name in ENVIRONMENTS if str(pointers.of(name)) == identity]


def _marks(about: About, pointers: Pointers) -> str:
    return " ".join(_environments(about, pointers)) or "-"


def _plain(about: About, pointers: Pointers) -> dict[str, object]:
    return {
        "version": about.number,
        "digest": about.digest,
        "environments": _environments(about, pointers),
        "author": about.author,
        "at": about.at,
        "note": about.note,
        "parent": about.parent,
    }
