"""The few functions that templates may call."""

from __future__ import annotations

import re
import secrets

from flask import Flask
from jinja2 import StrictUndefined
from markupsafe import Markup, escape

from webapp.console import times
from webapp.console.frame import site_zone, theme
from webapp.console.masking import masked, readable
from webapp.console.needs import needs
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


def teach(app: Flask) -> None:
    environment = app.jinja_env
    environment.undefined = StrictUndefined  # a name that no page gives is a fault, not an empty place
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.globals |= {"asset": asset, "new_request": lambda: secrets.token_hex(8)}
    environment.filters |= {
        "field_id": field_id,
        "coded": coded,
        "readable": readable,
        "masked": masked,
        "when": lambda instant: times.tag(instant, site_zone(), needs().clock()),
        "exactly": lambda instant: times.exact_tag(instant, site_zone()),
        "ago": lambda instant: times.ago(instant, needs().clock()),
        "lasted": times.lasted,
    }
    app.context_processor(lambda: {"theme": theme()})
