"""`handoff trigger`: a correctly signed webhook to a running app, to see what it answers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from shlex import quote
from typing import Any

import click

from webapp.commands._answers import Exit, give_json, json_option, say, told
from webapp.commands._call_options import CALLED, CALLER, Assignment, CallIdentity, refuse_strange_caller
from webapp.commands._simulated import pretty
from webapp.running_place import read_running
from webapp.setting_checks import origin
from webapp.settings import Settings, settings_of_this_process
from webapp.simulator.far_end import DIALLED, REFERRED
from webapp.voice.variables import CLIENT, PHONE, SIP
from webapp.webhook_forms import NO_ACCOUNT, NotFromTwilioError, form_of_call, new_call_sid
from webapp.webhook_sender import Answered, NothingListensError, WebhookSender

WITHOUT_STATE = ("call", "fallback", "status")
EVENTS = (
    *WITHOUT_STATE, "gathered", "agent-ended", "referred", "screen", "screened", "dial-ended", "refer-ended",
    "recorded",
)  # fmt: skip
ANSWERED = "answered"
OUTCOMES = {"dial-ended": DIALLED, "refer-ended": REFERRED}
OF_THE_CALL = {"from": ("caller", CALLER), "to": ("called", CALLED), "over": ("over", PHONE)}
"""Option → its parameter and default."""
CALLBACK = re.compile(r"/voice/([a-z-]+-ended|gathered|recorded)\?s=([A-Za-z0-9_.=-]+)")


def _origin(_: click.Context, __: click.Parameter, url: str | None) -> str | None:
    try:
        return origin(url)
    except ValueError as fault:
        raise click.BadParameter(f"{url!r} {fault}") from None


@click.command("trigger")
@click.argument("event", type=click.Choice(EVENTS), default="call", metavar="[EVENT]")
@click.option(
    "--url",
    callback=_origin,
    help="Where the app listens. Default: the `handoff run` of this directory, else port 8000.",
)
@click.option("--from", "caller", default=CALLER, show_default=True, help="Who calls.")
@click.option("--to", "called", default=CALLED, show_default=True, help="The number called.")
@click.option("--over", type=click.Choice([PHONE, SIP, CLIENT]), default=PHONE, show_default=True,
              help="How the call arrives.")  # fmt: skip
@click.option("--var", "variables", type=Assignment(), multiple=True, help="sip_x_customer_id=C-1, caller_city=…")
@click.option("--call-sid", type=CallIdentity(), help="The call that goes on. Default: a new one.")
@click.option("--state", help="The s of the callback URL, or the whole URL, from the TwiML before.")
@click.option("--outcome", default=ANSWERED, show_default=True, help="How a dial or a refer ended: busy, no_answer …")
@click.option("--field", "fields", multiple=True, metavar="Name=value", help="A field of the form, as Twilio calls it.")
@json_option
def trigger_command(event: str, url: str | None, as_json: bool, **given: Any) -> None:
    """Post a signed webhook to a running app and print the TwiML that it answers.

    EVENT is one of call (the default), fallback, status, gathered, agent-ended, referred, screen, screened, dial-ended,
    refer-ended, recorded.

    \b
    handoff trigger
    handoff trigger call --over sip --var sip_x_department=billing
    handoff trigger dial-ended --outcome busy --call-sid CA… --state 1.…
    """
    with told():
        settings = settings_of_this_process()
    sender = _sender(settings, url)
    form = _form(event, settings, given)
    try:
        answered = sender.post(_target(event, given["state"]), form)
    except NothingListensError as fault:
        say(f"{sender.listens_at} does not answer: {fault}. Start the app with: handoff run")
        raise SystemExit(Exit.UPSTREAM) from fault
    _tell(sender, answered, form, as_json=as_json)
    following = CALLBACK.search(answered.body)
    if following and not as_json:
        say(f"To go on: handoff trigger {following[1]}{_same_call(form, url, given)} --state {following[2]}")


def _same_call(form: Mapping[str, str], url: str | None, given: Mapping[str, Any]) -> str:
    """Twilio repeats with every webhook who calls whom and how; left out, a SIP call would go on as a phone call."""
    said = [("call-sid", form["CallSid"]), *([("url", url)] if url else [])]
    said += [(name, given[key]) for name, (key, default) in OF_THE_CALL.items() if given[key] != default]
    said += [("var", f"{name}={value}") for name, value in given["variables"]]
    return "".join(f" --{name} {quote(text)}" for name, text in said)


def _sender(settings: Settings, url: str | None) -> WebhookSender:
    """What Twilio signs is the public address, wherever the app listens: a tunnel's, when there is one."""
    running = read_running(settings.handoff_data_dir)
    listens_at = url or (running.local_url if running else f"http://127.0.0.1:{settings.port or 8000}")
    ours = running if running and listens_at.rstrip("/") == running.local_url else None
    signed_as = settings.public_base_url or (ours.base_url if ours else listens_at)
    return WebhookSender(listens_at, signed_as, settings.signing_tokens[0].get_secret_value())


