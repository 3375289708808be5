"""Error codes: what each means, what callers noticed, what to do, and how often it was seen here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from flask import jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from webapp.console.frame import show
from webapp.console.needs import needs
from webapp.console.pages import Pages
from webapp.console.pagination import Pager
from webapp.console.twin import Twin, call_api, command
from webapp.messaging.catalogue import Area, Explanation, catalogue
from webapp.messaging.explain import DICTIONARY, explain, normal_code, search
from webapp.messaging.sightings import Sighting, Sightings, plain_sighting
from webapp.people.roles import Role
from webapp.people.store_away import STORE_AWAY

pages = Pages("errors", __name__)
SECTION = "errors"
LONGEST = 40
AREAS = {
    Area.VOICE: "Calls",
    Area.SIP: "SIP answers",
    Area.REFER: "SIP REFER",
    Area.WEBHOOK: "Webhooks",
    Area.TWIML: "TwiML",
    Area.AI_AGENT: "AI agents",
    Area.NUMBERS: "Numbers",
    Area.MESSAGING: "Texts",
    Area.REGISTRATION: "SMS registration",
    Area.ACCOUNT: "Account",
    Area.REST_API: "Twilio’s REST API",
    Area.LOOKUP: "Number look-up",
}
LEVELS = {"error": ("bad", "Error"), "warning": ("warn", "Warning"), "info": ("", "Information")}
NOT_KNOWN = ("", "Not in our list")


@pages.page("/errors", Role.VIEWER)
def index() -> ResponseReturnValue:
    text, area = request.args.get("q", "").strip()[:80], request.args.get("area", "")
    code = normal_code(text) if text else ""
    if code in catalogue() or (code.isdigit() and not search(text)):
        return redirect(url_for(".code", code=code))
    found = search(text, limit=1_000) if text else tuple(catalogue().values()) if area else ()
    found = tuple(entry for entry in found if area in ("", entry.area.value))
    seen = _seen()
    return show(
        "errors.html",
        section=SECTION,
        text=text,
        area=area,
        pager=Pager.of(found, request),
        seen=seen,
        lately=sorted((seen or {}).values(), key=lambda one: one.last, reverse=True)[:50],
        explained=explain,
        areas=AREAS,
        counts=Counter(entry.area for entry in catalogue().values()),
        levels=LEVELS,
        dictionary=DICTIONARY,
        read=datetime.fromisoformat,
        twin=Twin(
            command("explain", *(("--search", text) if text else ("13801",))),
            call_api("errors", "13801"),
            url_for(".as_json", q=text or None),
        ),
    )


@pages.page("/errors.json", Role.VIEWER)
def as_json() -> ResponseReturnValue:
    text = request.args.get("q", "").strip()[:80]
    found = search(text, limit=1_000) if text else tuple(catalogue().values())
    return jsonify([entry.model_dump(mode="json", exclude_none=True) for entry in found])


@pages.page("/errors/<code>", Role.VIEWER)
def code(code: str) -> ResponseReturnValue:
    """An unknown code has a page as well: it says that it is unknown and leads to Twilio's dictionary."""
    entry = explain(code[:LONGEST])
    return show(
        "error_code.html",
        section=SECTION,
        entry=entry,
        sighting=(_seen() or {}).get(entry.code),
        is_store_away=_seen() is None,
        area=AREAS.get(entry.area, ""),
        level=LEVELS[entry.level] if entry.known else NOT_KNOWN,
        read=datetime.fromisoformat,
        twin=Twin(
            command("explain", entry.code), call_api("errors", entry.code), url_for(".code_json", code=entry.code)
        ),
    )


@pages.page("/errors/<code>.json", Role.VIEWER)
def code_json(code: str) -> ResponseReturnValue:
    entry = explain(code[:LONGEST])
    return jsonify(_document(entry, (_seen() or {}).get(entry.code)))


def _document(entry: Explanation, sighting: Sighting | None) -> dict[str, object]:
    seen = plain_sighting(sighting)
    return {**entry.model_dump(mode="json", exclude_none=True), "seen_here": seen}


def _seen() -> Mapping[str, Sighting] | None:
    """None while the store does not answer: explanations ship with the app and need no store."""
    try:
        return Sightings(needs().configurations.store.client).all()
    except STORE_AWAY:
        return None
