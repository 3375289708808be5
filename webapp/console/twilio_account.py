"""Connecting the Twilio account: typed once, checked with Twilio, kept encrypted, replaced and removed here."""

from __future__ import annotations

import re

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from handoff_rules.problems import Problem
from webapp.configurations.conflicts import EditRefusedError
from webapp.configurations.credentials import TwilioCredentials
from webapp.console.access import author
from webapp.console.forms import Draft, Form
from webapp.console.frame import show, tell
from webapp.console.needs import needs
from webapp.console.pages import Pages
from webapp.console.telephony import AT_A_SCREEN, said_by, telephony
from webapp.console.twin import Twin, call_api, command
from webapp.numbers.account_access import check_credentials, chosen_of
from webapp.people.roles import Role
from webapp.people.store_away import STORE_AWAY
from webapp.twilio_rest.client import TwilioClient
from webapp.twilio_rest.errors import TwilioRequestError

pages = Pages("twilio", __name__)
SECTION = "settings"
SHAPES = {
    "account_sid": (r"AC[0-9a-f]{32}", "The Account SID begins with AC and has 34 signs."),
    "api_key_sid": (r"SK[0-9a-f]{32}", "The SID of an API key begins with SK and has 34 signs."),
    "_auth_token": (r"[0-9a-f]{32}", "The Auth Token has 32 signs, the digits 0 to 9 and the letters a to f."),
}
COPY = "Copy it from the Twilio Console: Account, API keys & tokens."


@pages.page("/settings/twilio", Role.VIEWER)
def index() -> ResponseReturnValue:
    return _page(Form({}))


@pages.page("/settings/twilio", Role.ADMIN, post=True)
def connect() -> ResponseReturnValue:
    """What Twilio does not accept is not kept; the secrets that were typed are never sent back to a page."""
    typed = {name: request.form.get(name, "").strip() for name in (*SHAPES, "_api_key_secret")}
    draft: Draft = {name: typed[name] for name in ("account_sid", "api_key_sid")}
    if problems := _problems(typed):
        return _page(Form(draft, problems, {problem.path: problem for problem in problems})), 422
    entered = TwilioCredentials(
        typed["account_sid"], typed["_auth_token"], typed["api_key_sid"] or None, typed["_api_key_secret"] or None
    )
    try:
        said = _checked(entered)
        saved = needs().configurations.deployments.enter_credentials(entered, author=author())
    except TwilioRequestError as error:
        return _page(Form(draft), refusal=said_by(error)), 422 if error.is_refused_credentials else 502
    except (EditRefusedError, *STORE_AWAY) as error:
        return _page(Form(draft), refusal=_refused(error)), 503
    tell(f"Connected. {said} The account counts for the next call.{'' if saved.durable else ' ' + saved.why}")
    return redirect(url_for("console.numbers.index"))


@pages.page("/settings/twilio/remove", Role.ADMIN, post=True)
def remove() -> ResponseReturnValue:
    try:
        needs().configurations.deployments.remove_credentials(author=author())
    except (EditRefusedError, *STORE_AWAY) as error:
        return _page(Form({}), refusal=_refused(error)), 503
    tell("Removed. Twilio is not asked any more, and calls that its token signed are refused.")
    return redirect(url_for(".index"))


@pages.page("/settings/twilio/check", Role.OPERATOR, post=True)
def check() -> ResponseReturnValue:
    """Do the credentials still work?"""
    line = telephony()
    if line is None:
        return _page(Form({}), refusal="No account is connected, so there is nothing to check."), 409
    try:
        found = check_credentials(line.client)
    except TwilioRequestError as error:
        return _page(Form({}), refusal=said_by(error)), 502
    tell(f"They work. {_in_words(found.status, trial=found.is_trial)}")
    return redirect(url_for(".index"))


def _problems(typed: dict[str, str]) -> tuple[Problem, ...]:
    faults = {
        name: text for name, (shape, text) in SHAPES.items() if typed[name] and not re.fullmatch(shape, typed[name])
    }
    if not typed["account_sid"]:
        faults["account_sid"] = "The Account SID is missing."
    if bool(typed["api_key_sid"]) != bool(typed["_api_key_secret"]):
        missing = "_api_key_secret" if typed["api_key_sid"] else "api_key_sid"
        faults.setdefault(missing, "An API key has a SID and a secret: type both or neither.")
    if not typed["_auth_token"] and not typed["api_key_sid"]:
        faults.setdefault("_auth_token", "The Auth Token is missing, and there is no API key either.")
    return tuple(Problem(name, text, COPY) for name, text in faults.items())


def _checked(entered: TwilioCredentials) -> str:
    """Asks Twilio with the token and with the key, whichever was typed. Raises TwilioRequestError."""
    sid, said = entered.account_sid, ""
    ways = [chosen_of(sid, entered.auth_token, "", "")]
    ways.append(chosen_of(sid, "", entered.api_key_sid or "", entered.api_key_secret or ""))
    for chosen in ways:
        if chosen is not None:
            found = check_credentials(TwilioClient(chosen, patience=AT_A_SCREEN))
            said = said or _in_words(found.status, trial=found.is_trial)
    return said


def _in_words(status: str | None, *, trial: bool) -> str:
    if status is None:
        return "Twilio accepts the API key."
    kind = "a trial account: it calls and texts verified numbers only" if trial else "a full account"
    return f"Twilio accepts them; it is {kind}, and it is {status}."


def _refused(error: Exception) -> str:
    if isinstance(error, STORE_AWAY):
        return "The store does not answer, so nothing was changed. Try again when it is back."
    return str(error)


def _page(form: Form, *, refusal: str = "") -> str:
    account, stored = needs().account, needs().live.deployment.twilio
    return show(
        "twilio_account.html",
        section=SECTION,
        help="twilio",
        form=form,
        refusal=refusal,
        account=account,
        sid=account.account_sid(),
        has_access=account.access() is not None,
        signs=account.signs_for_twilio,
        stored=stored,
        environment_sid=needs().settings.twilio_account_sid,
        twin=Twin(command("doctor"), call_api("deployment")),
    )
