"""`handoff doctor`: everything that could make calls or texts fail, each with one fix."""

from __future__ import annotations

from dataclasses import asdict

import click

from webapp.commands._answers import Exit, author_option, give_json, json_option, say
from webapp.commands._workbench import Workbench, access_of, bench_of
from webapp.configurations.assembly import open_history
from webapp.configurations.conflicts import STORE_FAULTS, StoreNotTrustedError
from webapp.configurations.credentials import CredentialsUnreadableError
from webapp.messaging.a2p.report import refresh_report
from webapp.numbers.account_access import account_access
from webapp.numbers.doctor.examine import examine, has_failed
from webapp.numbers.doctor.findings import Result, Status
from webapp.numbers.doctor.look_around import look_around
from webapp.numbers.doctor.mend import Tools, mend
from webapp.numbers.doctor.surroundings import Surroundings
from webapp.numbers.noted import CONNECTED, note_number
from webapp.numbers.public_address import public_address
from webapp.settings import Settings, SettingsError
from webapp.store.redis import open_redis
from webapp.store.sealed import SealError

MARKS = {Status.OK: "✓", Status.WARN: "⚠", Status.FAIL: "✗", Status.SKIPPED: "-"}


@click.command("doctor")
@click.option("--offline", is_flag=True, help="Ask neither Twilio nor our own public address.")
@click.option("--fix", "fixes", is_flag=True, help="Mend what is safe: nothing that changes where a call goes.")
@author_option
@json_option
def doctor_command(offline: bool, fixes: bool, *, author: str, as_json: bool) -> None:
    """Check everything and say one fix for each fault. Exit code 1 when something fails."""
    results = _results(offline=offline, fixes=fixes, author=author)
    if as_json:
        give_json([asdict(result) for result in results])
    else:
        _tell(results)
    raise SystemExit(Exit.CHECK_FAILED if has_failed(results) else Exit.OK)


def _results(*, offline: bool, fixes: bool, author: str) -> tuple[Result, ...]:
    """Settings that cannot be read are the first finding and leave nothing to look at."""
    try:
        with bench_of(_bench) as bench:
            return _examined(bench, offline=offline, fixes=fixes, author=author)
    except SettingsError as error:
        return tuple(
            Result(
                "settings", "Settings", Status.FAIL, str(fault), f"Correct {fault.name} in the environment or in .env."
            )
            for fault in error.faults
        )


def _examined(bench: Workbench, *, offline: bool, fixes: bool, author: str) -> tuple[Result, ...]:
    seen = _look(bench, offline=offline)
    results = examine(seen)
    if not fixes or bench.access is None:
        return results
    mended = list(mend(results, seen, _tools(bench, author)))
    for sentence in mended or ["Nothing could be mended here."]:
        say(sentence)
    return examine(_look(bench, offline=offline)) if mended else results


def _look(bench: Workbench, *, offline: bool) -> Surroundings:
    history = open_history(bench.settings, client=bench.redis)
    return look_around(
        bench.settings,
        bench.redis,
        history,
        access=bench.access,
        address=bench.address,
        now=bench.now(),
        offline=offline,
    )


def _tools(bench: Workbench, author: str) -> Tools:
    client, editor = bench.account.client(), bench.history.editor
    return Tools(
        bench.numbers,
        lambda: refresh_report(client, bench.memory, bench.now()),
        lambda change: note_number(editor, CONNECTED, change, actor=author),
    )


def _bench(settings: Settings) -> Workbench:
    """Without Redis there may still be credentials in the environment: the doctor works on the worst day."""
    redis = open_redis(settings.store_url)
    try:
        access = access_of(settings, redis)
    except (SealError, StoreNotTrustedError, CredentialsUnreadableError, *STORE_FAULTS):
        access = account_access(settings)
    return Workbench(settings, redis, access, public_address(settings))


def _tell(results: tuple[Result, ...]) -> None:
    for result in results:
        click.echo(f"{MARKS[result.status]} {result.title}: {result.found}")
        if result.fix and result.status in (Status.WARN, Status.FAIL):
            click.echo(f"    Fix: {result.fix}")
    failed = sum(result.status is Status.FAIL for result in results)
    warned = sum(result.status is Status.WARN for result in results)
    say(f"{failed} failed, {warned} warnings, {len(results)} checks.")
