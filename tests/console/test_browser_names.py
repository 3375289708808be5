"""In a real Chromium: names that are written from right to left, or are wider than their place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.console.browser import CHROMIUM, Running
from tests.console.document import DOCUMENT
from tests.console.windows import Window, a_window
from tests.redis_server import RedisServer

pytestmark = pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Chromium (apt-get install chromium)")
RULE, DESK, OTHER = "ضيوف كبار الشخصيات", "דלפק קבלה", "ספא"
WIDE = "W" * 100


@pytest.fixture
def window(tmp_path: Path) -> Iterator[Window]:
    with RedisServer() as redis, Running(redis.url, tmp_path) as house:
        billing, desk, *others = DOCUMENT["destinations"]
        vip, in_hours, night = DOCUMENT["rules"]
        changed: dict[str, Any] = {
            "destinations": [billing, {**desk, "name": DESK}, *others],
            "rules": [{**vip, "name": RULE, "destination": "front-desk"}, {**in_hours, "name": WIDE}, night],
            "tests": [],
        }
        house.save(**changed)
        house.needs.versions.promote(2, expected_production=1, author="kim@example.com", tests=False)
        house.save(destinations=[billing, {**desk, "name": OTHER}, *others])
        house.application.services.live.refresh()
        with a_window(house) as found:
            yield found


def lefts(window: Window, path: str, *names: str) -> list[float]:
    page = window.open(path)
    boxes = [page.locator("main bdi", has_text=name).first.bounding_box() for name in names]
    assert None not in boxes
    return [box["x"] for box in boxes if box]


def test_a_name_from_right_to_left_stands_before_the_arrow_when_it_comes_first(window: Window) -> None:
    rule, desk = lefts(window, "/rules/map", RULE, OTHER)
    assert rule < desk
    before, after = lefts(window, "/changes", DESK, OTHER)
    assert before < after


def test_a_name_of_wide_letters_ends_at_the_edge_of_its_box_on_the_map(window: Window) -> None:
    page = window.open("/rules/map")
    name = page.locator("svg.pic svg", has_text="WWW")
    assert name.evaluate("one => getComputedStyle(one).overflow") == "hidden"
    ends = "one => Number(one.getAttribute('x')) + Number(one.getAttribute('width'))"
    assert name.evaluate(ends) <= page.locator("svg.pic .f-box").first.evaluate(ends)
