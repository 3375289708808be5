"""Every page is there, for somebody without JavaScript."""

from __future__ import annotations

import pytest

from tests.console.conftest import Person

PAGES = (
    "/",
    "/destinations",
    "/destinations?q=desk&state=unused",
    "/destinations/new",
    "/destinations/new?like=billing-support",
    "/destinations/billing-support",
    "/destinations/billing-support/history",
    "/rules",
    "/rules/map",
    "/rules/new",
    "/rules/vip",
    "/hours",
    "/hours/new",
    "/hours/support-hours",
    "/test",
    "/test?variables=intent%3Dbilling&at=2026-11-20T12%3A00&far/0=busy",
    "/test?destination=vip-host&over=sip",
    "/test/saved",
    "/test/saved?run=1",
    "/calls",
    "/calls?view=test&ends=answered",
    "/changes",
    "/versions",
    "/developers",
    "/developers/tokens",
    "/developers/api",
    "/developers/api/post_promotions",
    "/developers/webhooks",
    "/search?q=front",
    "/settings",
    "/settings/calls",
    "/settings/people",
    "/settings/audit",
    "/help",
    "/help/destinations",
)
AS_JSON = (
    "/overview.json", "/destinations.json", "/rules.json", "/hours.json", "/test.json", "/calls.json", "/changes.json",
    "/versions.json", "/settings/audit.json",
    "/developers/webhooks.json", "/developers/tokens.json",
)  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_drawn_whole(admin: Person, path: str) -> None:
    text = admin.sees(path)
    assert "<h1>" in text
    assert text.rstrip().endswith("</html>")
    assert text.count("<h1") == 1


@pytest.mark.parametrize("path", AS_JSON)
def test_a_page_has_its_twin_in_json(admin: Person, path: str) -> None:
    answer = admin.get(path)
    assert answer.status_code == 200
    assert answer.is_json
