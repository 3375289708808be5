"""Test a call: what this caller would get and why, without dialling anything; what was seen becomes a saved test."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.configurations.conflicts import VersionNotFoundError
from webapp.configurations.published import Environment, Published, publish
from webapp.console import editing, test_form, told
from webapp.console.frame import show, site_zone, tell
from webapp.console.needs import needs
from webapp.console.pages import Pages
from webapp.console.played import as_if, compare_with_production, play
from webapp.console.real_call import last_test_call, real_call
from webapp.console.rule_example import example_of
from webapp.console.saved_tests import address_of
from webapp.console.shown import leads_to
from webapp.console.trace_rows import trace_groups
from webapp.console.twin import Twin, call_api, command
from webapp.people.roles import Role

pages = Pages("test_call", __name__)
SECTION = "test_call"


@pages.page("/test", Role.VIEWER)
def index() -> ResponseReturnValue:
    if rule := request.args.get("rule"):
        return redirect(_address_for(rule))
    asked = _asked()
    published = _published(asked)
    played = None if asked.problems or published is None else play(published, asked)
    live = needs().live
    sandbox = editing.sandbox()
    return show(
        "test.html",
        section=SECTION,
        help="test",
        form=asked.form,
        played=played,
        production=compare_with_production(played, asked) if played and asked.version == "sandbox" else None,
        trace=trace_groups(played.simulation.trace, published.compiled.configuration) if played and published else [],
        rule_page=leads_to("rules", "production" if asked.version == "production" else "sandbox"),
        missing=published is None,
        at=asked.call.at,
        sandbox_phone=live.deployment.sandbox_phone,
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
        real=real_call(),
        numbers=list(live.deployment.numbers),
        twin=_twin(asked),
    )


@pages.page("/test/last-call", Role.VIEWER)
def last_call() -> ResponseReturnValue:
    return render_template("console/last_test_call.html", last=last_test_call())


@pages.page("/test.json", Role.VIEWER)
def as_json() -> ResponseReturnValue:
    asked = _asked()
    published = _published(asked)
    if published is None or asked.problems:
        return jsonify(problems=[str(problem) for problem in asked.problems] or ["There is no such version."]), 422
    return jsonify(play(published, asked).simulation.to_plain())


@pages.page("/test/save", Role.OPERATOR, post=True)
def save() -> ResponseReturnValue:
    asked = test_form.read(request.form, site_zone(), needs().clock())
    said: dict[str, Any] = {name: value for name, value in request.form.items() if not name.startswith("_")}
    back = url_for(".index", **said, name=request.form.get("_name") or None)
    if asked.problems:
        tell("Nothing was saved: the call cannot be read.", "bad")
        return redirect(back)
    played = play(editing.sandbox(), asked)
    document = editing.document_at(editing.opened_at())
    name = request.form.get("_name", "").strip()[:100] or played.title[:100]
    if any(test["name"] == name for test in document.get("tests", ())):
        tell(f"Nothing was saved: there is a test called \u201c{name}\u201d already. Choose another name.", "bad")
        return redirect(back)
    test = test_form.saved_document(asked, name, played.simulation.path, played.simulation.ends.value)
    document.setdefault("tests", []).append(test)
    attempt = editing.save(document, note=f"Added the test {name[:80]}")
    if attempt.saved is None:
        told.tell_refused(attempt)
        return redirect(back)
    told.tell_saved(attempt.saved, f"Added the test \u201c{name[:80]}\u201d: it must pass before anything is promoted.")
    return redirect(address_of(len(document["tests"]) - 1))


def _address_for(rule: str) -> str:
    """This page with a call that the rule is about; as it is when there is no such rule."""
    version: Environment = "production" if request.args.get("version") == "production" else "sandbox"
    compiled = needs().live.environment(version).compiled
    found = compiled.configuration.rule_by_id.get(rule)
    query: dict[str, Any] = example_of(found.when, compiled.hours, needs().clock(), site_zone()) if found else {}
    return url_for(".index", **query, version=None if version == "sandbox" else version)


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
        published = live.version(version.version) or publish(version.document, version.version)
    return as_if(published, asked.destination) if asked.destination else published


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


def _twin(asked: test_form.Asked) -> Twin:
    """The same call from code. What follows when a destination is chosen is a question that only this page asks."""
    page = f"{url_for('.as_json')}?{request.query_string.decode('ascii', 'replace')}"
    if asked.destination:
        return Twin(json=page)
    call = asked.call
    words = ["simulate", "--from", call.caller, "--to", call.called, "--over", call.over]
    body: dict[str, Any] = {"from": call.caller, "to": call.called, "over": call.over}
    if at := asked.form.typed("at"):
        words += ["--at", at]
        body["at"] = call.at.isoformat()
    for name, value in call.variables.items():
        words += ["--var", f"{name}={value}"] if call.over == "sip" or not name.startswith("sip_") else []
    for name, value in (("digits", call.digits), ("speech", call.speech)):
        if value:
            words += [f"--{name}", value]
            body[name] = value
    if call.variables:
        body["variables"] = dict(call.variables)
    far_end = list(asked.far_end) if any(word != "answered" for word in asked.far_end) else []
    if far_end:
        words += ["--far-end", ",".join(far_end)]
    words += ["--version", asked.version]
    order = {"version": asked.version, "call": body, "far_end": far_end}
    return Twin(command(*words), call_api("simulations", body=order), page)
