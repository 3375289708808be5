"""`handoff calls`: the calls that came in, what happened to them, and what another version would do with them."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

import click

from webapp.calls.plain import Clean, cleaned, masked, revealed
from webapp.commands._answers import (
    Exit,
    author_or_token_option,
    give_json,
    give_json_line,
    give_table,
    json_option,
    say,
)
from webapp.commands._calls import Names, names_in, row, told_in_words
from webapp.commands._installation import with_installation
from webapp.commands._published import names_of
from webapp.commands._simulated import outcome_sentence
from webapp.commands._whole_number import WholeNumber
from webapp.installation.interface import Installation, Plain, Replayed
from webapp.simulator.keeping import FAILS_AT_ONCE, THERE_ALREADY, kept_already, with_test
from webapp.simulator.replay import NotReplayableError

POLL_SECONDS = 0.5
PAGE = 200
SHOWN = 20
CALL = click.argument("call_sid", metavar="CALLSID")
REVEAL = click.option("--reveal", is_flag=True, help="Show numbers and values in full.")
VERSION = click.option("--version", "wanted", default="sandbox", show_default=True,
                       help="sandbox, production or a number.")  # fmt: skip


@click.group("calls")
def calls_command() -> None:
    """The calls that came in: list them, look at one, play one again."""


NO_SANDBOX_CALLS = (
    "No calls of the sandbox yet. This token is for the sandbox: it takes one for production to see production's calls."
)


@calls_command.command("list")
@click.option("--limit", default=20, show_default=True, type=WholeNumber(1, 500))
@click.option("--cursor", help="Go on after a list before.")
@REVEAL
@with_installation
@json_option
def list_calls(installation: Installation, limit: int, cursor: str | None, reveal: bool, as_json: bool) -> None:
    """List the calls, newest first."""
    try:
        page = installation.calls.page(cursor, limit)
    except ValueError:
        raise click.BadParameter("That is not a cursor of a list before.", param_hint="--cursor") from None
    calls = [cleaned(call, _clean(reveal)) for call in page["data"]]
    if as_json:
        give_json({"data": calls, "next_cursor": page["next_cursor"]})
        return
    give_table(row(call) for call in calls)
    if not calls:
        say(NO_SANDBOX_CALLS if installation.calls.of_the_sandbox_alone else "No calls yet.")
    if page["next_cursor"]:
        say(f"Older ones: handoff calls list --cursor {page['next_cursor']}")


@calls_command.command("show")
@CALL
@REVEAL
@with_installation
@json_option
def show_call(installation: Installation, call_sid: str, reveal: bool, as_json: bool) -> None:
    """Show what happened to one call, and why."""
    clean = _clean(reveal)
    call = cleaned(installation.calls.whole(call_sid), clean)
    if as_json:
        give_json(call)
        return
    for line in told_in_words(call, names_in(installation, call["version"]), clean):
        click.echo(line)


@calls_command.command("tail")
@click.option("--count", type=WholeNumber(1), help="Stop after so many calls. Default: until Ctrl-C.")
@REVEAL
@with_installation
@json_option
def tail_calls(installation: Installation, count: int | None, reveal: bool, as_json: bool) -> None:
    """Follow the calls: a line for each one when it has ended. With --json one object a line."""
    say("Waiting for calls. Stop with Ctrl-C.")
    for number, ended in enumerate(_as_they_end(installation), 1):
        call = cleaned(ended, _clean(reveal))
        if as_json:
            give_json_line(call)
        else:
            click.echo("  ".join(row(call)))
        sys.stdout.flush()
        if number == count:
            return


@calls_command.command("replay")
@CALL
@VERSION
@click.option("--save", is_flag=True, help="Keep it as a saved test, in a new sandbox version.")
@author_or_token_option
@with_installation
@json_option
def replay_call(  # noqa: PLR0917  # click passes them by name
    installation: Installation, call_sid: str, wanted: str, save: bool, author: str, as_json: bool
) -> None:
    """Play a stored call against a version and say what would be different. Exit code 1 when something would."""
    try:
        played = installation.player.replay(call_sid, wanted)
    except NotReplayableError as fault:
        say(str(fault))
        raise SystemExit(Exit.NOT_FOUND) from fault
    if as_json:
        give_json({"differences": played.differences, "unknown": list(played.unknown),
                   "simulation": played.simulation.to_plain()})  # fmt: skip
    else:
        _tell_replay(played, names_of(installation.versions.whole(wanted)["document"]), wanted)
    if save:
        _save(installation, call_sid, played, author)
    if played.differences:
        raise SystemExit(Exit.CHECK_FAILED)


@calls_command.command("impact")
@click.option("--before", default="production", show_default=True, help="What calls meet now.")
@click.option("--after", default="sandbox", show_default=True, help="What they would meet.")
@click.option(
    "--hours",
    default=24,
    show_default=True,
    type=WholeNumber(1, 9_600),
    help="Calls of the last hours; a server looks at 168 at most.",
)
@with_installation
@json_option
def impact_of(installation: Installation, before: str, after: str, hours: int, as_json: bool) -> None:
    """Which of the last calls would go somewhere else with another version."""
    found = installation.player.impact(before, after, hours, _with_progress)
    if as_json:
        give_json(found)
    else:
        _tell_impact(found)


def _clean(reveal: bool) -> Clean:
    return revealed if reveal else masked


def _as_they_end(installation: Installation) -> Iterator[Plain]:
    """Calls that end from now on, each once, in the order of their ends as far as a poll can tell."""
    told = {call["call_sid"] for call in installation.calls.page(None, 500)["data"] if call["ends"]}
    while True:
        for call in reversed(installation.calls.page(None, PAGE)["data"]):
            if call["ends"] and call["call_sid"] not in told:
                told.add(call["call_sid"])
                yield call
        time.sleep(POLL_SECONDS)


def _tell_replay(played: Replayed, names: Names, wanted: str) -> None:
    click.echo(f"With {wanted}: {outcome_sentence(played.simulation, names)}")
    for one in played.differences:
        click.echo(f"  {one['what']}: then {one['then']}, now {one['now']}")
    if played.unknown:
        click.echo(f"  {', '.join(played.unknown)}: secret, and so not kept. With its value it could go another way.")
    elif not played.differences:
        click.echo("  It goes the same way as it went.")


def _save(installation: Installation, call_sid: str, played: Replayed, author: str) -> None:
    if played.fails_at_once:
        say(FAILS_AT_ONCE)
        for difference in played.fails_at_once:
            say(f"  {difference}")
        raise SystemExit(Exit.CHECK_FAILED)
    newest = installation.versions.whole("sandbox")
    if name := kept_already(newest["document"], played.saved_test):
        say(THERE_ALREADY.format(name=name))
        return
    brought = installation.versions.bring_in(
        with_test(newest["document"], played.saved_test), expected=newest["version"], author=author,
        note=f"Saved test from call {call_sid}", dry_run=False,
    )  # fmt: skip
    name, number = played.saved_test["name"], brought["saved"]["version"]
    say(f"Saved as the test “{name}” in version {number}. It holds the caller's number.")


def _with_progress(walk: Iterator[Any], length: int) -> Iterator[Any]:
    if not sys.stderr.isatty():
        yield from walk
        return
    with click.progressbar(walk, length=length, label="Calls", file=sys.stderr) as bar:
        yield from bar


def _tell_impact(found: Plain) -> None:
    click.echo(f"{len(found['moved'])} of {found['compared']} would go somewhere else.")
    if found["left_out"]:
        say(f"{found['left_out']} calls were left out: what was known about them has expired, or a secret decides.")
    ways: dict[tuple[str, str], list[str]] = {}
    for one in found["moved"]:
        ways.setdefault(_ways(one["before"], one["after"]), []).append(one["call_sid"])
    for (old, new), sids in sorted(ways.items(), key=lambda item: -len(item[1]))[:SHOWN]:
        click.echo(f"  {len(sids):>5}  {old}  ⇒  {new}   (such as {sids[0]})")


def _ways(before: Plain, after: Plain) -> tuple[str, str]:
    """Both ways in words. Where destinations and end are the same, the addresses that differ are told."""
    old, new = _way(before), _way(after)
    if old != new:
        return old, new
    rung = list(zip_longest(before["rings"], after["rings"], fillvalue=()))
    was = [", ".join(then) or "nobody" for then, now in rung if then != now]
    will = [", ".join(now) or "nobody" for then, now in rung if then != now]
    return f"{old} at {' → '.join(was)}", " → ".join(will)


def _way(went: Plain) -> str:
    return f"{' → '.join(went['path']) or 'nobody'} ({went['ends']})"
