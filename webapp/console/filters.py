"""The few functions that templates may call."""

from __future__ import annotations

import re
import secrets
from xml.etree import ElementTree as ET

from flask import Flask, request
from jinja2 import StrictUndefined
from markupsafe import Markup, escape

from webapp.console import times
from webapp.console.frame import site_zone, theme
from webapp.console.masking import masked, readable
from webapp.console.needs import needs
from webapp.console.sentences import some_of
from webapp.console.static_files import asset


def field_id(name: str) -> str:
    """A field's name as an element's id: `headers/0/value` becomes `f-headers-0-value`."""
    return "f-" + re.sub(r"[^A-Za-z0-9_]+", "-", name).strip("-")


def coded(text: str) -> Markup:
    """What stands between backticks is code; everything else is text and stays text."""
    return Markup("").join(
        Markup("<code>{}</code>").format(piece) if place % 2 else escape(piece)
        for place, piece in enumerate(text.split("`"))
    )


NUMBER = re.compile(r"\+[0-9][0-9 \u2022-]*[0-9\u2022]")


def whole(text: str) -> Markup:
    """The text with every phone number, and every beginning of one, in one piece: a number that breaks at the end of a
    line is read wrongly."""
    pieces, last = [], 0
    for found in NUMBER.finditer(text):
        pieces += [escape(text[last : found.start()]), Markup('<span class="nowrap">{}</span>').format(found[0])]
        last = found.end()
    return Markup("").join((*pieces, escape(text[last:])))


BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
           ("Mac OS", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"))  # fmt: skip
"""The more special sign first: Edge says Chrome too, Android says Linux too."""


def browser(agent: str) -> str:
    """`Firefox on Windows`, as far as the browser says it; enough to recognise one's own."""
    name = next((name for sign, name in BROWSERS if sign in agent), "")
    system = next((name for sign, name in SYSTEMS if sign in agent), "")
    return " on ".join(filter(None, (name, system))) or agent[:40] or "Unknown browser"


def redrawn(part: str) -> dict[str, str]:
    """The attributes of a choice that other fields depend on: the part of the form with this id is drawn anew at once.

    Without JavaScript a button does it (`parts.redraw`).
    """
    return {
        "hx-post": request.path, "hx-vals": '{"_order": "refresh:"}', "hx-trigger": "change, retry",
        "hx-sync": "this:queue last", "hx-target": f"#{part}", "hx-select": f"#{part}", "hx-swap": "outerMorph",
    }  # fmt: skip


def indented(document: str) -> str:
    """TwiML of ours with a line for each verb, for people to read."""
    root = ET.fromstring(document)  # noqa: S314  # our own document
    ET.indent(root)
    return ET.tostring(root, encoding="unicode")


def teach(app: Flask) -> None:
    environment = app.jinja_env
    # A name that nobody gives must be heard of: for months a preview showed nothing where its documents belong.
    environment.undefined = StrictUndefined
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.globals |= {"asset": asset, "new_request": lambda: secrets.token_hex(8), "redrawn": redrawn}
    environment.filters |= {
        "field_id": field_id,
        "coded": coded,
        "indented": indented,
        "readable": readable,
        "masked": masked,
        "browser": browser,
        "whole": whole,
        "some_of": some_of,
        "when": lambda instant: times.tag(instant, site_zone(), needs().clock()),
        "second": lambda instant: times.second_tag(instant, site_zone()),
        "exactly": lambda instant: times.exact_tag(instant, site_zone()),
        "ago": lambda instant: times.ago(instant, needs().clock()),
        "lasted": times.lasted,
    }
    app.context_processor(lambda: {"theme": theme()})
