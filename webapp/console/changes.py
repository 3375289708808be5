"""Changes and promote: what will be different for callers, checks, and a confirmation as strong as the risk."""

from __future__ import annotations

import copy

from flask import jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from handoff_rules.diff import diff
from webapp.configurations.conflicts import ConflictError, PromotionRefusedError
from webapp.configurations.published import Published
from webapp.configurations.records import LONGEST_NOTE
from webapp.console import editing
from webapp.console.access import author
from webapp.console.asked import whole_number
from webapp.console.change_words import counted, moves_callers, things
from webapp.console.frame import show, tell
from webapp.console.needs import needs
from webapp.console.pages import Pages
from webapp.console.text_diff import side_by_side, yaml_lines
from webapp.console.twin import Twin, call_api, command
from webapp.people.roles import Role
from webapp.simulator.saved_tests import TestResult, run_saved_test

pages = Pages("changes", __name__)
SECTION = "changes"
VIEWS = {"": "Summary", "side": "Side by side", "yaml": "YAML"}


@pages.page("/changes", Role.VIEWER)
def index() -> ResponseReturnValue:
    return _page()


@pages.page("/changes.json", Role.VIEWER)
def as_json() -> ResponseReturnValue:
    production, sandbox = _both()
    found = diff(production.compiled.configuration, sandbox.compiled.configuration)
    return jsonify([change.to_plain() for change in found])


@pages.page("/changes/promote", Role.RELEASER, post=True)
def promote() -> ResponseReturnValue:
    """Promotes exactly the difference that the page showed: both numbers come back with the form."""
    number, expected = _number("_version"), _number("_production")
    production, sandbox = _both()
    found = diff(production.compiled.configuration, sandbox.compiled.configuration)
    if sandbox.version.number != number:
        tell(f"v{sandbox.version.number} was saved while you were reading. Look at the new difference first.", "warn")
        return redirect(url_for(".index"))
    if moves_callers(found) and request.form.get("understood") != "true":
        return _page(missing_tick=True), 422
    try:
        saved = needs().versions.promote(
            number, expected_production=expected, author=author(), note=request.form.get("note", "")[:LONGEST_NOTE]
        )
    except PromotionRefusedError as refusal:
        return _page(refusal=refusal), 409
    except ConflictError as conflict:
        tell(str(conflict), "warn")
        return redirect(url_for(".index"))
    durable = "" if saved.durable else f" {saved.why}"
    tell(f"v{number} is in production. New calls get it now; calls already in progress finish on v{expected}.{durable}")
    return redirect(url_for("console.versions.index", promoted=number, before=expected))


@pages.page("/changes/revert", Role.OPERATOR, post=True)
def revert() -> ResponseReturnValue:
    """Put one thing back as production has it, in the sandbox."""
    part, identifier = request.form.get("part", ""), request.form.get("id", "")
    document = editing.document_at(editing.opened_at())
    production = needs().live.environment("production").document
    if part in {"destinations", "rules", "hours"}:
        _revert_item(document, production, part, identifier)
    elif part == "settings" and identifier in document | dict(production):
        _revert_key(document, production, identifier)
    attempt = editing.save(document, note=f"Reverted {identifier} to production")
    editing.tell_outcome(attempt, "Put back as in production.")
    return redirect(url_for(".index"))


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


def _page(*, missing_tick: bool = False, refusal: PromotionRefusedError | None = None) -> str:
    production, sandbox = _both()
    found = diff(production.compiled.configuration, sandbox.compiled.configuration)
    grouped = things(found, production.compiled.configuration, sandbox.compiled.configuration)
    view = request.args.get("view", "")
    results = _required_tests(sandbox)
    warnings = [problem for problem in editing.standing_problems() if problem.severity == "warning"]
    return show(
        "changes.html",
        section=SECTION,
        production=production,
        sandbox=sandbox,
        things=grouped,
        counted=counted(grouped),
        risky=moves_callers(found),
        shown_as=view if view in VIEWS else "",
        views=VIEWS,
        pairs=side_by_side(production.document, sandbox.document) if view == "side" else [],
        lines=yaml_lines(production.document, sandbox.document) if view == "yaml" else [],
        warnings=warnings,
        results=results,
        failed=[result for result in results if not result.passed],
        missing_tick=missing_tick,
        refusal=refusal,
        twin=Twin(
            command("promote", str(sandbox.version.number), "--note", "why"),
            call_api(
                "promotions",
                body={"version": sandbox.version.number, "expected_production": production.version.number},
            ),
            url_for(".as_json"),
        ),
    )


def _required_tests(published: Published) -> list[TestResult]:
    now = needs().clock()
    tests = published.compiled.configuration.tests
    rules = needs().services.code_rules
    return [run_saved_test(published, test, now=now, code_rules=rules) for test in tests if test.required]


def _both() -> tuple[Published, Published]:
    live = needs().live
    return live.environment("production"), live.environment("sandbox")


def _number(name: str) -> int:
    return whole_number(request.form.get(name, "")) or 0
