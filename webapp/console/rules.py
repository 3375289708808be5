"""Rules: ordered sentences, first match wins. List, map, add, edit, move, duplicate, switch, delete."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import abort, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import ValidationError

from handoff_rules.problems import Problem
from handoff_rules.rules import Rule
from webapp.calls.traffic import MOST_FACTS
from webapp.configurations.naming import slug_from
from webapp.console import editing, rule_list, shown, told
from webapp.console import rule_form as forms
from webapp.console.closure import switched
from webapp.console.condition_form import ALWAYS_LISTS, KINDS, LISTS_OR_ONE, MATCHES, NO_VALUE, blank_row
from webapp.console.conflict import conflict_page, opened_at_or
from webapp.console.destination_list import variable_names
from webapp.console.forms import Draft, Form, form_with, rearrange
from webapp.console.frame import show
from webapp.console.header_form import adds_header
from webapp.console.pages import Pages
from webapp.console.pagination import SIZE, Pager
from webapp.console.rule_place import WAS, moved, typed_place
from webapp.console.rule_reach import reach_of
from webapp.console.rule_templates import TEMPLATES, draft_from
from webapp.console.sentences import DAYS, FIELDS, OPERATORS, condition_in_words
from webapp.console.twin import Twin
from webapp.people.roles import Role

pages = Pages("rules", __name__)
SECTION = "rules"
LONGEST = 80
"""Of the words that rules are searched for."""


@pages.page("/rules", Role.VIEWER, of_either=True)
def index() -> ResponseReturnValue:
    published = shown.published()
    configuration = published.compiled.configuration
    text = request.args.get("q", "").strip()[:LONGEST]
    found = rule_list.found(configuration, text)
    pager = Pager.of(found, request)
    asked = request.args.get("touched", "")
    touched = asked if any(rule.id == asked for _, rule in pager.shown) else ""
    return show(
        "rules.html",
        section=SECTION,
        rows=rule_list.rows(pager.shown),
        text=text,
        found=len(found),
        total=len(configuration.rules),
        pager=pager,
        version=published.version.number,
        names={item.id: item.name for item in configuration.destinations},
        default=configuration.destination_by_id.get(configuration.default_destination),
        templates=TEMPLATES,
        touched=touched,
        switched=None if shown.reads_production() else switched(touched),
        twin=_twin(),
    )


@pages.page("/rules.json", Role.VIEWER, of_either=True)
def as_json() -> ResponseReturnValue:
    return jsonify(shown.published().document.get("rules", []))


@pages.page("/rules/<identifier>.json", Role.VIEWER, of_either=True)
def one_as_json(identifier: str) -> ResponseReturnValue:
    return jsonify(_stored(identifier))


@pages.page("/rules/new", Role.OPERATOR)
def new() -> ResponseReturnValue:
    configuration = editing.sandbox().compiled.configuration
    first_hours = configuration.hours[0].id if configuration.hours else ""
    draft = draft_from(request.args.get("template", ""), configuration.default_destination, first_hours)
    like = request.args.get("like", "")
    if like:
        draft = forms.draft_of(_stored(like))
        draft["name"] = f"{draft['name']} (copy)"
    draft["before"] = request.args.get("before", "")
    return _form(Form(draft), identifier="")


@pages.page("/rules/new", Role.OPERATOR, post=True)
def create() -> ResponseReturnValue:
    return _submitted("")


@pages.page("/rules/<identifier>", Role.VIEWER, of_either=True)
def edit(identifier: str) -> ResponseReturnValue:
    draft = forms.draft_of(_stored(identifier))
    draft["place"] = str(_place_shown(draft, identifier))
    return _form(Form(draft), identifier=identifier)


@pages.page("/rules/<identifier>", Role.OPERATOR, post=True)
def update(identifier: str) -> ResponseReturnValue:
    return _submitted(identifier)


@pages.page("/rules/<identifier>/move", Role.OPERATOR, post=True)
def move(identifier: str) -> ResponseReturnValue:
    document = editing.document_at(editing.opened_at())
    rules = document.get("rules", [])
    place = _place(rules, identifier)
    other = place - 1 if request.form.get("to") == "up" else place + 1
    if not 0 <= other < len(rules):
        return redirect(url_for(".index"))
    rules[place], rules[other] = rules[other], rules[place]
    ways = ("up", "down") if other < place else ("down", "up")
    ends = {"up": 0, "down": len(rules) - 1}
    button = next(way for way in ways if other != ends[way])
    return _changed(document, f"Moved {rules[other]['name']} to place {other + 1}", identifier, button=button)


@pages.page("/rules/<identifier>/switch", Role.OPERATOR, post=True)
def switch(identifier: str) -> ResponseReturnValue:
    document = editing.document_at(editing.opened_at())
    rule = document["rules"][_place(document.get("rules", []), identifier)]
    rule["enabled"] = not rule.get("enabled", True)
    return _changed(document, f"Switched {rule['name']} {'on' if rule['enabled'] else 'off'}", identifier)


@pages.page("/rules/<identifier>/delete", Role.OPERATOR, post=True)
def delete(identifier: str) -> ResponseReturnValue:
    document = editing.document_at(editing.opened_at())
    place = _place(document.get("rules", []), identifier)
    gone = document["rules"].pop(place)
    return _changed(document, f"Deleted {gone['name']}", identifier, was_at=place)


def _changed(
    document: editing.Document, what: str, identifier: str, *, button: str = "", was_at: int | None = None
) -> ResponseReturnValue:
    """`was_at` is the place of a rule that is not there any more."""
    attempt = editing.save(document, note=what)
    if attempt.saved is None:
        told.tell_refused(attempt)
        return redirect(_address_of(identifier, editing.sandbox().document))
    told.tell_saved(attempt.saved, f"{what}.")
    if was_at is not None:
        return redirect(url_for(".index", undo=attempt.saved.version.number, page=_page_of(was_at)))
    return redirect(_address_of(identifier, document, button))


def _submitted(identifier: str) -> ResponseReturnValue:
    draft = editing.typed()
    order = request.form.get("_order", "save")
    if order.startswith("save"):
        return _saved(draft, identifier, then=order)
    if adds_header(draft, order):
        return _form(Form(draft), identifier=identifier)
    if order.startswith("add:"):
        path = order.partition(":")[2]
        rearrange(draft, order, blank_row(_added_kind(draft, path)) if path.endswith("items") else None)
    elif not order.startswith("refresh"):
        rearrange(draft, order)
    return _form(Form(draft), identifier=identifier)


def _added_kind(draft: Draft, path: str) -> str:
    """What the select beside the "Add a condition" button says."""
    kind = Form(draft).typed(f"{path.removesuffix('/items')}/add_kind")
    return kind if kind in KINDS else "variable"


def _saved(draft: Draft, identifier: str, then: str) -> ResponseReturnValue:
    document, place = _with(draft, identifier, editing.document_at(editing.opened_at()))
    stored = document["rules"][place]
    word = "Changed" if identifier else "Added"
    if isinstance(fault := typed_place(draft, len(document["rules"])), Problem):
        return _form(Form(draft, (fault,), {fault.path: fault}), identifier=identifier), 422
    attempt = editing.save(document, note=f"{word} rule {stored['name']}")
    if attempt.saved is None:
        form = form_with(draft, attempt.problems, root=f"rules/{place}", renamed=forms.rename)
        return _form(form, identifier=identifier, attempt=attempt), attempt.status
    told.tell_saved(attempt.saved, f"{word} rule {stored['name']}.")
    if then == "save:test":
        return redirect(url_for("console.test_call.index", rule=stored["id"]))
    return redirect(_address_of(stored["id"], document))


def _address_of(identifier: str, document: Mapping[str, Any], button: str = "") -> str:
    """The page of the list on which the rule stands now, at the rule or at a button of it."""
    place = editing.place_of(document.get("rules", ()), identifier)
    if place is None:
        return url_for(".index")
    anchor = "-".join(filter(None, ("rule", identifier, button)))
    return url_for(".index", touched=identifier, page=_page_of(place), _anchor=anchor)


def _page_of(place: int) -> int | None:
    """None for the first one, which needs no name."""
    return place // SIZE + 1 if place >= SIZE else None


def _with(draft: Draft, identifier: str, base: Any) -> tuple[editing.Document, int]:
    document: editing.Document = {**base, "rules": [dict(rule) for rule in base.get("rules", ())]}
    rules = document["rules"]
    place = editing.place_of(rules, identifier) if identifier else None
    if place is None:
        slug = identifier or slug_from(str(draft.get("name", "")), [rule["id"] for rule in rules])
        before = editing.place_of(rules, str(draft.get("before", "")))
        place = len(rules) if before is None else before
        rules.insert(place, forms.document_of(draft, slug))
        return document, place
    rules[place] = forms.document_of(draft, identifier)
    return document, moved(rules, place, draft)


def _form(form: Form, *, identifier: str, attempt: editing.Attempt | None = None) -> str:
    published = shown.published()
    configuration = published.compiled.configuration
    conflict = conflict_page(attempt.conflict, "rules", identifier) if attempt and attempt.conflict else None
    form = replace(form, draft=conflict.followed(form.draft, forms.draft_of)) if conflict else form
    hours = {item.id: item.name for item in configuration.hours}
    typed = _typed(form.draft)
    return show(
        "rule.html",
        section=SECTION,
        help="rules",
        form=form,
        identifier=identifier,
        name=editing.named(published.document.get("rules", ())).get(identifier, ""),
        conflict=conflict,
        refusal=attempt.refusal if attempt else "",
        version=opened_at_or(published, conflict),
        place=_place_shown(form.draft, identifier),
        was=request.form.get(WAS) or form.typed("place"),
        total=len(configuration.rules),
        words=condition_in_words(typed.when, hours) if typed else "",
        reach=reach_of(typed, configuration) if typed else None,
        most=MOST_FACTS,
        destinations=[(item.id, item.name) for item in configuration.destinations],
        names={item.id: item.name for item in configuration.destinations},
        hours=[("", "Choose\u2026"), *hours.items()],
        days=DAYS.items(),
        kinds=list(KINDS.items()),
        matches=list(MATCHES.items()),
        operators=list(OPERATORS.items()),
        no_value=NO_VALUE,
        several=ALWAYS_LISTS | LISTS_OR_ONE,
        values=variable_names(configuration),
        variables=[
            (name.removeprefix("$"), FIELDS.get(name.removeprefix("$"), "")) for name in variable_names(configuration)
        ],
        twin=_twin(identifier),
    )


def _typed(draft: Draft) -> Rule | None:
    """The rule as typed; None while it cannot be read."""
    document = forms.document_of(draft, "new")
    try:
        return Rule.model_validate(document | {"name": document["name"] or "New"})
    except ValidationError:
        return None


def _place_shown(draft: Draft, identifier: str) -> int:
    """From 1; as typed, when that is a place."""
    rules = shown.published().document.get("rules", ())
    if identifier and isinstance(typed := typed_place(draft, len(rules)), int):
        return typed + 1
    place = editing.place_of(rules, identifier or str(draft.get("before", "")))
    return (len(rules) if place is None else place) + 1


def _stored(identifier: str) -> dict[str, Any]:
    rules = shown.published().document.get("rules", ())
    return dict(rules[_place(rules, identifier)])


def _place(rules: Any, identifier: str) -> int:
    place = editing.place_of(rules, identifier)
    if place is None:
        abort(404, description=f"There is no rule {identifier} in {shown.place()}.")
    return place


def _twin(identifier: str = "") -> Twin:
    page = url_for(".one_as_json", identifier=identifier) if identifier else url_for(".as_json")
    return shown.twin("rules", page, identifier)
