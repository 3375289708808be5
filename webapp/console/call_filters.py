"""The filters of the list of calls: from the page's address, and as words that can be taken away again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import request, url_for

from webapp.calls.wanted import Wanted
from webapp.console.call_words import ends_words
from webapp.console.destination_names import identified
from webapp.console.frame import site_zone
from webapp.console.masking import readable
from webapp.console.needs import needs

LONGEST = 80
NAMES = ("q", "destination", "ends", "rule", "number", "version", "since", "until")
MORE = ("rule", "number", "version", "since", "until")
"""Asked for less often: they stand behind a fold."""


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter that is on, and the address of the list without it."""

    text: str
    url: str


def typed(name: str) -> str:
    return request.args.get(name, "").strip()[:LONGEST]


def wanted() -> Wanted:
    return Wanted(
        environment="sandbox" if request.args.get("view") == "test" else "production",
        destination=identified(typed("destination")), ends=typed("ends"), rule=typed("rule"), called=typed("number"),
        version=typed("version").removeprefix("v"), since_ms=_milliseconds("since"), until_ms=_milliseconds("until"),
        text=typed("q"),
    )  # fmt: skip


def chips(destinations: Mapping[str, str], rules: Mapping[str, str]) -> list[Chip]:
    words: Mapping[str, Callable[[str], str]] = {
        "q": lambda text: f"\u201c{text}\u201d",
        "destination": lambda text: f"Went to {destinations.get(identified(text), text)}",
        "ends": ends_words,
        "rule": lambda text: f"Rule {rules.get(text, text)}",
        "number": lambda text: f"To {readable(text)}",
        "version": lambda text: f"v{text.removeprefix('v')}",
        "since": lambda text: f"From {_said(text)}",
        "until": lambda text: f"Until {_said(text)}",
    }
    return [Chip(words[name](typed(name)), link(**{name: ""})) for name in NAMES if typed(name)]


def link(endpoint: str = "console.calls.index", **changes: str) -> str:
    """The address of the list with these filters changed; an empty value takes one away."""
    kept = {name: value for name, value in request.args.items() if name != "before"}
    values: dict[str, Any] = {name: value for name, value in (kept | changes).items() if value}
    return url_for(endpoint, **values)


def _milliseconds(name: str) -> int | None:
    """A day or a moment in the site's zone; the day of `until` counts to its end. None: not asked, or unreadable."""
    text = typed(name)
    at = _moment(text)
    if at is None:
        return None
    if name == "until" and len(text) == len("2026-11-20"):
        at += timedelta(days=1)
    return int(at.timestamp() * 1000)


def _moment(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    near = abs(at.year - needs().clock().year) < 100
    return at.replace(tzinfo=at.tzinfo or site_zone()) if near else None


def _said(text: str) -> str:
    at = _moment(text)
    if at is None:
        return f"{text} (not a time)"
    return f"{at:%-d %b %Y}" if len(text) == len("2026-11-20") else f"{at:%-d %b %Y %H:%M}"