def _target(event: str, state: str | None) -> str:
    text = state.rpartition("s=")[2].partition("#")[0] if state else ""
    if not text and event not in WITHOUT_STATE:
        raise click.UsageError(f"{event} goes on with a call: give --call-sid and --state from the TwiML before.")
    return f"/voice/{event}?s={text}" if text else f"/voice/{event}"


def _form(event: str, settings: Settings, given: Mapping[str, Any]) -> dict[str, str]:
    refuse_strange_caller(given)
    call_sid = given["call_sid"] or new_call_sid()
    try:
        form = form_of_call(
            caller=given["caller"], called=given["called"], over=given["over"], call_sid=call_sid,
            account_sid=settings.twilio_account_sid or NO_ACCOUNT, variables=dict(given["variables"]),
        )  # fmt: skip
    except NotFromTwilioError as fault:
        raise click.BadParameter(str(fault), param_hint="--var") from None
    if event != "call":
        form["CallStatus"] = "in-progress"
    return {**form, **_result(event, given["outcome"]), **_more(given["fields"])}


def _result(event: str, outcome: str) -> Mapping[str, str]:
    table = OUTCOMES.get(event, {})
    if not table and outcome != ANSWERED:
        fix = f"leave it out, or trigger {' or '.join(OUTCOMES)}."
        raise click.BadParameter(f"{event} has no outcome: {fix}", param_hint="--outcome")
    if table and outcome not in table:
        raise click.BadParameter(f"Use one of {', '.join(table)}.", param_hint="--outcome")
    return table.get(outcome, {})


def _more(fields: tuple[str, ...]) -> dict[str, str]:
    pairs = [field.partition("=") for field in fields]
    for name, equals, _ in pairs:
        if not equals or not name:
            raise click.BadParameter(f"{name!r} has no value. Write it as Digits=1.", param_hint="--field")
    return {name: value for name, _, value in pairs}


def _tell(sender: WebhookSender, answered: Answered, form: Mapping[str, str], *, as_json: bool) -> None:
    if as_json:
        give_json({"status": answered.status, "call_sid": form["CallSid"], "twiml": answered.body})
    elif "xml" in answered.content_type and answered.body:
        click.echo("\n".join(pretty(answered.body)))
    if answered.status == 403:
        say(
            f"403: the app does not accept this signature, made over {sender.signed_as}. Run this where the app runs, "
            "with its TWILIO_AUTH_TOKEN, HANDOFF_DATA_DIR and PUBLIC_BASE_URL."
        )
        raise SystemExit(Exit.AUTH)
    if answered.status == 204:
        say("204: the app has taken it. Twilio expects no document here.")
    if answered.status not in (200, 204):
        say(f"The app answered {answered.status}.")
        raise SystemExit(Exit.UPSTREAM)
