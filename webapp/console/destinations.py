"""Destinations: where calls can go. List, add, edit, duplicate, switch off, delete with undo, and the live preview."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import abort, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from handoff_rules.destinations import Method
from handoff_rules.problems import Problem, errors_in
from webapp.configurations.naming import slug_from
from webapp.console import destination_form as forms
from webapp.console import destination_list, editing, shown, told
from webapp.console.conflict import conflict_page, opened_at_or
from webapp.console.destination_preview import Preview, preview_of
from webapp.console.forms import Draft, Form, form_with, rearrange
from webapp.console.frame import show, tell
from webapp.console.header_form import adds_header
from webapp.console.pages import Pages
from webapp.console.pagination import Pager
from webapp.console.ring_times import ring_times
from webapp.console.sentences import METHODS, OUTCOMES, STEP_OUTCOMES, method_name, some_of
from webapp.console.twin import Twin
from webapp.people.roles import Role

pages = Pages("destinations", __name__)
SECTION = "destinations"
ROWS = 30
"""On a page of the list: each has all its actions, and a page may weigh 60 kB."""


@pages.page("/destinations", Role.VIEWER, of_either=True)
def index() -> ResponseReturnValue:
    traffic = destination_list.last_day()
    rows = destination_list.rows(traffic)
    wanted = destination_list.Wanted.from_query(request.args)
    found = [row for row in rows if wanted.takes(row)]
    pager = Pager.of(found, request, ROWS)
    asked = request.args.get("touched", "")
    return show(
        "destinations.html",
        section=SECTION,
        total=len(rows),
        found=len(found),
        rows=pager.shown,
        touched=asked if any(row.destination.id == asked for row in pager.shown) else "",
        pager=pager,
        wanted=wanted,
        filters=destination_list.FILTERS,
        traffic=traffic,
        methods=[("", "Any method"), *((method.value, method_name(method)) for method in Method)],
        twin=_twin(),
    )


@pages.page("/destinations.json", Role.VIEWER, of_either=True)
def as_json() -> ResponseReturnValue:
    return jsonify(shown.published().document["destinations"])


@pages.page("/destinations/<identifier>.json", Role.VIEWER, of_either=True)
def one_as_json(identifier: str) -> ResponseReturnValue:
    return jsonify(_stored(identifier))


@pages.page("/destinations/new", Role.OPERATOR)
def new() -> ResponseReturnValue:
    draft = forms.blank_draft(editing.sandbox().compiled.configuration.default_destination)
    source = request.args.get("like", "")
    if source:
        draft = forms.draft_of(_stored(source))
        draft["name"] = f"{draft['name']} (copy)"
    return _form(Form(draft), identifier="")


@pages.page("/destinations/new", Role.OPERATOR, post=True)
def create() -> ResponseReturnValue:
    return _submitted("")


@pages.page("/destinations/<identifier>", Role.VIEWER, of_either=True)
def edit(identifier: str) -> ResponseReturnValue:
    return _form(Form(forms.draft_of(_stored(identifier))), identifier=identifier)


@pages.page("/destinations/<identifier>", Role.OPERATOR, post=True)
def update(identifier: str) -> ResponseReturnValue:
    return _submitted(identifier)


@pages.page("/destinations/<identifier>/switch", Role.OPERATOR, post=True)
def switch(identifier: str) -> ResponseReturnValue:
    document = editing.document_at(editing.opened_at())
    place = _place(document, identifier)
    destination = document["destinations"][place]
    enabled = not destination.get("enabled", True)
    destination["enabled"] = enabled
    word = "Enabled" if enabled else "Disabled"
    note = f"{word} {destination['name']}"
    attempt = editing.save(document, note=note)
    if attempt.saved is None:
        return _refused(attempt, identifier)
    then = "" if enabled else " Rules that point to it go straight to its fallback."
    told.tell_saved(attempt.saved, f"{note}.{then}")
    return _to_the_list(touched=identifier, _anchor=f"destination-{identifier}")


@pages.page("/destinations/<identifier>/delete", Role.OPERATOR, post=True)
def delete(identifier: str) -> ResponseReturnValue:
    document = editing.document_at(editing.opened_at())
    gone = document["destinations"].pop(_place(document, identifier))
    used = destination_list.users_of(identifier, document)
    if used:
        tell(f"{gone['name']} is still used by {some_of(used)}. Point them elsewhere first.", "bad")
        return _back(identifier)
    attempt = editing.save(document, note=f"Deleted {gone['name']}")
    if attempt.saved is None:
        return _refused(attempt, identifier)
    told.tell_saved(attempt.saved, f"Deleted {gone['name']}.")
    return _to_the_list(undo=attempt.saved.version.number)


@pages.page("/destinations/preview", Role.VIEWER, post=True)
def preview() -> ResponseReturnValue:
    draft = editing.typed()
    identifier = request.form.get("_id", "")
    return show("destination_preview.html", section=SECTION, preview=_preview(draft, identifier))


def _submitted(identifier: str) -> ResponseReturnValue:
    """A button of the form: a row's order, a suggested value, or save."""
    draft = editing.typed()
    order = request.form.get("_order", "save")
    if order.startswith("use:"):
        _, name, value = order.split(":", 2)
        draft[name] = value
        return _form(Form(draft), identifier=identifier)
    if adds_header(draft, order):
        return _form(Form(draft), identifier=identifier)
    if not order.startswith("save"):
        rows = order.partition(":")[2].split("/")[0]
        rearrange(draft, order, copy.deepcopy(dict(forms.NEW_ROWS.get(rows, {}))))
        return _form(Form(draft), identifier=identifier)
    return _saved(draft, identifier, then=order)


