"""`handoff reseal`: the last step before an old SECRET_KEY can go."""

from __future__ import annotations

import click

from webapp.commands._answers import author_option, give_json, in_number, json_option, local_history, say
from webapp.configurations.resealing import Resealer


@click.command("reseal")
@author_option
@json_option
def reseal_command(author: str, as_json: bool) -> None:
    """Seal everything stored under SECRET_KEY, when the one before is still set as SECRET_KEY_NEXT."""
    with local_history() as history:
        done = Resealer(history.editor, history.credentials).reseal(author)
    if as_json:
        give_json({"versions": done.versions, "unreadable": list(done.unreadable), "durable": done.proof.durable})
        return
    click.echo(f"Sealed {in_number(done.versions)} anew. SECRET_KEY_NEXT can be removed now.")
    if done.unreadable:
        say(f"Sealed under an older key, and left as they are: {', '.join(map(str, done.unreadable))}.")
    if not done.proof.durable:
        say(done.proof.why)
