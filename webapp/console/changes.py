"""Changes and promote: what will be different for callers, checks, and a confirmation as strong as the risk."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from flask import jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from webapp.configurations.conflicts import ConflictError, EditRefusedError, PromotionRefusedError
from webapp.configurations.published import Published
from webapp.configurations.records import LONGEST_NOTE
from webapp.console import editing, told
from webapp.console.access import author
from webapp.console.asked import one_line, whole_number
from webapp.console.call_names import names_of
from webapp.console.destination_list import users_of as destination_users
from webapp.console.difference_view import VIEWS, seen
from webapp.console.frame import show, tell
from webapp.console.hours_now import users_of as hours_users
from webapp.console.impact import Impact, look_at
from webapp.console.needs import needs
from webapp.console.not_promoted import FAULTS, Failed, failed
from webapp.console.pages import Pages
from webapp.console.problem_places import place_of
from webapp.console.promoting import risk_of, run_tests
from webapp.console.sentences import some_of
from webapp.console.twin import Twin, call_api, command
from webapp.console.version_difference import difference
from webapp.people.roles import Role
from webapp.people.store_away import STORE_AWAY

pages = Pages("changes", __name__)
SECTION = "changes"
PARTS = ("destinations", "rules", "hours")


@pages.page("/changes", Role.VIEWER)
def index() -> ResponseReturnValue:
    return _page()


@pages.page("/changes.json", Role.VIEWER)
def as_json() -> ResponseReturnValue:
    return jsonify([change.to_plain() for change in difference(*_both()).changes])


@pages.page("/changes/promote", Role.RELEASER, post=True)
def promote() -> ResponseReturnValue:
    """Promotes exactly the difference that the page showed: both numbers come back with the form."""
    number, expected = _number("_version"), _number("_production")
    production, sandbox = _both()
    if sandbox.version.number != number:
        tell(f"v{sandbox.version.number} was saved while you were reading. Look at the new difference first.", "warn")
        return _page(typed=_note()), 409
    risk = risk_of(difference(production, sandbox).changes, _impact(production, sandbox), _shown_share())
    if not risk.is_confirmed(request.form):
        return _page(unconfirmed=True), 422
    note = one_line(request.form.get("note", ""))[:LONGEST_NOTE]
    try:
        saved = needs().versions.promote(number, expected_production=expected, author=author(), note=note)
    except PromotionRefusedError as refusal:
        return _page(refusal=refusal), 409
    except ConflictError as conflict:
        tell(str(conflict), "warn")
        return _page(typed=_note()), 409
    except FAULTS as fault:
        kept = failed(fault, "promoted")
        return _page(kept=kept), kept.status
    durable = "" if saved.durable else f" {saved.why}"
    tell(f"v{number} is in production. New calls get it now; calls already in progress finish on v{expected}.{durable}")
    return redirect(url_for("console.versions.index"))


@pages.page("/changes/revert", Role.OPERATOR, post=True)
def revert() -> ResponseReturnValue:
    """Put one thing back as production has it, in the sandbox."""
    part, identifier = request.form.get("part", ""), request.form.get("id", "")
    document = editing.document_at(editing.opened_at())
    production = needs().live.environment("production").document
    held = [*production.get(part, ()), *document.get(part, ())] if part in PARTS else []
    name = editing.named(held).get(identifier, "")
    if name and editing.place_of(production.get(part, ()), identifier) is None and (used := _users(part, identifier)):
        tell(f"{name} is still used by {some_of(used)}. Point them elsewhere first.", "bad")
        return redirect(url_for(".index"))
    if part in PARTS:
        _revert_item(document, production, part, identifier)
    elif part == "settings" and identifier in document | dict(production):
        _revert_key(document, production, identifier)
    attempt = editing.save(document, note=f"Reverted {identifier} to production")
    told.tell_outcome(attempt, f"Put {name} back as in production." if name else "Put back as in production.")
    return redirect(_address_of(request.form.get("at", "")))


def _address_of(button: str) -> str:
    """The list, at what stands now where something was put back: its page and its place there."""
    page, _, place = button.partition("/")
    if whole_number(place) is None:
        return url_for(".index")
    return url_for(".index", page=page if page != "1" else None, touched=place, _anchor=f"change-{place}")


def _users(part: str, identifier: str) -> Sequence[str]:
    """What names the thing in the sandbox: without it that could not be saved."""
    if part == "hours":
        return hours_users(identifier, editing.sandbox().compiled.configuration)
    return destination_users(identifier, editing.sandbox().document) if part == "destinations" else ()


def _revert_item(document: editing.Document, production: object, part: str, identifier: str) -> None:
    before = dict(production) if isinstance(production, dict) else {}
    old = list(before.get(part, ()))
    items = document.setdefault(part, [])
    place, place_before = editing.place_of(items, identifier), editing.place_of(old, identifier)
    if place is not None:
        items.pop(place)
    if place_before is not None:
        items.insert(min(place_before, len(items)), copy.deepcopy(old[place_before]))


def _revert_key(document: editing.Document, production: object, key: str) -> None:
    before = dict(production) if isinstance(production, dict) else {}
    document.pop(key, None)
    if key in before:
        document[key] = copy.deepcopy(before[key])


def _page(
    *, unconfirmed: bool = False, refusal: PromotionRefusedError | None = None, kept: Failed | None = None,
    typed: Mapping[str, str] | None = None,
) -> str:  # fmt: skip
    """`typed` is what the form holds: without it all that was sent."""
    production, sandbox = _both()
    view = seen(production, sandbox, ".index")
    impact = _impact(production, sandbox) if view.difference.changes else None
    tests = run_tests(sandbox)
    return show(
        "changes.html",
        promotion=needs().live.deployment.promotion,
        saved_by=_saved_by(sandbox.version.number),
        me=author(),
        section=SECTION,
        production=production,
        sandbox=sandbox,
        read=_read(production, sandbox),
        seen=view,
        touched=whole_number(request.args.get("touched", ""), below=len(view.pager.shown)) if not view.view else None,
        views=VIEWS,
        impact=impact,
        risk=risk_of(view.difference.changes, impact, _shown_share()),
        tests=tests,
        running=not tests.is_over or (impact is not None and not impact.is_over),
        checks=sandbox.compiled.configuration,
        problems=editing.standing_problems(),
        place_of=partial(place_of, document=sandbox.document),
        unconfirmed=unconfirmed,
        refusal=refusal,
        kept=kept,
        typed=request.form if typed is None else typed,
        twin=Twin(
            command("promote", str(sandbox.version.number), "--note", "why"),
            call_api(
                "promotions",
                body={"version": sandbox.version.number, "expected_production": production.version.number},
            ),
            url_for(".as_json"),
        ),
    )


@dataclass(frozen=True, slots=True)
class Read:
    """The numbers of the difference that the person has in front of them, and which stands in the form. A part of the
    page that comes anew on its own must not slip another one in; `is_old`: the page beside it is to be loaded again."""

    version: int
    production: int
    is_old: bool


def _read(production: Published, sandbox: Published) -> Read:
    now = sandbox.version.number, production.version.number
    shown = whole_number(request.args.get("of", "")), whole_number(request.args.get("against", ""))
    version, against = (shown[0] or now[0]), (shown[1] or now[1])
    return Read(version, against, (version, against) != now)


def _note() -> dict[str, str]:
    """What stays typed above a difference that is another one by now: it is to be confirmed anew."""
    return {"note": request.form.get("note", "")}


def _saved_by(number: int) -> str:
    """Who saved this version, where two people are needed for a promote; empty otherwise, and when it is not known."""
    if not needs().live.deployment.promotion.two_people:
        return ""
    try:
        found = needs().versions.list(before=number + 1, limit=1).versions
    except (*STORE_AWAY, EditRefusedError):
        return ""
    return found[0].author if found else ""


def _impact(production: Published, sandbox: Published) -> Impact:
    return look_at(production, sandbox, names_of(production, sandbox))


def _shown_share() -> float:
    """The share of calls that move, as the page said it: another process may have played them."""
    return _number("_moved") / max(_number("_played"), 1)


def _both() -> tuple[Published, Published]:
    live = needs().live
    return live.environment("production"), live.environment("sandbox")


def _number(name: str) -> int:
    return whole_number(request.form.get(name, "")) or 0
