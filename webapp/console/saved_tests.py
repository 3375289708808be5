"""The saved tests: the list, running them with progress, and deleting one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from flask import current_app, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeSerializer

from webapp.configurations.published import Published
from webapp.console import editing, told
from webapp.console.asked import whole_number
from webapp.console.call_names import names_of
from webapp.console.difference_words import in_words
from webapp.console.frame import show, tell
from webapp.console.needs import needs
from webapp.console.pages import Pages
from webapp.console.pagination import SIZE, Pager
from webapp.console.twin import Twin, call_api, command
from webapp.people.roles import Role
from webapp.simulator.saved_tests import TestResult, run_saved_test

pages = Pages("saved_tests", __name__)
AT_ONCE_SECONDS = 0.08
"""A request plays tests for so long and then shows how far it is: workers answer calls too."""
PASSED, FAILED = "+", "-"


@dataclass(frozen=True, slots=True)
class Run:
    """How far a run is. `marks` has one sign for each test played so far, `results` the tests of this request and
    every failure, by their place."""

    marks: str
    results: dict[int, TestResult]
    total: int

    @property
    def done(self) -> int:
        return len(self.marks)

    @property
    def passed(self) -> int:
        return self.marks.count(PASSED)

    @property
    def is_over(self) -> bool:
        return self.done == self.total


@pages.page("/test/saved", Role.VIEWER)
def index() -> ResponseReturnValue:
    published = editing.sandbox()
    run = _go_on(published, _marks(published)) if request.args.get("run") else None
    tests = list(enumerate(published.compiled.configuration.tests))
    if run is not None:  # failures first
        tests.sort(key=lambda item: run.marks[item[0] : item[0] + 1] != FAILED)
    pager = Pager.of(tests, request)
    asked = whole_number(request.args.get("touched", ""))
    return show(
        "tests.html",
        section="test_call",
        help="test",
        touched=asked if asked in {place for place, _ in pager.shown} else None,
        total=len(tests),
        tests=pager.shown,
        pager=pager,
        run=run,
        following=url_for(".index", run=_signed(published, run.marks)) if run and not run.is_over else "",
        version=published.version.number,
        names=names_of(published),
        worded=lambda difference: in_words(difference, published),
        twin=Twin(command("test"), call_api("test-runs", body={}), url_for(".as_json")),
    )


@pages.page("/test/saved.json", Role.VIEWER)
def as_json() -> ResponseReturnValue:
    return jsonify(editing.sandbox().document.get("tests", []))


@pages.page("/test/saved/delete", Role.OPERATOR, post=True)
def delete() -> ResponseReturnValue:
    """Names need not be unique, so the place says which one is meant; the version makes sure that it still stands."""
    document = editing.document_at(editing.opened_at())
    name, tests = request.form.get("name", ""), document.get("tests", [])
    place = whole_number(request.form.get("place", ""), below=len(tests))
    if place is None or tests[place].get("name") != name:
        tell(f"There is no test {name[:80]} at this place. Nothing was deleted.", "bad")
        return redirect(url_for(".index"))
    tests.pop(place)
    attempt = editing.save(document, note=f"Deleted the test {name[:80]}")
    told.tell_outcome(attempt, f"Deleted the test \u201c{name[:80]}\u201d.")
    return redirect(
        address_of(min(place, len(tests) - 1), undo=attempt.saved.version.number if attempt.saved else None)
    )


def address_of(place: int, *, undo: int | None = None) -> str:
    """The page of the list on which the test of this place stands, at the test."""
    if place < 0:
        return url_for(".index", undo=undo)
    page = place // SIZE + 1
    return url_for(
        "console.saved_tests.index", touched=place, page=page if page > 1 else None, undo=undo, _anchor=f"test-{place}"
    )


def _go_on(published: Published, marks: str) -> Run:
    """Play on from where the marks end, for AT_ONCE_SECONDS and at least one test."""
    tests = published.compiled.configuration.tests
    play = partial(
        run_saved_test,
        published,
        now=needs().clock(),
        deployment=needs().live.deployment,
        code_rules=needs().services.code_rules,
    )
    stopwatch = needs().stopwatch
    until = stopwatch() + AT_ONCE_SECONDS
    results: dict[int, TestResult] = {}
    for place in range(len(marks), len(tests)):
        results[place] = play(tests[place])
        marks += PASSED if results[place].passed else FAILED
        if stopwatch() > until:
            break
    failed = [place for place, mark in enumerate(marks) if mark == FAILED and place not in results]
    results |= {place: play(tests[place]) for place in failed[:20]}
    return Run(marks, results, len(tests))


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="saved tests")


def _signed(published: Published, marks: str) -> str:
    """Signed, so that no link shows tests as passed that were never played."""
    return str(_signer().dumps([str(published.version), marks]))


def _marks(published: Published) -> str:
    """What the address says was played already; nothing when it is of another version, or not from us."""
    try:
        version, marks = _signer().loads(request.args["run"])
    except (BadSignature, ValueError, TypeError):
        return ""
    return str(marks) if version == str(published.version) else ""
