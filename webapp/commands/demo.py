"""`handoff demo`: see it work in a few seconds, without a phone, an account or a network."""

from __future__ import annotations

import signal
from collections.abc import Iterable, Iterator
from time import monotonic
from typing import Any

import click

from webapp.commands._answers import Exit, give_json, give_table, json_option, say
from webapp.demo.player import DemoFault
from webapp.demo.show import Shown, show, why
from webapp.demo.stage import DemoNotStartedError, Stage, stage
from webapp.store.server_program import EmbeddedRedisError
from webapp.webhook_sender import NothingListensError


@click.command("demo")
@json_option
def demo_command(as_json: bool) -> None:
    """Start a server with the demo configuration, play whole signed calls over HTTP, and show where each went."""
    interrupt = Interrupt()
    signal.signal(signal.SIGTERM, interrupt)
    began = monotonic()
    try:
        with stage() as opened:
            say("Playing calls through a real server with a store of its own …")
            shown = list(interrupt.heeded(show(opened)))
            _tell(opened, shown, monotonic() - began, as_json=as_json)
    except (DemoNotStartedError, DemoFault, EmbeddedRedisError, NothingListensError) as fault:
        say(str(fault))
        raise SystemExit(Exit.CHECK_FAILED) from fault
    if any(one.faults for one in shown):
        raise SystemExit(Exit.CHECK_FAILED)


class Interrupt:
    """A signal as an exception, so that the stage is cleared by whatever ends us. Python drops one that is raised while
    an object is being deleted, so it is raised again after the call that is played."""

    def __init__(self) -> None:
        self._came = False

    def __call__(self, *_: Any) -> None:
        self._came = True
        raise KeyboardInterrupt

    def heeded(self, calls: Iterable[Shown]) -> Iterator[Shown]:
        for call in calls:
            if self._came:
                raise KeyboardInterrupt
            yield call


def _tell(opened: Stage, shown: list[Shown], seconds: float, *, as_json: bool) -> None:
    if as_json:
        give_json([_plain(one) for one in shown])
        return
    rows: list[tuple[str, ...]] = [("", "CALL", "WENT TO", "ENDED", "WHY")]
    rows += [_row(one, opened) for one in shown]
    give_table(rows)
    for one in shown:
        for fault in one.faults:
            say(f"{one.call.name}: {fault}.")
    right = sum(not one.faults for one in shown)
    webhooks = sum(one.played.webhooks for one in shown)
    click.echo(f"\n{right} of {len(shown)} calls went as scripted: {webhooks} signed webhooks, {seconds:.1f} s in all.")
    click.echo("Try your own: handoff simulate --help. Serve calls: handoff run.")


def _row(one: Shown, opened: Stage) -> tuple[str, ...]:
    record = one.record
    path = " → ".join(opened.names.get(name, name) for name in record.path) if record else ""
    ends = record.ends.value.replace("_", " ") if record and record.ends else "?"
    return ("✗" if one.faults else "✓", one.call.name, path, ends, why(one, opened.names))


def _plain(one: Shown) -> dict[str, Any]:
    record = one.record
    return {
        "name": one.call.name,
        "call_sid": one.played.call_sid,
        "path": list(record.path) if record else [],
        "ends": record.ends.value if record and record.ends else None,
        "rule": record.rule if record else None,
        "as_scripted": not one.faults,
        "faults": list(one.faults),
        "caller_heard": one.played.heard,
        "called_people_heard": one.played.heard_by_far_end,
    }
