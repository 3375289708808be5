"""Calls: what happened, to whom, and whether it worked. The list with its filters, and its exports."""

from __future__ import annotations

from collections.abc import Iterator

import structlog
from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from webapp.calls.reading import Found
from webapp.console import call_filters, call_words, editing
from webapp.console.access import who
from webapp.console.asked import whole_number
from webapp.console.call_export import csv_lines, json_lines
from webapp.console.call_names import names_of
from webapp.console.connection import connection
from webapp.console.frame import show
from webapp.console.masking import hidden, readable
from webapp.console.needs import needs
from webapp.console.pages import Pages
from webapp.console.sentences import ENDED
from webapp.console.twin import Twin, call_api, command
from webapp.people.roles import Role
from webapp.people.store_away import STORE_AWAY

log = structlog.get_logger(__name__)
pages = Pages("calls", __name__)
SECTION = "calls"
MILLISECONDS = 10**15
MOST_NEW = 99
PAGE = 40


@pages.page("/calls", Role.VIEWER)
def index() -> ResponseReturnValue:
    wanted, found = call_filters.wanted(), _found()
    production, sandbox = needs().live.environment("production"), editing.sandbox()
    names = names_of(production, sandbox)
    rules = {rule.id: rule.name for one in (production, sandbox) for rule in one.compiled.configuration.rules}
    chips = call_filters.chips(names, rules)
    return show(
        "calls.html",
        section=SECTION,
        view="production" if wanted.environment == "production" else "sandbox",
        wanted=wanted,
        found=found,
        lasting=needs().calls.lasting([call.call_sid for call in found.calls]) if found else {},
        names=names,
        signs=call_words.ENDS_SIGNS,
        ends=[("", "Any end"), *ENDED.items()],
        destinations=[("", "Any destination"), *names.items()],
        rules=[("", "Any rule"), *rules.items()],
        numbers=[("", "Any number"), *((number, readable(number)) for number in needs().live.deployment.numbers)],
        words=call_words.ends_words,
        chips=chips,
        connection=connection(of_tests=wanted.environment == "sandbox") if found and not (found.calls or chips) else [],
        hidden=hidden,
        typed=call_filters.typed,
        unfold=any(call_filters.typed(name) for name in call_filters.MORE),
        paused=request.args.get("live") == "off",
        newest=_newest(found),
        days=needs().settings.call_log_days,
        link=call_filters.link,
        twin=Twin(
            command("calls", "list"),
            call_api("calls"),
            call_filters.link("console.calls.as_json"),
        ),
    )


@pages.page("/calls/new", Role.VIEWER)
def new() -> ResponseReturnValue:
    """How many calls came since the list was drawn: the list itself never moves under its reader."""
    after = whole_number(request.args.get("after", ""), below=MILLISECONDS)
    found = needs().calls.find(call_filters.wanted(), after=after or 0, limit=MOST_NEW)
    url = call_filters.link(after="")
    return render_template("console/calls_new.html", count=len(found.calls), most=MOST_NEW, url=url,
                           pause=call_filters.link(after="", live="off"))  # fmt: skip


@pages.page("/calls.json", Role.VIEWER)
def as_json() -> ResponseReturnValue:
    """Callers stay masked: an export is a copy that leaves the house. Every call that the filters take."""
    return _stream(json_lines(needs().calls, call_filters.wanted()), "application/json")


@pages.page("/calls.csv", Role.OPERATOR)
def as_csv() -> ResponseReturnValue:
    log.info("calls exported", by=who().user.id)
    answer = _stream(csv_lines(needs().calls, call_filters.wanted()), "text/csv")
    answer.headers["Content-Disposition"] = f"attachment; filename=calls-{needs().clock():%Y-%m-%d}.csv"
    return answer


def _stream(lines: Iterator[str], mimetype: str) -> Response:
    """The first line is made at once: a store that is away is told, and not sent as an empty file.

    When it goes away later, the connection breaks off and the browser says that the file is not whole.
    """
    first = next(lines)

    def all_lines() -> Iterator[str]:
        yield first
        yield from lines

    return Response(all_lines(), mimetype=mimetype)


def _found() -> Found | None:
    """None when the store does not answer: the page then says so, in its place."""
    before = whole_number(request.args.get("before", ""), below=MILLISECONDS)
    try:
        return needs().calls.find(call_filters.wanted(), before=before, limit=PAGE)
    except STORE_AWAY:
        return None


def _newest(found: Found | None) -> int:
    """The start of the newest call that the list can have, in milliseconds."""
    if found and found.calls and "before" not in request.args:
        return int(found.calls[0].started.timestamp() * 1000)
    return int(needs().clock().timestamp() * 1000)
