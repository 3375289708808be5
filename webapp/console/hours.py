"""Hours: when we are open, what happens in the next 14 days, and the switch that closes at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import abort, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from handoff_rules.configuration import Configuration
from handoff_rules.hours import Hours
from handoff_rules.hours_grid import WEEKDAYS, holidays_of
from handoff_rules.hours_open import StripDay, compile_hours
from handoff_rules.problems import ConfigurationError
from webapp.console import editing, shown
from webapp.console import hours_form as forms
from webapp.console.conflict import conflict_page
from webapp.console.exception_rows import faults_in
from webapp.console.forms import Draft, Form, form_with, rearrange, slug_from
from webapp.console.frame import show
from webapp.console.hours_words import ahead_in_words, state_in_words
from webapp.console.needs import needs
from webapp.console.pages import Pages
from webapp.console.pictures.strip import Day, open_strip
from webapp.console.sentences import DAYS, hours_named
from webapp.console.twin import Twin
from webapp.people.roles import Role

pages = Pages("hours", __name__)
SECTION = "hours"


@dataclass(frozen=True, slots=True)
class Now:
    """A set of hours as of this moment, in words, and its next days."""

    hours: Hours
    open: bool
    words: str
    ahead: tuple[str, ...]
    strip: Markup
    days: tuple[Day, ...]
    used_by: tuple[str, ...]
    past: int


@pages.page("/hours", Role.VIEWER, of_either=True)
def index() -> ResponseReturnValue:
    published = shown.published()
    configuration = published.compiled.configuration
    return show(
        "hours_list.html",
        section=SECTION,
        sets=[now_of(hours, configuration) for hours in configuration.hours],
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


@pages.page("/hours/<identifier>/switch", Role.OPERATOR, post=True)
def switch(identifier: str) -> ResponseReturnValue:
    document = editing.document_at(editing.opened_at())
    hours = document["hours"][_place(document.get("hours", []), identifier)]
    closed = not hours.get("closed_now", False)
    hours["closed_now"] = closed
    return _changed(document, f"{'Closed' if closed else 'Reopened'} {hours['name']}")


@pages.page("/hours/<identifier>/delete", Role.OPERATOR, post=True)
def delete(identifier: str) -> ResponseReturnValue:
    document = editing.document_at(editing.opened_at())
    gone = document["hours"].pop(_place(document.get("hours", []), identifier))
    return _changed(document, f"Deleted {gone['name']}")


def now_of(hours: Hours, configuration: Configuration) -> Now:
    compiled = compile_hours(hours, configuration.time_zone)
    instant = needs().clock()
    days = tuple(_day(day) for day in compiled.strip(instant, 14))
    today = instant.astimezone(compiled.zone).date().isoformat()
    past = sum(1 for one in hours.exceptions if one.date < today)
    picture = open_strip(days, name=hours.name, identifier=hours.id)
    words, ahead = state_in_words(compiled, instant), ahead_in_words(days, compiled.zone)
    return Now(hours, compiled.at(instant).open, words, ahead, picture, days, _users(hours.id, configuration), past)


def _day(day: StripDay) -> Day:
    spans = tuple((_minutes(span.start), _minutes(span.end)) for span in day.open)
    label = "" if day.because.kind == "regular" else day.because.label or ("special hours" if spans else "closed")
    return Day(day.day, spans, label)


def _minutes(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


def _users(identifier: str, configuration: Configuration) -> tuple[str, ...]:
    rules = [f"rule \u201c{rule.name}\u201d" for rule in configuration.rules if identifier in hours_named(rule.when)]
    return (*rules, *(item.name for item in configuration.destinations if item.hours == identifier))


def _changed(document: editing.Document, what: str) -> ResponseReturnValue:
    attempt = editing.save(document, note=what)
    editing.tell_outcome(attempt, f"{what}.")
    return redirect(url_for(".index"))


def _submitted(identifier: str) -> ResponseReturnValue:
    draft = editing.typed()
    order = request.form.get("_order", "save")
    if order == "save":
        return _saved(draft, identifier)
    if order == "copy-monday":
        forms.copy_monday(draft)
    elif not order.startswith("refresh"):
        rearrange(draft, order, {"date": "", "until": "", "windows": "", "label": ""})
    return _form(Form(draft), identifier=identifier)


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
    editing.tell_saved(attempt.saved, f"{word} {stored['name']}.")
    return redirect(url_for(".index"))


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


def _form(form: Form, *, identifier: str, attempt: editing.Attempt | None = None) -> str:
    published = shown.published()
    configuration = published.compiled.configuration
    conflict = conflict_page(attempt.conflict, "hours", identifier) if attempt and attempt.conflict else None
    document, place = _with(form.draft, identifier, published.document)
    return show(
        "hours.html",
        section=SECTION,
        help="hours",
        form=form,
        identifier=identifier,
        name=editing.named(published.document.get("hours", ())).get(identifier, ""),
        conflict=conflict,
        refusal=attempt.refusal if attempt else "",
        version=conflict.theirs if conflict else published.version.number,
        days=list(DAYS.items()),
        zones=_zones(),
        now=_preview(document["hours"][place], configuration),
        holidays=_holidays(form),
        twin=_twin(identifier),
    )


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
