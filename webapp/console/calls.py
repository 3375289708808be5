"""Calls: what happened, to whom, and whether it worked. The list with filters and exports, and one call's page."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import structlog
from flask import Response, abort, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from handoff_rules.explain import explain
from handoff_rules.outcomes import Ends, Outcome
from handoff_rules.stored_facts import facts_from_store
from webapp.calls.failure_codes import failure_codes
from webapp.calls.reading import Call, CallReader, Summary, Wanted
from webapp.calls.timeline import Event, Kind
from webapp.configurations.published import Published
from webapp.configurations.version_id import VersionId
from webapp.console import call_words
from webapp.console.access import who
from webapp.console.export import safe_cell
from webapp.console.frame import Twin, show
from webapp.console.needs import needs
from webapp.console.pages import Pages
from webapp.console.sentences import ENDED
from webapp.console.trace_rows import TraceRow, trace_rows
from webapp.messaging.catalogue import Explanation
from webapp.messaging.explain import explain as explain_code
from webapp.people.roles import Role

log = structlog.get_logger(__name__)
pages = Pages("calls", __name__)
SECTION = "calls"
COLUMNS = ("call_sid", "started", "environment", "version", "destination", "rule", "ends", "over", "from", "to")


@pages.page("/calls", Role.VIEWER)
def index() -> ResponseReturnValue:
    wanted = _wanted()
    before = request.args.get("before", "")
    found = _reader().find(wanted, before=int(before) if before.isdigit() and len(before) < 16 else None)
    configuration = needs().live.environment("production").compiled.configuration
    names = _names()
    return show(
        "calls.html",
        section=SECTION,
        wanted=wanted,
        found=found,
        names=names,
        signs=call_words.ENDS_SIGNS,
        ends=[("", "Any end"), *ENDED.items()],
        destinations=[("", "Any destination"), *names.items()],
        words=call_words.ends_words,
        rules={rule.id: rule.name for rule in configuration.rules},
        is_filtered=bool(wanted.destination or wanted.ends or wanted.rule or wanted.text),
        days=needs().settings.call_log_days,
        link=_link,
        twin=Twin(
            "handoff calls list",
            f"curl -H 'Authorization: Bearer $TOKEN' {needs().base_url()}/api/v1/calls",
            _address("console.calls.as_json", _query()),
        ),
    )


@pages.page("/calls.json", Role.VIEWER)
def as_json() -> ResponseReturnValue:
    """Numbers are masked unless the person may see them: an export is a copy that leaves the house."""
    return jsonify([_plain(call) for call in _reader().find(_wanted(), limit=1_000).calls])


@pages.page("/calls.csv", Role.OPERATOR)
def as_csv() -> ResponseReturnValue:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for call in _reader().find(_wanted(), limit=1_000).calls:
        writer.writerow([safe_cell(_plain(call)[column]) for column in COLUMNS])
    log.info("calls exported", by=who().user.id)
    name = f"attachment; filename=calls-{needs().clock():%Y-%m-%d}.csv"
    return Response(out.getvalue(), mimetype="text/csv", headers={"Content-Disposition": name})


@pages.page("/calls/<call_sid>", Role.VIEWER)
def call(call_sid: str) -> ResponseReturnValue:
    return _call_page(call_sid, revealed=False)


@pages.page("/calls/<call_sid>/reveal", Role.OPERATOR, post=True)
def reveal(call_sid: str) -> ResponseReturnValue:
    """The caller's number in full; that it was looked at is logged with the name of who looked."""
    log.info("a caller's number was revealed", call_sid=call_sid[:40], by=who().user.id)
    return _call_page(call_sid, revealed=True)


@pages.page("/calls/<call_sid>.json", Role.VIEWER)
def call_json(call_sid: str) -> ResponseReturnValue:
    found = _get(call_sid)
    events = [
        {"kind": event.kind.value, "attempt": event.attempt, "at_ms": event.at_ms, "detail": dict(event.detail)}
        for event in found.events
    ]
    return jsonify(call=_plain(found.summary), timeline=events)


@pages.page("/calls/<call_sid>/test", Role.VIEWER)
def replay(call_sid: str) -> ResponseReturnValue:
    """The same call against the sandbox: would the change have helped this caller?"""
    found = _get(call_sid)
    summary = found.summary
    own = {
        name: value
        for name, value in found.variables.items()
        if name not in {"caller_id", "called_number", "call_sid", "account_sid", "direction", "arrived_over"}
    }
    query = {"from": summary.caller, "to": summary.called, "over": summary.over or "phone", "version": "sandbox"}
    query["variables"] = "\n".join(f"{name}={value}" for name, value in own.items() if "\n" not in value)[:1_500]
    query["at"] = str((found.facts.get("decision") or {}).get("at", ""))
    query |= {f"far/{place}": outcome.value for place, outcome in enumerate(found.outcomes[:3])}
    return redirect(_address("console.test_call.index", query))


