"""One number: where its calls go, connecting it with before and after, giving it back, and what its calls meet."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from webapp.calls.summary import Summary
from webapp.calls.wanted import Wanted
from webapp.configurations.conflicts import EditRefusedError
from webapp.configurations.published import Environment
from webapp.console.access import author, may_see
from webapp.console.frame import show, tell
from webapp.console.needs import needs
from webapp.console.number_words import flaws_in_words, sign_of, state_in_a_word
from webapp.console.pages import Pages
from webapp.console.people_pages import tell_unnoted
from webapp.console.telephony import Telephony, said_by, telephony
from webapp.console.twin import Twin, call_api, command
from webapp.numbers.connecting import Change, NothingToUndoError, NumberNotFoundError, settings_of
from webapp.numbers.noted import CONNECTED, DISCONNECTED, note_number, without_query
from webapp.numbers.recommended import BadFallbackError, NotPublicError
from webapp.numbers.states import state_of
from webapp.people.roles import Role
from webapp.people.store_away import STORE_AWAY
from webapp.twilio_rest import account
from webapp.twilio_rest.answers import Number
from webapp.twilio_rest.errors import TwilioRequestError

pages = Pages("number", __name__)
SECTION = "numbers"
ENVIRONMENTS: Mapping[str, Environment] = {"sandbox": "sandbox", "production": "production"}
CHANGED = "Somebody changed this number meanwhile. This is how it stands now."


@pages.page("/numbers/<e164>", Role.VIEWER)
def index(e164: str) -> ResponseReturnValue:
    return _number_page(e164)


@pages.page("/numbers/<e164>/connect", Role.ADMIN, post=True)
def connect(e164: str) -> ResponseReturnValue:
    """Only what was seen is done: when the number was changed meanwhile, the page is shown anew."""
    line, fallback_url = _line(), request.form.get("fallback_url", "").strip()
    try:
        change = line.numbers.plan_connect(e164, needs().base_url(), fallback_url=fallback_url)
        if request.form.get("_seen") != _fingerprint(change.number):
            return _number_page(e164, refusal=CHANGED), 409
        line.numbers.connect(change)
    except BadFallbackError as error:
        return _number_page(e164, fault=str(error)), 422
    except (TwilioRequestError, NumberNotFoundError, NotPublicError, *STORE_AWAY) as error:
        return _number_page(e164, refusal=_said(error)), _status(error)
    _audit(CONNECTED, change)
    tell(f"{e164} is connected: its calls come here now.")
    return redirect(url_for(".index", e164=e164))


@pages.page("/numbers/<e164>/disconnect", Role.ADMIN, post=True)
def disconnect(e164: str) -> ResponseReturnValue:
    line = _line()
    try:
        change = line.numbers.plan_disconnect(e164)
        if request.form.get("_seen") != _fingerprint(change.number):
            return _number_page(e164, refusal=CHANGED), 409
        line.numbers.disconnect(change)
    except (TwilioRequestError, NumberNotFoundError, NothingToUndoError, *STORE_AWAY) as error:
        return _number_page(e164, refusal=_said(error)), _status(error)
    _audit(DISCONNECTED, change)
    tell(f"{e164} is as it was before it was connected.")
    return redirect(url_for(".index", e164=e164))


@pages.page("/numbers/<e164>/environment", Role.ADMIN, post=True)
def environment(e164: str) -> ResponseReturnValue:
    """Counts for the next call, and is not versioned."""
    chosen = request.form.get("environment", "")
    if chosen not in ENVIRONMENTS:
        abort(400)
    try:
        saved = needs().configurations.deployments.meet(e164, ENVIRONMENTS[chosen], author=author())
    except (EditRefusedError, ValueError, *STORE_AWAY) as error:
        tell(_said(error), "bad")
    else:
        tell(f"Calls to {e164} meet {chosen} from now on.{'' if saved.durable else ' ' + saved.why}")
    return redirect(url_for(".index", e164=e164))


@dataclass(frozen=True, slots=True)
class Looked:
    """One number at Twilio. `undo` is how it would be given back; None when we did not connect it."""

    number: Number | None = None
    connect: Change | None = None
    undo: Change | None = None
    trouble: str = ""
    not_public: str = ""


def _look(line: Telephony, e164: str) -> Looked:
    trouble = not_public = ""
    change = undo = found = None
    try:
        change = line.numbers.plan_connect(e164, needs().base_url())
        found = change.number
    except NotPublicError as error:
        not_public = str(error)
        found = account.find_number(line.client, e164)
    try:
        undo = line.numbers.plan_disconnect(e164)
    except NothingToUndoError:
        undo = None
    except STORE_AWAY as error:
        trouble = _said(error)
    return Looked(found, change, undo, trouble, not_public)


def _number_page(e164: str, *, refusal: str = "", fault: str = "") -> str:
    line = telephony()
    if line is None:
        abort(404, description="No Twilio account is connected, so there are no numbers to show.")
    try:
        looked = _look(line, e164)
    except NumberNotFoundError:
        looked = Looked()
    except TwilioRequestError as error:
        return _without_twilio(e164, refusal or said_by(error))
    if looked.number is None:
        abort(404, description=f"The connected Twilio account has no number {e164[:20]}.")
    deployment = needs().live.deployment
    return show(
        "number.html",
        section=SECTION,
        number=looked.number,
        state=state_of(looked.number, needs().base_url()),
        looked=looked,
        seen=_fingerprint(looked.number),
        refusal=refusal or looked.trouble,
        fault=fault,
        fallback_url=request.form.get("fallback_url", ""),
        environment=deployment.environment_of(e164, ""),
        test_callers=len(deployment.test_callers),
        sign=sign_of,
        word=state_in_a_word,
        shown=(lambda url: url) if may_see(Role.ADMIN) else without_query,
        flaws=flaws_in_words,
        last_call=_last_call(e164),
        twin=Twin(
            command("numbers", "connect", e164, "--dry-run"),
            call_api("numbers", e164, "connect", body={}, query={"dry_run": "true"}),
            url_for("console.numbers.as_json"),
        ),
    )


def _without_twilio(e164: str, refusal: str) -> str:
    environment = needs().live.deployment.environment_of(e164, "")
    return show("number_away.html", section=SECTION, e164=e164, refusal=refusal, environment=environment)


def _line() -> Telephony:
    line = telephony()
    if line is None:
        abort(409, description="No Twilio account is connected.")
    return line


def _fingerprint(number: Number) -> str:
    """Of everything that a change would overwrite: the answer counts for what was shown and nothing else."""
    return hashlib.sha256(json.dumps(settings_of(number), sort_keys=True).encode()).hexdigest()[:16]


def _said(error: Exception) -> str:
    if isinstance(error, TwilioRequestError):
        return said_by(error)
    if isinstance(error, STORE_AWAY):
        return "The store does not answer, so the earlier settings cannot be kept for Undo. Nothing was changed."
    return str(error)


def _status(error: Exception) -> int:
    if isinstance(error, STORE_AWAY):
        return 503
    return 502 if isinstance(error, TwilioRequestError) else 409


def _audit(action: str, change: Change) -> None:
    tell_unnoted(action, note_number(needs().configurations.editor, action, change, actor=author()))


def _last_call(e164: str) -> Summary | None:
    try:
        return next(iter(needs().calls.find(Wanted(text=e164), limit=1).calls), None)
    except STORE_AWAY:
        return None
