"""`handoff sms status|refresh`: may our numbers text the US, and if not, what is the next step?"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import datetime
from typing import Any

import click

from webapp.calls.plain import masked, revealed
from webapp.commands._answers import Exit, give_json, give_table, json_option, say
from webapp.commands._whole_number import WholeNumber
from webapp.commands._workbench import workbench
from webapp.messaging.a2p.gather import Progress, no_progress
from webapp.messaging.a2p.report import RefreshRunningError, Report, read_report, refresh_report
from webapp.messaging.a2p.verdicts import Readiness, Verdict
from webapp.messaging.sms_log import TextLog, plain_text
from webapp.twilio_rest.answers import FieldError

MARKS = {
    Readiness.READY: "✓",
    Readiness.LIKELY_READY: "✓",
    Readiness.WAITING: "…",
    Readiness.BLOCKED: "✗",
    Readiness.NOT_NEEDED: "-",
    Readiness.UNKNOWN: "?",
}


@click.group("sms")
def sms_command() -> None:
    """Texts: the A2P 10DLC registration of our numbers. Calls need none of it."""


@sms_command.command("status")
@click.argument("senders", nargs=-1, metavar="[+1…]")
@json_option
def status(senders: tuple[str, ...], as_json: bool) -> None:
    """Verdict, reason and next step of each number, as last read. Exit code 1 when one needs attention."""
    with workbench() as bench:
        report = read_report(bench.memory, bench.now())
        if report.checked_at is None:
            _say_unreadable(report)
            say("The registration was never read. Run `handoff sms refresh`.")
            raise SystemExit(Exit.UPSTREAM if report.unreadable else Exit.NOT_FOUND)
        shown = _only(report, senders)
        _give(shown, bench.now(), as_json)
        raise SystemExit(shown.exit_code)


@sms_command.command("refresh")
@json_option
def refresh(as_json: bool) -> None:
    """Read the account at Twilio again; for a scheduler as well."""
    with workbench() as bench:
        try:
            with _Bar() as bar:
                report = refresh_report(bench.account.client(), bench.memory, bench.now(), progress=bar.progress)
        except RefreshRunningError:
            say("The account is being read at this moment. `handoff sms status` shows the result.")
            raise SystemExit(Exit.CONFLICT) from None
        _give(report, bench.now(), as_json)
        raise SystemExit(Exit.UPSTREAM if report.unreadable else Exit.OK)


@sms_command.command("texts")
@click.option("--limit", default=20, show_default=True, type=WholeNumber(1, 500))
@click.option("--cursor", help="Go on after a list before.")
@click.option("--reveal", is_flag=True, help="Show the numbers of recipients in full.")
@json_option
def texts(limit: int, cursor: str | None, reveal: bool, as_json: bool) -> None:
    """List the texts that were sent, newest first: what became of each, and why."""
    clean = revealed if reveal else masked
    with workbench() as bench:
        try:
            page = TextLog(bench.redis).page(cursor, limit)
        except ValueError:
            raise click.BadParameter("That is not a cursor of a list before.", param_hint="--cursor") from None
    rows = [plain_text(text) | {"to": clean(text.to)} for text in page.texts]
    if as_json:
        give_json({"data": rows, "next_cursor": page.next_cursor})
        return
    give_table((row["sent_at"][:19], row["to"], row["status"], row["code"], row["explanation"]) for row in rows)
    if not rows:
        say("No text was sent yet.")
    if page.next_cursor:
        say(f"Older ones: handoff sms texts --cursor {page.next_cursor}")


class _Bar:
    """A progress bar on a terminal's stderr; elsewhere nothing."""

    def __init__(self) -> None:
        self.progress: Progress = no_progress
        self._bar: Any = None

    def __enter__(self) -> _Bar:
        if sys.stderr.isatty():
            self._bar = click.progressbar(length=6, label="Reading the account", file=sys.stderr)
            self._bar.__enter__()
            self.progress = self._move
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.__exit__(None, None, None)

    def _move(self, part: str, done: int, steps: int) -> None:
        self._bar.length = steps
        self._bar.label = f"Reading {part}"[:40]
        self._bar.update(done - self._bar.pos)


def _only(report: Report, senders: tuple[str, ...]) -> Report:
    if not senders:
        return report
    missing = [sender for sender in senders if report.of(sender) is None]
    if missing:
        say(f"The account has no number {', '.join(missing)}.")
        raise SystemExit(Exit.NOT_FOUND)
    kept = tuple(verdict for verdict in report.verdicts if verdict.sender in senders)
    return replace(report, verdicts=kept, warnings=())


def _give(report: Report, now: datetime, as_json: bool) -> None:
    if as_json:
        give_json(report.to_document())
        return
    for verdict in report.verdicts:
        click.echo(_line(verdict))
        for error in verdict.rejected_fields:
            click.echo(f"    Rejected: {error.description or 'without words'}{_in_brackets(error)}")
        if not verdict.next_step.startswith("Nothing"):
            click.echo(f"    Next: {verdict.next_step}")
    for warning in report.warnings:
        say(warning)
    _say_unreadable(report)
    if report.checked_at is not None:
        say(f"Read {age(report.checked_at, now)}. Calls work without any of this.")


def _say_unreadable(report: Report) -> None:
    for missing in report.unreadable:
        say(f"{missing.part.replace('_', ' ').capitalize()}: {missing.message} {missing.fix}")


def _line(verdict: Verdict) -> str:
    code = f" ({verdict.code})" if verdict.code and not verdict.may_send else ""
    return f"{MARKS[verdict.readiness]} {verdict.sender:<14}{verdict.readiness.value:<14}{verdict.reason}{code}"


def _in_brackets(error: FieldError) -> str:
    """Its code and the fields that Twilio names, as far as it does."""
    known = "; ".join(part for part in (error.code, ", ".join(error.fields)) if part)
    return f" ({known})" if known else ""


def age(then: datetime, now: datetime) -> str:
    minutes = max(int((now - then).total_seconds() // 60), 0)
    if minutes < 2:
        return "just now"
    if minutes < 120:
        return f"{minutes} minutes ago"
    return f"{minutes // 60} hours ago" if minutes < 48 * 60 else f"{minutes // 1440} days ago"
