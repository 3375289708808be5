"""The rules as a map: numbers, rules, destinations and what follows, as a picture and as a list in words."""

from __future__ import annotations

from flask import url_for
from flask.typing import ResponseReturnValue

from webapp.console import shown
from webapp.console.frame import show
from webapp.console.pages import Pages
from webapp.console.pictures.route_map import MOST, follow_up, route_map
from webapp.people.roles import Role

pages = Pages("rules_map", __name__)


@pages.page("/rules/map", Role.VIEWER, of_either=True)
def index() -> ResponseReturnValue:
    configuration = shown.published().compiled.configuration
    names = {item.id: item.name for item in configuration.destinations}
    used = {rule.destination for rule in configuration.rules} | {configuration.default_destination}
    follows = {
        item.id: [follow_up(step, names) for step in item.fallback]
        for item in configuration.destinations
        if item.id in used
    }
    return show(
        "rules_map.html",
        section="rules",
        help="rules",
        picture=route_map(configuration),
        rules=configuration.rules,
        default=configuration.default_destination,
        names=names,
        follows=follows,
        most=MOST,
        twin=shown.twin("rules", url_for("console.rules.as_json")),
    )
