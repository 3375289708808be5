"""`handoff setup-link`: a way into the console for whoever runs this installation."""

from __future__ import annotations

import click

from webapp.commands._answers import (
    author_option,
    give_json,
    json_option,
    note_here,
    say,
    settings_of_this_machine,
    told,
)
from webapp.people.assembly import people_of
from webapp.running_place import read_running


@click.command("setup-link")
@author_option
@json_option
def setup_link_command(author: str, as_json: bool) -> None:
    """Print a link that makes one admin of the console. It works once, for 30 minutes."""
    with told():
        settings = settings_of_this_machine()
        running = read_running(settings.handoff_data_dir)
        link = people_of(settings).set_up.make_link(running.local_url if running else settings.base_url)
        note_here(settings, actor=author, action="made", subject="set-up link")
    if as_json:
        give_json({"link": link})
        return
    click.echo(link)
    say("It works once, for 30 minutes. Whoever opens it becomes an admin.")
