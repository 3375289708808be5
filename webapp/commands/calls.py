"""`handoff calls`: the calls that came in, what happened to them, and what another version would do with them."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import click

from webapp.calls.plain import Clean, cleaned, masked, revealed
from webapp.calls.record import CallRecord
from webapp.commands._answers import Exit, author_option, give_json, give_json_line, give_table, json_option, say
from webapp.commands._calls import Stored, names_in, row, stored_calls, told_in_words
from webapp.commands._installation import with_installation
from webapp.commands._published import names_of
from webapp.commands._simulated import outcome_sentence
from webapp.installation.interface import Installation, Plain
from webapp.simulator.impact import Impact, Moved, compare, is_playable
from webapp.simulator.keeping import FAILS_AT_ONCE, differences_of_last, name_of, saved_test_of, with_test
from webapp.simulator.replay import NotReplayableError, Replay, call_of, replay
from webapp.voice.code_rules import CodeRules

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


@calls_command.command("list")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 500))
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
        say("No calls yet.")
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
@click.option("--count", type=click.IntRange(1), help="Stop after so many calls. Default: until Ctrl-C.")
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
@author_option
@json_option
def replay_call(call_sid: str, wanted: str, save: bool, author: str, as_json: bool) -> None:
    """Play a stored call against a version and say what would be different. Exit code 1 when something would."""
    with stored_calls() as stored:
        record, published = stored.call(call_sid), stored.version(wanted)
        origin = stored.began_with(record)
        try:
            played = replay(
                record, published, began_with=origin, deployment=stored.history.deployments.read().deployment
            )
        except NotReplayableError as fault:
            say(str(fault))
            raise SystemExit(Exit.NOT_FOUND) from fault
        _tell_replay(played, names_of(published), wanted, as_json=as_json)
        if save:
            _save(stored, record, played, author)
    if played.differences:
        raise SystemExit(Exit.CHECK_FAILED)


@calls_command.command("impact")
@click.option("--before", default="production", show_default=True, help="What calls meet now.")
@click.option("--after", default="sandbox", show_default=True, help="What they would meet.")
@click.option("--hours", default=24, show_default=True, type=click.IntRange(1, 9_600), help="Calls of the last hours.")
@json_option
def impact_of(before: str, after: str, hours: int, as_json: bool) -> None:
    """Which of the last calls would go somewhere else with another version."""
    since = datetime.now(UTC) - timedelta(hours=hours)
    with stored_calls() as stored:
        old, new = stored.version(before), stored.version(after)
        records = list(stored.calls.all_since(int(since.timestamp() * 1000)))
        moved = list(_with_progress(compare(records, old, new, began_with=stored.began_with), len(records)))
    played = sum(is_playable(record) for record in records)
    found = Impact(played, len(records) - played, tuple(one for one in moved if one is not None))
    if as_json:
        give_json({"compared": found.compared, "left_out": found.left_out, "moved": [_plain(m) for m in found.moved]})
        return
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


def _tell_replay(played: Replay, names: Any, wanted: str, *, as_json: bool) -> None:
    differences = [{"what": one.what, "then": one.expected, "now": one.actual} for one in played.differences]
    if as_json:
        give_json({"differences": differences, "simulation": played.simulation.to_json()})
        return
    click.echo(f"With {wanted}: {outcome_sentence(played.simulation, names)}")
    for one in played.differences:
        click.echo(f"  {one.what}: then {one.expected}, now {one.actual}")
    if not played.differences:
        click.echo("  It goes the same way as it went.")


def _save(stored: Stored, record: CallRecord, played: Replay, author: str) -> None:
    assert record.facts is not None
    call = call_of(record, record.facts, stored.began_with(record))
    name = name_of(record)
    newest = stored.history.versions.get("sandbox")
    document = with_test(newest.document, saved_test_of(call, played.simulation, name))
    deployment = stored.history.deployments.read().deployment
    if differences := differences_of_last(document, deployment=deployment, code_rules=CodeRules.installed()):
        say(FAILS_AT_ONCE)
        for difference in differences:
            say(f"  {difference}")
        raise SystemExit(Exit.CHECK_FAILED)
    saved = stored.history.versions.save(
        document, expected=newest.number, author=author, note=f"Saved test from call {record.call_sid}"
    )
    say(f"Saved as the test “{name}” in version {saved.version.number}. It holds the caller's number.")


def _with_progress(moved: Iterator[Moved | None], length: int) -> Iterator[Moved | None]:
    if not sys.stderr.isatty():
        yield from moved
        return
    with click.progressbar(moved, length=length, label="Calls", file=sys.stderr) as bar:
        yield from bar


def _tell_impact(found: Impact) -> None:
    click.echo(f"{found}.")
    if found.left_out:
        say(f"{found.left_out} calls were left out: what was known about them has expired.")
    ways: dict[tuple[str, str], list[str]] = {}
    for one in found.moved:
        way = (_way(one.before.path, one.before.ends.value), _way(one.after.path, one.after.ends.value))
        ways.setdefault(way, []).append(one.call_sid)
    for (old, new), sids in sorted(ways.items(), key=lambda item: -len(item[1]))[:SHOWN]:
        click.echo(f"  {len(sids):>5}  {old}  ⇒  {new}   (such as {sids[0]})")


def _way(path: tuple[str, ...], ends: str) -> str:
    return f"{' → '.join(path) or 'nobody'} ({ends})"


def _plain(moved: Moved) -> dict[str, Any]:
    return {
        "call_sid": moved.call_sid,
        "before": {"path": list(moved.before.path), "ends": moved.before.ends.value},
        "after": {"path": list(moved.after.path), "ends": moved.after.ends.value},
    }
