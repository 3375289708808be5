"""Test a call: what this caller would get and why, without dialling anything; and the saved tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from handoff_rules.configuration import Configuration
from handoff_rules.outcomes import Ends
from webapp.configurations.conflicts import VersionNotFoundError
from webapp.configurations.published import Published, publish
from webapp.console import editing, test_form
from webapp.console.frame import Twin, show, site_zone
from webapp.console.needs import needs
from webapp.console.pages import Pages
from webapp.console.sentences import ENDS
from webapp.console.trace_rows import trace_rows
from webapp.people.roles import Role
from webapp.simulator import Simulation, simulate
from webapp.simulator.saved_tests import TestResult, run_saved_test

pages = Pages("test_call", __name__)
SECTION = "test_call"


@dataclass(frozen=True, slots=True)
class Played:
    """A simulation in words; `headline` is the one sentence to read first."""

    simulation: Simulation
    headline: str
    names: dict[str, str]
    matched: str


@pages.page("/test", Role.VIEWER)
def index() -> ResponseReturnValue:
    asked = _asked()
    published = _published(asked)
    played = None if asked.problems or published is None else _play(published, asked)
    live = needs().live
    other = None
    production = live.environment("production")
    differs = published is not None and published.version != production.version
    if played and differs and asked.version == "sandbox" and not asked.destination:
        other = _play(production, asked)
    sandbox = editing.sandbox()
    return show(
        "test.html",
        section=SECTION,
        help="test",
        form=asked.form,
        played=played,
        other=other,
        same=_same(played, other, production) if not asked.destination and asked.version == "sandbox" else None,
        trace_rows=trace_rows(played.simulation.trace) if played else [],
        missing=published is None,
        at=asked.call.at,
        version=sandbox.version.number,
        chips=_chips(),
        versions=[
            ("sandbox", f"Sandbox (v{sandbox.version.number})"),
            ("production", f"Production (v{live.environment('production').version.number})"),
        ],
        destinations=[
            ("", "the rules decide"),
            *((item.id, item.name) for item in sandbox.compiled.configuration.destinations),
        ],
        over=list(test_form.OVER.items()),
        far_end=list(test_form.FAR_END.items()),
        attempts=range(test_form.ATTEMPTS),
        tests=len(sandbox.compiled.configuration.tests),
        query=request.query_string.decode(),
        twin=Twin(
            _cli(asked),
            f"curl -H 'Authorization: Bearer $TOKEN' -d @call.json {needs().base_url()}/api/v1/simulations",
            _json_url(),
        ),
    )


@pages.page("/test.json", Role.VIEWER)
def as_json() -> ResponseReturnValue:
    asked = _asked()
    published = _published(asked)
    if published is None or asked.problems:
        return jsonify(problems=[str(problem) for problem in asked.problems] or ["There is no such version."]), 422
    return jsonify(_play(published, asked).simulation.to_json())


@pages.page("/test/save", Role.OPERATOR, post=True)
def save() -> ResponseReturnValue:
    asked = test_form.read(request.form, site_zone(), needs().clock())
    said: dict[str, Any] = {name: value for name, value in request.form.items() if not name.startswith("_")}
    back = url_for(".index", **said)
    played = _play(editing.sandbox(), asked)
    document = editing.document_at(editing.opened_at())
    name = request.form.get("_name", "").strip() or played.headline
    test = test_form.saved_document(asked, name[:100], played.simulation.path, played.simulation.ends.value)
    document.setdefault("tests", []).append(test)
    attempt = editing.save(document, note=f"Added the test {name[:80]}")
    if attempt.saved is None:
        editing.tell_refused(attempt)
        return redirect(back)
    editing.tell_saved(attempt.saved, "It must pass before anything is promoted.")
    return redirect(url_for(".tests"))


@pages.page("/test/saved", Role.VIEWER)
def tests() -> ResponseReturnValue:
    published = editing.sandbox()
    results = _run(published) if request.args.get("run") else None
    return show(
        "tests.html",
        section=SECTION,
        help="test",
        tests=published.compiled.configuration.tests,
        results=results,
        passed=sum(1 for result in results if result.passed) if results else 0,
        version=published.version.number,
        names={item.id: item.name for item in published.compiled.configuration.destinations},
        twin=Twin(
            "handoff test", f"curl -X POST -H 'Authorization: Bearer $TOKEN' {needs().base_url()}/api/v1/test-runs"
        ),
    )


@pages.page("/test/saved/delete", Role.OPERATOR, post=True)
def delete() -> ResponseReturnValue:
    document = editing.document_at(editing.opened_at())
    name = request.form.get("name", "")
    document["tests"] = [test for test in document.get("tests", ()) if test.get("name") != name]
    attempt = editing.save(document, note=f"Deleted the test {name[:80]}")
    editing.tell_outcome(attempt, "Deleted.")
    return redirect(url_for(".tests"))


def _same(played: Played | None, other: Played | None, production: Published) -> bool | None:
    """Whether production does the same with this call; None while nothing was played."""
    if played is None or other is None:
        return None if played is None else editing.sandbox().version == production.version
    one, two = played.simulation, other.simulation
    return (one.path, one.ends) == (two.path, two.ends)


def _run(published: Published) -> list[TestResult]:
    now = needs().clock()
    rules = needs().services.code_rules
    tests = published.compiled.configuration.tests
    return [run_saved_test(published, test, now=now, code_rules=rules) for test in tests]


def _asked() -> test_form.Asked:
    return test_form.read(request.args, site_zone(), needs().clock())


def _published(asked: test_form.Asked) -> Published | None:
    live = needs().live
    if asked.version in ("sandbox", ""):
        published = live.environment("sandbox")
    elif asked.version == "production":
        published = live.environment("production")
    else:
        try:
            version = needs().versions.get(asked.version)
        except VersionNotFoundError:
            return None
        published = publish(version.document, version.version)
    return _as_if(published, asked.destination) if asked.destination else published


def _as_if(published: Published, destination: str) -> Published | None:
    """The same version as if the rules had chosen this destination: it becomes the default, and no rule is left."""
    if destination not in published.compiled.configuration.destination_by_id:
        return None
    changed = {
        **published.document,
        "default_destination": destination,
        "rules": [],
        "intake": {"kind": "none"},
        "tests": [],
    }
    return publish(changed)


def _play(published: Published, asked: test_form.Asked) -> Played:
    environment = "production" if asked.version == "production" else "sandbox"
    simulation = simulate(
        published,
        asked.call,
        asked.far_end,
        environment=environment,
        deployment=needs().live.deployment,
        code_rules=needs().services.code_rules,
    )
    configuration = published.compiled.configuration
    names = {item.id: item.name for item in configuration.destinations}
    return Played(
        simulation, headline(simulation, names), names, _matched(simulation, configuration, asked.destination)
    )


def headline(simulation: Simulation, names: dict[str, str]) -> str:
    """Where the call ends up, in one sentence."""
    path = [names.get(step, step) for step in simulation.path]
    if simulation.ends in (Ends.ANSWERED, Ends.REFERRED, Ends.UNCONFIRMED) and path:
        before = f" after {' and '.join(path[:-1])}" if len(path) > 1 else ""
        return f"{path[-1]} gets the call{before}: {ENDS[simulation.ends]}."
    rung = f"{' and '.join(path)} did not take the call; " if path and simulation.ends is not Ends.RETURNED else ""
    sentence = f"{rung}{ENDS[simulation.ends]}."
    return sentence[0].upper() + sentence[1:]


def _matched(simulation: Simulation, configuration: Configuration, as_if: str) -> str:
    if as_if:
        return "As if a rule had chosen it."
    rule = next((rule for rule in configuration.rules if rule.id == simulation.rule), None)
    return f"Rule \u201c{rule.name}\u201d decided." if rule else "No rule matched, so the default destination decided."


def _chips() -> list[tuple[str, str]]:
    """Moments that people ask about, as addresses of this page."""
    now = needs().clock().astimezone(site_zone())
    sunday = now + timedelta(days=(6 - now.weekday()) % 7 or 7)
    moments: list[tuple[str, datetime | None]] = [
        ("Now", None),
        ("Tonight 22:00", now.replace(hour=22, minute=0)),
        ("Sunday noon", sunday.replace(hour=12, minute=0)),
        ("25 December", now.replace(month=12, day=25, hour=11, minute=0)),
    ]
    kept: dict[str, Any] = {name: value for name, value in request.args.items() if name != "at" and value}
    return [(label, url_for(".index", **kept, at=f"{at:%Y-%m-%dT%H:%M}" if at else None)) for label, at in moments]


def _cli(asked: test_form.Asked) -> str:
    parts = [f"handoff simulate --from {asked.call.caller} --to {asked.call.called} --over {asked.call.over}"]
    parts += [f"--var {name}={value!r}" for name, value in list(asked.call.variables.items())[:6]]
    return " ".join(parts)


def _json_url() -> str:
    return f"{url_for('.as_json')}?{request.query_string.decode()}"
