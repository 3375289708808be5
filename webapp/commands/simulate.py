"""`handoff simulate`: where a call would go, and why, without a phone and without a network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from webapp.commands._answers import give_json, json_option, say, say_problems
from webapp.commands._call_options import call_of, call_options
from webapp.commands._published import chosen, file_option, names_of, version_option
from webapp.commands._simulated import told_in_words
from webapp.simulator import AS_CONFIGURED, simulate
from webapp.voice.code_rules import CodeRules


@click.command("simulate")
@call_options
@version_option
@file_option
@click.option("--twiml", is_flag=True, help="Show the TwiML of each step.")
@json_option
def simulate_command(
    far_end: tuple[str, ...], wanted: str | None, file: Path | None, twiml: bool, as_json: bool, **call: Any
) -> None:
    """Play a whole call and say where it goes and why. Nothing is dialled.

    \b
    handoff simulate --var intent=billing --far-end busy,answered
    handoff simulate --over sip --var sip_x_return=yes --at 2026-12-24T15:00 --twiml
    """
    version = chosen(file, wanted)
    configuration = version.published.compiled.configuration
    simulation = simulate(
        version.published,
        call_of(configuration, call),
        far_end,
        environment=AS_CONFIGURED,
        deployment=version.deployment,
        code_rules=CodeRules.installed(),
        problems=version.problems,
    )
    if as_json:
        give_json(simulation.to_json())
        return
    say(f"{configuration.name}, {version.name}")
    for line in told_in_words(simulation, names_of(version.published), twiml=twiml):
        click.echo(line)
    say_problems(version.problems)
