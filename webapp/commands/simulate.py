"""`handoff simulate`: where a call would go, and why, without a phone and without a network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from webapp.commands._answers import give_json, json_option, say, say_problems
from webapp.commands._call_options import call_of, call_options
from webapp.commands._installation import with_installation
from webapp.commands._published import chosen, file_option, names_of, version_option
from webapp.commands._simulated import told_in_words
from webapp.installation.interface import Installation


@click.command("simulate")
@call_options
@version_option
@file_option
@click.option("--twiml", is_flag=True, help="Show the TwiML of each step.")
@with_installation
@json_option
def simulate_command(  # noqa: PLR0917  # click passes them by name
    installation: Installation, far_end: tuple[str, ...], wanted: str | None, file: Path | None, twiml: bool,
    as_json: bool, **call: Any,
) -> None:  # fmt: skip
    """Play a whole call and say where it goes and why. Nothing is dialled.

    \b
    handoff simulate --var intent=billing --far-end busy,answered
    handoff simulate --over sip --var sip_x_return=yes --at 2026-12-24T15:00 --twiml
    """
    choice = chosen(installation, file, wanted)
    document = choice.document
    played = installation.player.simulate(choice, call_of(document.get("time_zone", "UTC"), call), far_end)
    if as_json:
        give_json(played.to_plain())
        return
    say(f"{document['name']}, {choice.name}")
    for line in told_in_words(played, names_of(document), twiml=twiml):
        click.echo(line)
    say_problems(played.problems)
