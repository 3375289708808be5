"""`handoff numbers list|connect|disconnect|check|fallback`: are our Twilio numbers really pointed here?"""

from __future__ import annotations

from collections.abc import Callable

import click

from webapp.commands._answers import Exit, author_option, give_json, give_table, json_option, say, say_unnoted, told
from webapp.commands._workbench import Workbench, workbench
from webapp.configurations.published import Environment
from webapp.numbers.connecting import Change
from webapp.numbers.fallback_document import fallback_document
from webapp.numbers.noted import CONNECTED, DISCONNECTED, note_number
from webapp.numbers.states import FLAWS, NumberState, state_of
from webapp.settings import settings_of_this_process


@click.group("numbers")
def numbers_command() -> None:
    """The Twilio numbers of the account."""


@numbers_command.command("list")
@json_option
def list_numbers(as_json: bool) -> None:
    """Every number, where its calls go, and which environment they meet."""
    with workbench() as bench:
        states = [state_of(number, bench.address.url) for number in bench.numbers.all()]
        meets = _environments(bench)
        if as_json:
            give_json([_document(state, meets) for state in states])
            return
        give_table(
            (_mark(state), state.number.phone_number, meets(state) or "?", state.sentence, _flaws(state))
            for state in states
        )


@numbers_command.command("check")
@click.argument("e164", metavar="[+1…]", required=False)
@json_option
def check(e164: str | None, as_json: bool) -> None:
    """Exit code 1 when a number does not lead here as it should. One for texts alone fails only when it is named."""
    with workbench() as bench:
        states = [state_of(number, bench.address.url) for number in bench.numbers.all()]
        wanted = [state for state in states if e164 in (None, state.number.phone_number)]
        if not wanted:
            say(f"The account has no number {e164}." if e164 else "The account has no numbers.")
            raise SystemExit(Exit.NOT_FOUND)
        if as_json:
            meets = _environments(bench)
            give_json([_document(state, meets) for state in wanted])
        for state in () if as_json else wanted:
            click.echo(f"{_mark(state)} {state.number.phone_number}  {state.sentence}")
            for flaw in state.flaws:
                click.echo(f"    {FLAWS[flaw][0]}")
        is_bad = any(not state.is_fine if e164 else state.needs_a_look for state in wanted)
        raise SystemExit(Exit.CHECK_FAILED if is_bad else Exit.OK)


@numbers_command.command("connect")
@click.argument("e164", metavar="+1…")
@click.option("--fallback-url", default="", help="A second place, such as a TwiML Bin, for when this app is down.")
@click.option("--url", "base_url", default="", help="Our public address; default: settings, else ngrok's agent.")
@click.option("--env", "environment", type=click.Choice(["sandbox", "production"]), help="Which one its calls meet.")
@click.option("--dry-run", is_flag=True, help="Show the change, change nothing.")
@author_option
@json_option
def connect(
    e164: str,
    *,
    fallback_url: str,
    base_url: str,
    environment: Environment | None,
    dry_run: bool,
    author: str,
    as_json: bool,
) -> None:
    """Point a number here. The settings from before are kept for `disconnect`."""
    with workbench() as bench:
        change = bench.numbers.plan_connect(e164, base_url or bench.address.url, fallback_url=fallback_url)
        if environment is not None and not dry_run:
            # Before the number leads here, so that not even its first call meets the other one.
            bench.history.deployments.meet(e164, environment, author=author)
        if environment is not None:
            say(f"Calls to {e164} {'would meet' if dry_run else 'meet'} {environment}.")
        _carry_out(bench, change, dry_run=dry_run, as_json=as_json, undo=False, author=author)


@numbers_command.command("disconnect")
@click.argument("e164", metavar="+1…")
@click.option("--dry-run", is_flag=True, help="Show the change, change nothing.")
@author_option
@json_option
def disconnect(e164: str, *, dry_run: bool, author: str, as_json: bool) -> None:
    """Give a number back as it was before it was connected."""
    with workbench() as bench:
        change = bench.numbers.plan_disconnect(e164)
        _carry_out(bench, change, dry_run=dry_run, as_json=as_json, undo=True, author=author)


@numbers_command.command("fallback")
@click.option("--to", "destination", default="", help="Where callers go; default: EMERGENCY_DESTINATION.")
@click.option("--say", "words", default="", help="What they hear when there is no destination.")
@json_option
def fallback(destination: str, words: str, as_json: bool) -> None:
    """Print a document for a TwiML Bin: a fallback URL that works when this whole app is down."""
    with told():
        chosen = destination or settings_of_this_process().emergency_destination
        try:
            document = fallback_document(chosen, words)
        except ValueError as error:
            raise click.UsageError(str(error)) from None
        if as_json:
            give_json({"twiml": document})
        else:
            click.echo(document)
        say("Paste it at Twilio Console > TwiML Bins, then: handoff numbers connect +1… --fallback-url ITS-URL")


def _carry_out(bench: Workbench, change: Change, *, dry_run: bool, as_json: bool, undo: bool, author: str) -> None:
    if as_json:
        give_json(
            {
                "number": change.number.phone_number,
                "changed": bool(change.differences) and not dry_run,
                "differences": [
                    {"setting": one.parameter, "before": one.before, "after": one.after} for one in change.differences
                ],
            }
        )
    else:
        for one in change.differences:
            click.echo(f"{one.label:<30}{one.before or '(not set)'}  →  {one.after or '(not set)'}")
    if not change.differences:
        say("Nothing to change.")
    elif dry_run:
        say("Nothing was changed (dry run).")
    else:
        bench.numbers.disconnect(change) if undo else bench.numbers.connect(change)
        say(f"{change.number.phone_number} is {'as it was before' if undo else 'connected'}.")
        action = DISCONNECTED if undo else CONNECTED
        say_unnoted(note_number(bench.history.editor, action, change, actor=author))


def _mark(state: NumberState) -> str:
    return "✓" if state.is_fine else "⚠" if state.needs_a_look else "-"


def _flaws(state: NumberState) -> str:
    return " ".join(FLAWS[flaw][0] for flaw in state.flaws if FLAWS[flaw][1] != "ok")


def _environments(bench: Workbench) -> Callable[[NumberState], str | None]:
    """What the calls of a number meet; None, said once, while the store cannot tell."""
    deployment = bench.deployment()
    if deployment is None:
        say("The store cannot be read: which environment each number meets is not known.")
        return lambda state: None
    return lambda state: deployment.environment_of(state.number.phone_number, "")


def _document(state: NumberState, meets: Callable[[NumberState], str | None]) -> dict[str, object]:
    return {
        "number": state.number.phone_number,
        "sid": state.number.sid,
        "name": state.number.friendly_name,
        "environment": meets(state),
        "state": state.leads.value,
        "where": state.where,
        "says": state.sentence,
        "flaws": [flaw.value for flaw in state.flaws],
        "fine": state.is_fine,
        "voice": state.number.voice,
        "sms": state.number.sms,
    }
