"""In a real Chromium: no accessibility fault, no refused script or style, no sideways scroll, on every page."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.console.browser import CHROMIUM, Running
from tests.console.test_pages import PAGES
from tests.console.windows import Window, a_window
from tests.redis_server import RedisServer

AXE = (Path(__file__).parent / "vendor" / "axe-4.14.1.min.js").read_text(encoding="utf-8")
RUN_AXE = """() => axe.run(document, {resultTypes: ['violations'],
  runOnly: {type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}})
  .then((found) => found.violations.map((one) => one.id + ': ' + one.nodes.map((node) => node.html.slice(0, 160) + ' ' +
    node.any.concat(node.all).map((check) => check.message).join('; ')).slice(0, 3).join(' | ')))"""

pytestmark = pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Chromium (apt-get install chromium)")


@pytest.fixture(scope="module")
def house() -> Iterator[Running]:
    with tempfile.TemporaryDirectory() as directory, RedisServer() as redis, Running(redis.url, Path(directory)) as one:
        one.live_a_little()
        yield one


@pytest.fixture(scope="module")
def window(house: Running) -> Iterator[Window]:
    with a_window(house) as found:
        yield found


REFUSED = {"/nowhere": "404", "/destinations/none": "404", "/versions/compare?from=1&to=x": "404"}
"""Pages that say no, and the status that Chromium complains about."""


def all_pages() -> tuple[str, ...]:
    return (
        *PAGES,
        "/destinations?version=production",
        "/destinations/billing-support?version=production",
        "/rules?version=production",
        "/rules/vip?version=production",
        "/hours/support-hours?version=production",
        "/calls/CA00000000000000000000000000000003",
        "/calls/CA00000000000000000000000000000003/replay",
        "/calls?ends=answered&version=2&since=2026-11-20T12:30",
        "/setup?token=used",
        "/versions/1/roll-back",
        "/versions/compare?from=1&to=2",
        "/changes?view=side",
        "/changes?view=yaml",
        *REFUSED,
    )


@pytest.mark.parametrize("path", all_pages())
def test_a_page_has_no_fault_in_either_scheme_at_either_width(window: Window, path: str) -> None:
    window.complaints.clear()
    page = window.open(path)
    found: list[str] = []
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            found += [f"{width} {scheme} {fault}" for fault in _axe(page)]
    sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    expected = [REFUSED[path]] if path in REFUSED else []
    assert found == []
    assert sideways == 0
    assert [text for text in window.complaints if not any(code in text for code in expected)] == []


def _axe(page: Page) -> list[str]:
    if not page.evaluate("typeof axe !== 'undefined'"):
        page.evaluate(AXE)
    violations: list[Any] = page.evaluate(RUN_AXE)
    return [str(violation) for violation in violations]
