"""Numbers: where the calls of each number go, and a document for when this whole app is down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from flask import jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from webapp import urls
from webapp.calls.summary import Summary
from webapp.console.frame import show, tell
from webapp.console.needs import needs
from webapp.console.number_words import LEADS, flaws_in_words, sign_of, state_in_a_word
from webapp.console.pages import Pages
from webapp.console.pagination import Pager
from webapp.console.telephony import telephony
from webapp.console.twin import Twin, call_api, command
from webapp.numbers.doctor.address_checks import both_answers
from webapp.numbers.doctor.ask_ourselves import ask_ourselves
from webapp.numbers.doctor.findings import Status
from webapp.numbers.fallback_document import fallback_document
from webapp.numbers.listing import NumberList, NumberRow, list_numbers
from webapp.numbers.recommended import NotPublicError, check_is_public
from webapp.numbers.states import NumberState
from webapp.people.roles import Role
from webapp.people.store_away import STORE_AWAY
from webapp.urls import FRAGMENT

pages = Pages("numbers", __name__)
SECTION = "numbers"
SHOWN = (("", "Any state"), ("attention", "Needs attention"), *((leads.value, text) for leads, text in LEADS.items()))

WORST_FIRST = ("bad", "warn", "ok", "")


@pages.page("/numbers", Role.VIEWER)
def index() -> ResponseReturnValue:
    wanted, text = request.args.get("state", ""), request.args.get("q", "").strip()[:60]
    found = _listed()
    rows = [row for row in found.rows if _takes(row, wanted, text)] if found else []
    rows.sort(key=lambda row: WORST_FIRST.index(sign_of(row.state)))
    pager = Pager.of(rows, request)
    return show(
        "numbers.html",
        section=SECTION,
        listed=found,
        pager=pager,
        last_calls=_last_calls(pager.shown),
        test_callers=needs().live.deployment.test_callers,
        counts=Counter(_counts_as(row.state) for row in found.rows) if found else Counter(),
        wanted=wanted,
        text=text,
        states=SHOWN,
        word=state_in_a_word,
        sign=sign_of,
        flaws=flaws_in_words,
        manual=_manual(),
        address_trouble=_address_trouble(),
        account=needs().account,
        twin=Twin(command("numbers", "list"), call_api("numbers"), url_for(".as_json")),
    )


@pages.page("/numbers.json", Role.VIEWER)
def as_json() -> ResponseReturnValue:
    found = _listed()
    rows = [_plain(row) for row in found.rows] if found else []
    return jsonify(connected=found is not None, trouble=found.trouble if found else "", numbers=rows)


@pages.page("/numbers/check", Role.VIEWER, post=True)
def check() -> ResponseReturnValue:
    """Asks our own public address as Twilio would, with a request that rings nobody."""
    keys, account_sid = needs().services.signing_keys(), needs().account.account_sid()
    if trouble := _address_trouble() or ("" if keys else "No Auth Token is known to sign with."):
        tell(trouble, "bad")
    else:
        webhook = ask_ourselves(needs().base_url(), keys[0], account_sid, certificate=lambda _: None)
        found = both_answers(webhook)
        tell(f"{found.found} {found.fix}".strip(), "ok" if found.status is Status.OK else "bad")
    return redirect(url_for(".index"))


@pages.page("/numbers/fallback", Role.VIEWER)
def fallback() -> ResponseReturnValue:
    """A document for a TwiML Bin, so that callers reach somebody even when this whole app is down."""
    emergency = needs().settings.emergency_destination or ""
    destination = request.args.get("to", emergency).strip()[:200]
    words, fault = request.args.get("say", "").strip()[:500], ""
    try:
        document = fallback_document(destination, words)
    except ValueError as error:
        document, fault = "", str(error)
    return show(
        "number_fallback.html",
        section=SECTION,
        destination=destination,
        words=words,
        document=document,
        fault=fault,
        twin=Twin(command("numbers", "fallback")),
    )


def _listed() -> NumberList | None:
    """None while no account is connected."""
    line = telephony()
    if line is None:
        return None
    live, address, now = needs().live, needs().base_url(), needs().clock()
    return list_numbers(line.numbers, line.memory, live.deployment, address, now)


def _last_calls(rows: Sequence[NumberRow]) -> Mapping[str, Summary]:
    try:
        return needs().calls.last_to({row.state.number.phone_number for row in rows})
    except STORE_AWAY:
        return {}


def _counts_as(state: NumberState) -> str:
    return "attention" if state.needs_a_look else "fine" if state.is_fine else "texts alone"


def _takes(row: NumberRow, wanted: str, text: str) -> bool:
    state = row.state
    if wanted and wanted != state.leads.value and not (wanted == "attention" and state.needs_a_look):
        return False
    words = f"{state.number.phone_number} {state.number.friendly_name}".casefold()
    needle = text.casefold()
    return needle in words or (needle.strip("+ -()").replace(" ", "").replace("-", "") or needle) in words


def _manual() -> Mapping[str, str]:
    """What to type into Twilio's Console, in its own words, for whoever does it by hand."""
    base = needs().base_url()
    return {
        "A call comes in": f"{base}{urls.CALL}#{FRAGMENT}",
        "Primary handler fails": f"{base}{urls.FALLBACK}#{FRAGMENT}",
        "Call status changes": f"{base}{urls.STATUS}#{FRAGMENT}",
    }


def _address_trouble() -> str:
    try:
        check_is_public(needs().base_url())
    except NotPublicError as error:
        return str(error)
    return ""


def _plain(row: NumberRow) -> dict[str, object]:
    state = row.state
    return {
        "number": state.number.phone_number, "sid": state.number.sid, "name": state.number.friendly_name,
        "environment": row.environment, "state": state.leads.value, "where": state.where, "says": state.sentence,
        "flaws": [flaw.value for flaw in state.flaws], "fine": state.is_fine, "can_undo": row.can_undo,
        "voice": state.number.voice, "sms": state.number.sms,
    }  # fmt: skip