def _saved(draft: Draft, identifier: str, then: str) -> ResponseReturnValue:
    base = editing.document_at(editing.opened_at())
    document, place = _with(draft, identifier, base)
    stored = document["destinations"][place]
    word = "Changed" if identifier else "Added"
    if taken := _name_taken(document["destinations"], place):
        attempt = editing.Attempt(problems=(taken, *errors_in(editing.look_over(document)[1])))
    else:
        attempt = editing.save(document, note=f"{word} {stored['name']}")
    if attempt.saved is None:
        form = form_with(draft, attempt.problems, root=f"destinations/{place}", renamed=forms.ALIASES)
        return _form(form, identifier=identifier, attempt=attempt), attempt.status
    told.tell_saved(attempt.saved, f"{word} {stored['name']}.")
    told.tell_warnings(attempt.saved, f"destinations/{place}")
    if then == "save:test":
        return redirect(url_for("console.test_call.index", destination=stored["id"]))
    return redirect(url_for(".index"))


def _name_taken(destinations: Any, place: int) -> Problem | None:
    """A file may hold two destinations of one name; here a person would not know which one is meant."""
    name = str(destinations[place]["name"]).casefold()
    same = any(item["name"].casefold() == name for other, item in enumerate(destinations) if other != place)
    path = f"destinations/{place}/name"
    return Problem(path, "Another destination has this name.", "Choose a name of its own.") if same else None


def _with(draft: Draft, identifier: str, base: Any) -> tuple[editing.Document, int]:
    """The whole document with this destination as typed, and its place in it."""
    document: editing.Document = {**base, "destinations": [dict(item) for item in base["destinations"]]}
    destinations = document["destinations"]
    place = editing.place_of(destinations, identifier) if identifier else None
    if place is None:
        slug = identifier or slug_from(str(draft.get("name", "")), [item["id"] for item in destinations])
        destinations.append(forms.document_of(draft, slug))
        return document, len(destinations) - 1
    destinations[place] = forms.document_of(draft, identifier) | forms.not_on_the_form(destinations[place])
    return document, place


def _form(form: Form, *, identifier: str, attempt: editing.Attempt | None = None) -> str:
    note = conflict_page(attempt.conflict, "destinations", identifier) if attempt and attempt.conflict else None
    form = replace(form, draft=note.followed(form.draft, forms.draft_of)) if note else form
    published = shown.published()
    configuration = published.compiled.configuration
    destinations = configuration.destinations
    return show(
        "destination.html",
        section=SECTION,
        help="destinations",
        form=form,
        identifier=identifier,
        name=editing.named(published.document["destinations"]).get(identifier, ""),
        conflict=note,
        refusal=attempt.refusal if attempt else "",
        version=opened_at_or(published, note),
        others=[(item.id, item.name) for item in destinations if item.id != identifier],
        hours=[("", "Always"), *((item.id, f"Only inside {item.name}") for item in configuration.hours)],
        methods=[(method.value, method_name(method), METHODS[method]) for method in Method],
        outcomes=[(outcome.value, OUTCOMES[outcome]) for outcome in STEP_OUTCOMES],
        values=destination_list.variable_names(configuration),
        suggestion=destination_list.suggested_number(str(form.typed("route")), configuration.country),
        preview=_preview(form.draft, identifier),
        ring_times=ring_times(identifier) if identifier and request.method == "GET" else None,
        used_by=destination_list.users_of(identifier, published.document) if identifier else [],
        twin=_twin(identifier),
    )


def _preview(draft: Draft, identifier: str) -> Preview | None:
    return preview_of(shown.published().compiled.configuration, forms.document_of(draft, identifier or "new"))


def _stored(identifier: str) -> dict[str, Any]:
    document = shown.published().document
    return dict(document["destinations"][_place(document, identifier)])


def _place(document: Mapping[str, Any], identifier: str) -> int:
    place = editing.place_of(document["destinations"], identifier)
    if place is None:
        abort(404, description=f"There is no destination {identifier} in {shown.place()}.")
    return place


def _refused(attempt: editing.Attempt, identifier: str) -> ResponseReturnValue:
    """A change without a form was refused: say why, where the person came from."""
    told.tell_refused(attempt)
    return _back(identifier)


def _back(identifier: str) -> ResponseReturnValue:
    """Where the button was pressed: in a row of the list, or on the page of the destination."""
    return _to_the_list() if "_list" in request.form else redirect(url_for(".edit", identifier=identifier))


def _to_the_list(**more: Any) -> ResponseReturnValue:
    """As it was filtered, when the button stood in it."""
    kept: dict[str, Any] = {name: text for name in destination_list.FILTERS if (text := request.form.get(f"_{name}"))}
    return redirect(url_for(".index", **kept, **more))


def _twin(identifier: str = "") -> Twin:
    page = url_for(".one_as_json", identifier=identifier) if identifier else url_for(".as_json")
    return shown.twin("destinations", page, identifier)