def _call_page(call_sid: str, *, revealed: bool) -> str:
    found = _get(call_sid)
    published = _published(found)
    names, rules = _names(), {}
    if published is not None:
        configuration = published.compiled.configuration
        names |= {item.id: item.name for item in configuration.destinations}
        rules = {rule.id: rule.name for rule in configuration.rules}
    told = [call_words.tell(event, names, rules) for event in found.events]
    secret = published.compiled.secret_variables if published else frozenset()
    return show(
        "call.html",
        section=SECTION,
        view="production" if found.summary.environment == "production" else "sandbox",
        call=found,
        summary=found.summary,
        told=told,
        names=names,
        words=call_words.ends_words(_ends(found)),
        sign=call_words.ENDS_SIGNS.get(_ends(found), ""),
        trace_rows=_trace(found, published),
        meaning=_meaning(found.events),
        revealed=revealed,
        may_reveal=who().user.role.may_act_as(Role.OPERATOR),
        variables={name: "\u2022" * 6 if name in secret else value for name, value in sorted(found.variables.items())},
        instant=lambda milliseconds: datetime.fromtimestamp(milliseconds / 1000, needs().clock().tzinfo),
        twin=Twin(
            f"handoff calls show {call_sid}",
            f"curl -H 'Authorization: Bearer $TOKEN' {needs().base_url()}/api/v1/calls/{call_sid}",
            url_for(".call_json", call_sid=call_sid),
        ),
    )


def _ends(found: Call) -> str:
    """How it ended; where no summary says so yet, the last outcome that ends a call."""
    if found.summary.ends:
        return found.summary.ends
    outcomes = found.outcomes
    if outcomes and outcomes[-1] in (Outcome.ANSWERED, Outcome.REFERRED, Outcome.UNCONFIRMED, Outcome.CALLER_HUNG_UP):
        return outcomes[-1].value
    kinds = {event.kind for event in found.events}
    if Kind.VOICEMAIL in kinds:
        return Ends.VOICEMAIL.value
    return Ends.MESSAGE.value if Kind.SPOKEN in kinds else ""


def _trace(found: Call, published: Published | None) -> list[TraceRow]:
    """Why it went there, worked out again from the stored facts and the version that the call kept."""
    if published is None:
        return []
    try:
        return trace_rows(explain(published.compiled, facts_from_store(found.facts["decision"])))
    except (KeyError, ValueError, TypeError):
        return []


def _published(found: Call) -> Published | None:
    try:
        return needs().live.version(VersionId.parse(found.summary.version))
    except ValueError:
        return None


def _meaning(events: tuple[Event, ...]) -> list[Explanation]:
    """What each failure of this call means, each code once."""
    return [explain_code(code) for code in dict.fromkeys(code for event in events for code in failure_codes(event))]


def _get(call_sid: str) -> Call:
    try:
        found = _reader().get(call_sid)
    except ValueError:
        found = None
    if found is None:
        days = needs().settings.call_log_days
        abort(404, description=f"There is no such call. Details are kept for {days} days.")
    return found


def _plain(call: Summary) -> dict[str, str]:
    from webapp.console.masking import masked

    plain = call.to_plain()
    return plain | {"from": masked(plain["from"]) if plain["from"] else ""}


def _reader() -> CallReader:
    return needs().calls


def _wanted() -> Wanted:
    query = request.args
    environment = "sandbox" if query.get("view") == "test" else "production"
    names = ("destination", "ends", "rule")
    return Wanted(environment, **{name: query.get(name, "")[:80] for name in names}, text=query.get("q", "")[:60])


def _query(**changes: str) -> dict[str, str]:
    kept = {name: value for name, value in request.args.items() if value and name != "before"}
    return {name: value for name, value in (kept | changes).items() if value}


def _link(**changes: str) -> str:
    return _address("console.calls.index", _query(**changes))


def _address(endpoint: str, query: Mapping[str, str]) -> str:
    values: dict[str, Any] = {name: value for name, value in query.items() if value}
    return url_for(endpoint, **values)


def _names() -> dict[str, str]:
    live = needs().live
    both = (live.environment("production"), live.environment("sandbox"))
    return {item.id: item.name for published in both for item in published.compiled.configuration.destinations}
