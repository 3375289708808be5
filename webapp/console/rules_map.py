"""The rules as a map: numbers, rules, destinations and what follows, as a picture and as a list in words."""

from __future__ import annotations

from flask import request, url_for
from flask.typing import ResponseReturnValue

from webapp.console import shown
from webapp.console.frame import show
from webapp.console.pages import Pages
from webapp.console.pagination import Pager
from webapp.console.pictures.route_map import follow_up, route_map
from webapp.people.roles import Role

pages = Pages("rules_map", __name__)
RULES = 30
"""On one map: more boxes cannot be read at a glance."""


@pages.page("/rules/map", Role.VIEWER, of_either=True)
def index() -> ResponseReturnValue:
    configuration = shown.published().compiled.configuration
    names = {item.id: item.name for item in configuration.destinations}
    pager = Pager.of(configuration.rules, request, RULES)
    used = {rule.destination for rule in pager.shown} | {configuration.default_destination}
    follows = {
        item.id: [follow_up(step, names) for step in item.fallback]
        for item in configuration.destinations
        if item.id in used
    }
    return show(
        "rules_map.html",
        section="rules",
        help="rules",
        picture=route_map(configuration, pager.shown),
        pager=pager,
        default=configuration.default_destination,
        names=names,
        follows=follows,
        twin=shown.twin("rules", url_for("console.rules.as_json")),
    )
