"""Versions: what ran when, who changed it, and how to go back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import abort, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.calls.reading import MOST_EXAMINED, Handled
from webapp.configurations.conflicts import NeverInProductionError, VersionNotFoundError
from webapp.configurations.records import LONGEST_NOTE, Version
from webapp.configurations.version_id import VersionId
from webapp.configurations.version_list import Page, spans
from webapp.console import editing, told
from webapp.console.access import author
from webapp.console.asked import one_line, whole_number
from webapp.console.call_names import names_of
from webapp.console.difference_view import VIEWS, seen
from webapp.console.frame import show, tell
from webapp.console.needs import needs
from webapp.console.not_promoted import FAULTS, Failed, failed
from webapp.console.pages import Pages
from webapp.console.since_promote import since_promote
from webapp.console.twin import Twin, call_api, command
from webapp.console.version_difference import difference
from webapp.console.version_groups import grouped
from webapp.people.roles import Role
from webapp.people.store_away import STORE_AWAY

pages = Pages("versions", __name__)
SECTION = "versions"


@pages.page("/versions", Role.VIEWER)
def index() -> ResponseReturnValue:
    before = request.args.get("older", "")
    produced: frozenset[VersionId] = frozenset()
    handled: Handled | None = None
    try:
        listed: Page | None = needs().versions.list(before=whole_number(before), limit=25)
        produced = needs().versions.produced()
        handled = needs().calls.handled()
    except STORE_AWAY:
        listed = None
    live = needs().live
    return show(
        "versions.html",
        section=SECTION,
        page=listed,
        lost=spans(listed.lost) if listed else [],
        groups=grouped(listed.versions, produced) if listed else [],
        read=datetime.fromisoformat,
        sandbox=live.environment("sandbox").version.number,
        production=live.environment("production").version.number,
        produced=produced,
        handled=handled,
        most=MOST_EXAMINED,
        days=needs().settings.call_log_days,
        since=since_promote() if not before else None,
        names=names_of(live.environment("production")),
        twin=Twin(command("versions"), call_api("versions"), url_for(".as_json")),
    )


@pages.page("/versions/since-promote", Role.VIEWER)
def since_the_promote() -> ResponseReturnValue:
    """The counts alone, for a page that is open; nothing once they are no longer watched."""
    since = since_promote()
    if since is None:
        return "", 204
    names = names_of(needs().live.environment("production"))
    return render_template("console/since_promote.html", since=since, names=names)


@pages.page("/versions.json", Role.VIEWER)
def as_json() -> ResponseReturnValue:
    listed = needs().versions.list(limit=100)
    return jsonify(
        [{"number": item.number, "author": item.author, "at": item.at, "note": item.note} for item in listed.versions]
    )


@pages.page("/versions/compare", Role.VIEWER)
def compare() -> ResponseReturnValue:
    old, new = (_version(name) for name in ("from", "to"))
    return show(
        "compare.html",
        section=SECTION,
        old=old,
        new=new,
        seen=seen(old, new, ".compare"),
        views=VIEWS,
        twin=Twin(
            command("diff", str(old.number), str(new.number)),
            call_api("versions", str(new.number), "diff", query={"against": str(old.number)}),
            _compared(old.number, new.number),
        ),
    )


@pages.page("/versions/compare.json", Role.VIEWER)
def compare_json() -> ResponseReturnValue:
    old, new = (_version(name) for name in ("from", "to"))
    return jsonify([change.to_plain() for change in difference(old, new).changes])


def _compared(old: int, new: int) -> str:
    query: dict[str, Any] = {"from": old, "to": new}
    return url_for(".compare_json", **query)


@pages.page("/versions/<int:number>/roll-back", Role.RELEASER)
def ask_roll_back(number: int) -> ResponseReturnValue:
    """What rolling back would change, and one button."""
    target = _get(number)
    if target.version not in needs().versions.produced():
        raise NeverInProductionError(number)
    return _roll_back_page(number, target)


def _roll_back_page(number: int, target: Version | None, kept: Failed | None = None) -> str:
    """Without `target`, which is in the store alone, the form stands there with what was typed and no difference."""
    now = needs().live.environment("production")
    return show(
        "roll_back.html",
        section=SECTION,
        view="production",
        number=number,
        target=target,
        kept=kept,
        note=request.form.get("note", ""),
        read=datetime.fromisoformat,
        now=now.version.number,
        seen=seen(now, target, ".ask_roll_back") if target else None,
        twin=Twin(
            command("rollback", str(number)),
            call_api("rollbacks", body={"version": number, "expected_production": now.version.number}),
            _compared(now.version.number, number),
        ),
    )


@pages.page("/versions/<int:number>/roll-back", Role.RELEASER, post=True)
def roll_back(number: int) -> ResponseReturnValue:
    try:
        saved = needs().versions.roll_back(
            number,
            expected_production=whole_number(request.form.get("_production", "")),
            author=author(),
            note=one_line(request.form.get("note", ""))[:LONGEST_NOTE],
        )
    except (NeverInProductionError, VersionNotFoundError):
        raise
    except FAULTS as fault:
        kept = failed(fault, "rolled back")
        return _roll_back_page(number, _in_reach(number), kept), kept.status
    durable = "" if saved.durable else f" {saved.why}"
    tell(
        f"Production is v{number} again. The sandbox keeps its changes, so production is behind it on purpose.{durable}"
    )
    return redirect(url_for(".index"))


@pages.page("/versions/<int:number>/restore", Role.OPERATOR, post=True)
def restore(number: int) -> ResponseReturnValue:
    """An older version's content as a new sandbox version; production is not touched."""
    attempt = editing.save(_get(number).document, note=f"Restored v{number}")
    told.tell_outcome(attempt, f"v{number} is back in the sandbox.")
    return redirect(url_for(".index"))


@pages.page("/versions/undo", Role.OPERATOR, post=True)
def undo() -> ResponseReturnValue:
    """Take the newest save back, by saving what was before it; a save in between keeps it from happening."""
    newest = _get(editing.opened_at())
    parent = (newest.parent or "").partition("-")[0]
    number = whole_number(parent)
    if number is None:
        abort(404, description="There is nothing before this version.")
    attempt = editing.save(_get(number).document, note=f"Undid v{newest.number}: {newest.note}")
    told.tell_outcome(attempt, "Undone.")
    return redirect(url_for("console.versions.index"))


def _version(name: str) -> Version:
    number = whole_number(request.args.get(name, ""))
    if number is None:
        abort(404, description="Choose two versions to compare.")
    return _get(number)


def _in_reach(number: int) -> Version | None:
    try:
        return needs().versions.get(number)
    except FAULTS:
        return None


def _get(number: int) -> Version:
    try:
        return needs().versions.get(number)
    except VersionNotFoundError as missing:
        abort(404, description=str(missing))
