"""Hours: when we are open as a grid and as text, what the next 14 days are like, and the switch that closes at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask import abort, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from handoff_rules.configuration import Configuration
from handoff_rules.hours import Hours
from handoff_rules.hours_grid import WEEKDAYS, holidays_of
from handoff_rules.hours_text import Times
from handoff_rules.problems import ConfigurationError
from webapp.configurations.naming import slug_from
from webapp.console import editing, shown, told
from webapp.console import hours_form as forms
from webapp.console.conflict import conflict_page, opened_at_or
from webapp.console.exception_rows import faults_in
from webapp.console.forms import Draft, Form, form_with, rearrange
from webapp.console.frame import show, tell
from webapp.console.hours_filled import filled
from webapp.console.hours_now import Now, now_of, users_of
from webapp.console.hours_text_form import TEXT, Counts, drawn, sides_of, written
from webapp.console.needs import needs
from webapp.console.pages import Pages
from webapp.console.pagination import Pager
from webapp.console.sentences import DAYS, some_of
from webapp.console.twin import Twin
from webapp.people.roles import Role

pages = Pages("hours", __name__)
SECTION = "hours"
SIZE = 20
"""Sets of hours on a page of the list: each is drawn with its next 14 days."""
FROM: dict[str, Counts | None] = {
    "save": None, "save:text": "text", "save:grid": "grid", "fill:grid": "text", "fill:text": "grid",
}  # fmt: skip
"""The buttons that take the hours from one side of the form, and from which; None: from the one that was changed."""


@pages.page("/hours", Role.VIEWER, of_either=True)
def index() -> ResponseReturnValue:
    published = shown.published()
    configuration = published.compiled.configuration
    asked = request.args.get("touched", "")
    pager = Pager.of(configuration.hours, request, SIZE)
    return show(
        "hours_list.html",
        section=SECTION,
        sets=[now_of(hours, configuration) for hours in pager.shown],
        touched=asked if any(hours.id == asked for hours in pager.shown) else "",
        pager=pager,
        version=published.version.number,
        twin=_twin(),
    )


@pages.page("/hours.json", Role.VIEWER, of_either=True)
def as_json() -> ResponseReturnValue:
    return jsonify(shown.published().document.get("hours", []))


@pages.page("/hours/<identifier>.json", Role.VIEWER, of_either=True)
def one_as_json(identifier: str) -> ResponseReturnValue:
    return jsonify(_stored(identifier))


@pages.page("/hours/new", Role.OPERATOR)
def new() -> ResponseReturnValue:
    draft = forms.blank_draft(editing.sandbox().compiled.configuration.time_zone)
    if request.args.get("template") == "always":
        draft |= {"name": "Always open", "week": dict.fromkeys(WEEKDAYS, "00:00-24:00")}
    return _form(Form(draft), identifier="")


@pages.page("/hours/new", Role.OPERATOR, post=True)
def create() -> ResponseReturnValue:
    return _submitted("")


@pages.page("/hours/<identifier>", Role.VIEWER, of_either=True)
def edit(identifier: str) -> ResponseReturnValue:
    return _form(Form(forms.draft_of(_stored(identifier))), identifier=identifier)


@pages.page("/hours/<identifier>", Role.OPERATOR, post=True)
def update(identifier: str) -> ResponseReturnValue:
    return _submitted(identifier)


@pages.page("/hours/form/changed", Role.VIEWER, post=True)
def changed() -> ResponseReturnValue:
    """While somebody types: the text from the grid, or the grid from the text (`side`), and the next days from both."""
    draft, identifier = editing.typed(), request.form.get("_id", "")
    sides = sides_of(draft)
    times = sides.times if request.args.get("side") == sides.counts == "text" else None
    if times is not None:
        draft = _filled(draft, times, identifier)
    fields = _fields(Form(draft), identifier)
    return show("hours_changed.html", section=SECTION, fills=times is not None, asks=False, **fields)


@pages.page("/hours/<identifier>/switch", Role.OPERATOR, post=True)
def switch(identifier: str) -> ResponseReturnValue:
    document = editing.document_at(editing.opened_at())
    hours = document["hours"][_place(document.get("hours", []), identifier)]
    closed = not hours.get("closed_now", False)
    hours["closed_now"] = closed
    return _changed(document, f"{'Closed' if closed else 'Reopened'} {hours['name']}", identifier)


@pages.page("/hours/<identifier>/delete", Role.OPERATOR, post=True)
def delete(identifier: str) -> ResponseReturnValue:
    document = editing.document_at(editing.opened_at())
    gone = document["hours"].pop(_place(document.get("hours", []), identifier))
    if used := users_of(identifier, editing.sandbox().compiled.configuration):
        tell(f"{gone['name']} is still used by {some_of(used)}. Take it out there first.", "bad")
        return redirect(url_for(".edit", identifier=identifier))
    attempt = editing.save(document, note=f"Deleted {gone['name']}")
    told.tell_outcome(attempt, f"Deleted {gone['name']}.")
    return redirect(url_for(".index", undo=attempt.saved.version.number if attempt.saved else None))


def _changed(document: editing.Document, what: str, identifier: str) -> ResponseReturnValue:
    attempt = editing.save(document, note=what)
    told.tell_outcome(attempt, f"{what}.")
    return redirect(_address_of(identifier, document))


def _address_of(identifier: str, document: Mapping[str, Any]) -> str:
    """The page of the list on which these hours stand, at them."""
    place = editing.place_of(document.get("hours", ()), identifier)
    if place is None:
        return url_for(".index")
    page = place // SIZE + 1 if place >= SIZE else None
    return url_for(".index", touched=identifier, page=page, _anchor=f"hours-{identifier}")


def _submitted(identifier: str) -> ResponseReturnValue:
    """A button of the form: save, fill the grid from the text or the text from the grid, or a row's order."""
    draft = editing.typed()
    order = request.form.get("_order", "save")
    if order in FROM:
        return _from_one_side(draft, identifier, order)
    if order == "copy-monday":
        forms.copy_monday(draft)
    elif not order.startswith("refresh"):
        rearrange(draft, order, {"date": "", "until": "", "windows": "", "label": ""})
    return _form(Form(draft), identifier=identifier)


