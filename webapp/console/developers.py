"""Developers: how to reach the same from code, export and import with a dry run, health and metrics."""

from __future__ import annotations

from flask import Response, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from handoff_rules.diff import diff
from handoff_rules.problems import Problem
from webapp.configurations.strict_text import TextError
from webapp.configurations.yaml_file import read_yaml, write_yaml
from webapp.console import editing, told
from webapp.console.change_words import counted, things
from webapp.console.frame import show
from webapp.console.needs import needs
from webapp.console.pages import Pages
from webapp.console.twin import Twin, call_api, command
from webapp.people.roles import Role

pages = Pages("developers", __name__)
SECTION = "developers"
LARGEST = 1_000_000


@pages.page("/developers", Role.VIEWER)
def index() -> ResponseReturnValue:
    return _page()


@pages.page("/developers/handoff.yaml", Role.VIEWER)
def export() -> ResponseReturnValue:
    environment = "production" if request.args.get("of") == "production" else "sandbox"
    published = needs().live.environment("production" if environment == "production" else "sandbox")
    text = write_yaml(published.document)
    name = f"attachment; filename=handoff-v{published.version.number}.yaml"
    return Response(text, mimetype="text/yaml; charset=utf-8", headers={"Content-Disposition": name})


@pages.page("/developers/configuration.json", Role.VIEWER)
def as_json() -> ResponseReturnValue:
    return jsonify(editing.sandbox().document)


@pages.page("/developers/import", Role.OPERATOR, post=True)
def bring_in() -> ResponseReturnValue:
    """Without `_order=save` only the difference is shown: nothing is imported unseen."""
    text = request.form.get("document", "")[:LARGEST]
    try:
        document = read_yaml(text)
    except TextError as fault:
        where = f"Line {fault.line}: " if fault.line else ""
        return _page(text=text, problems=(Problem("", f"{where}{fault.message}", fault.fix),)), 422
    configuration, problems = editing.look_over(document)
    if configuration is None or any(problem.severity == "error" for problem in problems):
        return _page(text=text, problems=problems), 422
    if request.form.get("_order") != "save":
        before = editing.sandbox().compiled.configuration
        found = things(diff(before, configuration), before, configuration)
        return _page(text=text, problems=problems, preview=found, seen=True)
    attempt = editing.save(document, note="Imported a file")
    if attempt.saved is None:
        return _page(
            text=text, problems=attempt.problems, refusal=str(attempt.conflict or attempt.refusal)
        ), attempt.status
    told.tell_saved(attempt.saved, "Imported.")
    return redirect(url_for("console.changes.index"))


def _page(
    *, text: str = "", problems: tuple[Problem, ...] = (), preview: object = (), seen: bool = False, refusal: str = ""
) -> str:
    found = list(preview) if isinstance(preview, list) else []
    return show(
        "developers.html",
        section=SECTION,
        tab="",
        text=text,
        problems=problems,
        things=found,
        counted=counted(found),
        seen=seen,
        refusal=refusal,
        base_url=needs().base_url(),
        version=editing.sandbox().version.number,
        twin=Twin(
            command("config", "export"),
            call_api("configuration"),
            url_for(".as_json"),
        ),
    )
