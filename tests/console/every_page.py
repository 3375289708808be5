"""Every page of the console as the app itself lists it, so that a new page cannot be left out of what is promised."""

from __future__ import annotations

from collections.abc import Iterable

from werkzeug.routing import Rule

from tests.application import Application
from tests.console.telephony_house import CONNECTED

FILES = (".json", ".csv", ".yaml", "/static/<path:filename>")
PARTS = {
    "console.calls.new", "console.versions.since_the_promote", "console.test_call.last_call",
    "console.destination_names.suggested",
}  # fmt: skip
"""Not pages but parts of one, asked for again and again while it is open."""


def pages(house: Application) -> set[str]:
    """The endpoints of every page that a link can lead to."""
    found = {
        rule.endpoint
        for rule in house.app.url_map.iter_rules()
        if rule.endpoint.startswith("console.") and "GET" in (rule.methods or ()) and not rule.rule.endswith(FILES)
    }
    return found - PARTS


def endpoints(house: Application, paths: Iterable[str]) -> set[str]:
    """Where these addresses lead; what leads nowhere is left out."""
    urls = house.app.url_map.bind("handoff.example.com")
    plain = (path.partition("?")[0] for path in paths)
    return {urls.match(path, method="GET")[0] for path in plain if urls.test(path, "GET")}


def routes(house: Application) -> list[Rule]:
    return [rule for rule in house.app.url_map.iter_rules() if rule.endpoint.startswith("console.")]


THERE = {
    "<int:number>": "1", "<path:filename>": "console.css", "<call_sid>": "CA" + "0" * 32, "<user_id>": "usr_0",
    "<token_id>": "tok_0", "<e164>": CONNECTED, "<code>": "13801",
}  # fmt: skip
THERE_BY_PART = {
    ("rules", "<identifier>"): "vip",
    ("hours", "<identifier>"): "support-hours",
    ("destinations", "<identifier>"): "vip-host",
    ("help", "<name>"): "rules",
    ("developers", "<name>"): "post_promotions",
}
COMPARED = "?from=1&to=1"


def address(rule: Rule) -> str:
    """The rule with something that exists in each place; a place that nothing is known for is a fault of the test."""
    path, part = rule.rule, rule.rule.split("/")[1]
    for name in ("<identifier>", "<name>"):
        if name in path:
            path = path.replace(name, THERE_BY_PART[part, name])
    for name, value in THERE.items():
        path = path.replace(name, value)
    assert "<" not in path, f"say in THERE what stands in {rule.rule}"
    return path + (COMPARED if "/compare" in path else "")