def _from_one_side(draft: Draft, identifier: str, order: str) -> ResponseReturnValue:
    """Take the hours from the text or from the grid. When both were changed, a save asks which of the two is meant."""
    sides = sides_of(draft)
    counts = FROM[order] or sides.counts
    if counts == "both":
        return _form(Form(draft), identifier=identifier, asks=True), 422
    if counts == "grid":
        draft = written(draft, sides)
    elif sides.times is None:
        return _form(Form(draft, sides.problems, {TEXT: sides.problems[0]}), identifier=identifier), 422
    else:
        draft = _filled(draft, sides.times, identifier)
    return _saved(draft, identifier) if order.startswith("save") else _form(Form(draft), identifier=identifier)


def _saved(draft: Draft, identifier: str) -> ResponseReturnValue:
    document, place = _with(draft, identifier, editing.document_at(editing.opened_at()))
    stored = document["hours"][place]
    word = "Changed" if identifier else "Added"
    if faults := faults_in(draft):
        return _form(Form(draft, tuple(faults.values()), faults), identifier=identifier), 422
    attempt = editing.save(document, note=f"{word} {stored['name']}")
    if attempt.saved is None:
        form = form_with(draft, attempt.problems, root=f"hours/{place}", renamed=forms.rename_in(draft))
        return _form(form, identifier=identifier, attempt=attempt), attempt.status
    told.tell_saved(attempt.saved, f"{word} {stored['name']}.")
    return redirect(_address_of(stored["id"], document))


def _with(draft: Draft, identifier: str, base: Any) -> tuple[editing.Document, int]:
    document: editing.Document = {**base, "hours": [dict(item) for item in base.get("hours", ())]}
    sets = document["hours"]
    place = editing.place_of(sets, identifier) if identifier else None
    if place is None:
        slug = identifier or slug_from(str(draft.get("name", "")), [item["id"] for item in sets])
        sets.append(forms.document_of(draft, slug))
        return document, len(sets) - 1
    sets[place] = forms.document_of(draft, identifier)
    return document, place


def _form(form: Form, *, identifier: str, attempt: editing.Attempt | None = None, asks: bool = False) -> str:
    published = shown.published()
    conflict = conflict_page(attempt.conflict, "hours", identifier) if attempt and attempt.conflict else None
    form = replace(form, draft=conflict.followed(form.draft, forms.draft_of)) if conflict else form
    return show(
        "hours.html",
        section=SECTION,
        help="hours",
        identifier=identifier,
        name=editing.named(published.document.get("hours", ())).get(identifier, ""),
        conflict=conflict,
        refusal=attempt.refusal if attempt else "",
        version=opened_at_or(published, conflict),
        zones=_zones(),
        asks=asks,
        twin=_twin(identifier),
        **_fields(form, identifier),
    )


def _fields(form: Form, identifier: str) -> dict[str, Any]:
    """What the text, the grid and the next days of the form are drawn from."""
    published = shown.published()
    form = replace(form, draft=drawn(form.draft))
    document, place = _with(form.draft, identifier, published.document)
    return {
        "form": form,
        "sides": sides_of(form.draft),
        "days": list(DAYS.items()),
        "holidays": _holidays(form),
        "now": _preview(document["hours"][place], published.compiled.configuration),
    }


def _filled(draft: Draft, times: Times, identifier: str) -> Draft:
    published = shown.published()
    sets = published.document.get("hours", ())
    place = editing.place_of(sets, identifier)
    return filled(draft, times, {} if place is None else sets[place], published.compiled.configuration.country)


def _preview(document: dict[str, Any], configuration: Configuration) -> Now | None:
    """The next days as typed; None while the form holds something that cannot be read."""
    try:
        return now_of(Hours.model_validate({**document, "name": document["name"] or "These hours"}), configuration)
    except (ValueError, ConfigurationError):
        return None


def _holidays(form: Form) -> list[tuple[str, str]]:
    """The public holidays of the next year, so that nobody has to believe a library."""
    country, region = str(form.typed("holidays/country")).upper(), str(form.typed("holidays/subdivision")) or None
    today = needs().clock().date()
    try:
        both = {**holidays_of(country, region, today.year), **holidays_of(country, region, today.year + 1)}
    except (KeyError, ValueError, NotImplementedError):
        return []
    ahead = sorted((day, label) for day, label in both.items() if today <= day < today + timedelta(days=365))
    return [(f"{day:%a %-d %b %Y}", label) for day, label in ahead]


def _zones() -> list[str]:
    from zoneinfo import available_timezones

    return sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "SystemV/")))


def _stored(identifier: str) -> dict[str, Any]:
    sets = shown.published().document.get("hours", ())
    return dict(sets[_place(sets, identifier)])


def _place(sets: Any, identifier: str) -> int:
    place = editing.place_of(sets, identifier)
    if place is None:
        abort(404, description=f"There are no hours {identifier} in {shown.place()}.")
    return place


def _twin(identifier: str = "") -> Twin:
    page = url_for(".one_as_json", identifier=identifier) if identifier else url_for(".as_json")
    return shown.twin("hours", page, identifier)
