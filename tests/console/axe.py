"""What a page must never have: an accessibility fault, sideways scroll, something that its own policy refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Page

from tests.console.windows import Window

AXE = (Path(__file__).parent / "vendor" / "axe-4.14.1.min.js").read_text(encoding="utf-8")
RUN_AXE = """() => axe.run(document, {resultTypes: ['violations'],
  runOnly: {type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}})
  .then((found) => found.violations.map((one) => one.id + ': ' + one.nodes.map((node) => node.html.slice(0, 160) + ' ' +
    node.any.concat(node.all).map((check) => check.message).join('; ')).slice(0, 3).join(' | ')))"""
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
WIDTHS = (1280, 320)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
STATUS = "Failed to load resource: the server responded with a status of "
"""What Chromium says of a page that answers 404 or 503, which some are meant to do."""


def faults(window: Window) -> list[str]:
    """Of the page as it stands, at both widths and in both schemes, and what the browser complained about so far."""
    found = []
    for width in WIDTHS:
        window.page.set_viewport_size({"width": width, "height": 900})
        for scheme in SCHEMES:
            window.page.emulate_media(color_scheme=scheme)
            found += [f"{width} {scheme} {fault}" for fault in _axe(window.page)]
        if sideways := window.page.evaluate(SIDEWAYS):
            found.append(f"{width} scrolls sideways by {sideways}")
    found += [text for text in window.complaints if not text.startswith(STATUS)]
    window.complaints.clear()
    window.page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    return found


def _axe(page: Page) -> list[str]:
    if not page.evaluate("typeof axe !== 'undefined'"):
        page.evaluate(AXE)
    violations: list[Any] = page.evaluate(RUN_AXE)
    return [str(violation) for violation in violations]
