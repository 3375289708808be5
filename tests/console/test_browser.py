"""In a real Chromium: no accessibility fault, no refused script or style, no sideways scroll, on every page."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.console.axe import faults
from tests.console.browser import CHROMIUM
from tests.console.test_pages import PAGES
from tests.console.windows import Window

pytestmark = pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Chromium (apt-get install chromium)")


def all_pages() -> tuple[str, ...]:
    return (
        *PAGES,
        "/destinations?version=production",
        "/destinations/billing-support?version=production",
        "/rules?version=production",
        "/rules/vip?version=production",
        "/hours/support-hours?version=production",
        "/calls/CA00000000000000000000000000000002",
        "/calls/CA00000000000000000000000000000003",
        "/calls/CA00000000000000000000000000000003/replay",
        "/calls?ends=answered&version=2&since=2026-11-20T12:30",
        "/versions/1/roll-back",
        "/versions/compare?from=1&to=2",
        "/changes?view=side",
        "/changes?view=yaml",
    )


@pytest.mark.parametrize("path", all_pages())
def test_a_page_has_no_fault_in_either_scheme_at_either_width(window: Window, path: str) -> None:
    window.open(path)
    assert faults(window) == []


@pytest.mark.parametrize("path", ["/developers/webhooks", "/settings/audit", "/changes?view=yaml"])
def test_the_open_tab_is_in_sight_on_a_phone(window: Window, path: str) -> None:
    page = window.open(path)
    page.set_viewport_size({"width": 390, "height": 844})
    tab = page.locator(".tabs [aria-current]").bounding_box()
    assert tab is not None
    assert tab["x"] + tab["width"] <= 390 - 16
