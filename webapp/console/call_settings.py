"""Call settings: which numbers may be dialled, the declared variables, how a call is met, the text after a missed one.

Part of the configuration: saved to the sandbox as one version, and promoted like everything else.
"""

from __future__ import annotations

from flask import jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from webapp.console import call_settings_form as about
from webapp.console import editing, shown, told
from webapp.console.conflict import Conflict, configuration_with, opened_at_or, settings_conflict
from webapp.console.forms import Form, form_with, rearrange
from webapp.console.frame import show
from webapp.console.pages import Pages
from webapp.console.twin import Twin, call_api, command
from webapp.people.roles import Role

pages = Pages("call_settings", __name__)


@pages.page("/settings/calls", Role.VIEWER, of_either=True)
def index() -> ResponseReturnValue:
    return _page(Form(about.draft_of(shown.published().compiled.configuration)))


@pages.page("/settings/calls.json", Role.VIEWER, of_either=True)
def as_json() -> ResponseReturnValue:
    document = shown.published().document
    return jsonify({name: document[name] for name in about.PARTS if name in document})


@pages.page("/settings/calls", Role.OPERATOR, post=True)
def save() -> ResponseReturnValue:
    draft, order = editing.typed(), request.form.get("_order", "save")
    if order != "save":
        if not order.startswith("refresh"):
            rearrange(draft, order)
        return _page(Form(draft))
    document = editing.document_at(editing.opened_at())
    parts = about.parts_of(draft, document)
    for name in about.PARTS:
        document.pop(name, None)
    attempt = editing.save(document | parts, note="Changed the call settings")
    if attempt.saved is None:
        conflict = settings_conflict(attempt.conflict, about.PARTS) if attempt.conflict else None
        draft = conflict.followed(draft, lambda parts: about.draft_of(configuration_with(parts))) if conflict else draft
        form = form_with(draft, attempt.problems, root="", renamed=about.renamed)
        return _page(form, conflict=conflict, refusal=attempt.refusal), attempt.status
    told.tell_saved(attempt.saved, "Changed the call settings.")
    return redirect(url_for(".index"))


def _page(form: Form, *, conflict: Conflict | None = None, refusal: str = "") -> str:
    published = shown.published()
    return show(
        "call_settings.html",
        section="settings",
        tab="calls",
        form=form,
        conflict=conflict,
        refusal=refusal,
        version=opened_at_or(published, conflict),
        country=published.compiled.configuration.country,
        intakes=list(about.INTAKES.items()),
        unseen=about.unseen(str(form.typed("intake/kind"))),
        number_types=about.NUMBER_TYPES,
        missed=about.MISSED,
        twin=_twin(),
    )


def _twin() -> Twin:
    version = shown.environment()
    lines = command("config", "export", "--version", version), call_api("configuration", query={"version": version})
    return Twin(*lines, url_for(".as_json"))
