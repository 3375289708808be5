"""Calls: what happened, to whom, and whether it worked. The list with filters and exports, and one call's page."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

import structlog
from flask import Response, jsonify, request, url_for
from flask.typing import ResponseReturnValue

from webapp.calls.reading import CallReader, Wanted
from webapp.console import call_words
from webapp.console.access import who
from webapp.console.asked import whole_number
from webapp.console.export import safe_cell
from webapp.console.frame import show
from webapp.console.masking import hidden
from webapp.console.needs import needs
from webapp.console.pages import Pages
from webapp.console.sentences import ENDED
from webapp.console.twin import Twin, call_api, command
from webapp.people.roles import Role

log = structlog.get_logger(__name__)
pages = Pages("calls", __name__)
SECTION = "calls"
MILLISECONDS = 10**15
COLUMNS = ("call_sid", "started", "environment", "version", "destination", "rule", "ends", "over", "from", "to")


@pages.page("/calls", Role.VIEWER)
def index() -> ResponseReturnValue:
    wanted = _wanted()
    before = request.args.get("before", "")
    found = _reader().find(wanted, before=whole_number(before, below=MILLISECONDS))
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
            command("calls", "list"),
            call_api("calls"),
            _address("console.calls.as_json", _query()),
        ),
    )


@pages.page("/calls.json", Role.VIEWER)
def as_json() -> ResponseReturnValue:
    """Callers stay masked: an export is a copy that leaves the house."""
    return jsonify([hidden(call.to_plain()) for call in _reader().find(_wanted(), limit=1_000).calls])


@pages.page("/calls.csv", Role.OPERATOR)
def as_csv() -> ResponseReturnValue:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for call in _reader().find(_wanted(), limit=1_000).calls:
        shown = hidden(call.to_plain())
        writer.writerow([safe_cell(shown[column]) for column in COLUMNS])
    log.info("calls exported", by=who().user.id)
    name = f"attachment; filename=calls-{needs().clock():%Y-%m-%d}.csv"
    return Response(out.getvalue(), mimetype="text/csv", headers={"Content-Disposition": name})


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
