"""The list of versions: what one person saved in one sitting is one group, and every version in it is within reach."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

from tests.console.conftest import Person
from webapp.configurations.records import About
from webapp.configurations.version_id import VersionId
from webapp.console.needs import Needs
from webapp.console.version_groups import grouped

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
ROW = re.compile(r'<tr><th scope="row".*?</tr>(?:\s*<tr class="more">.*?</tr>)?', re.DOTALL)
NAME = re.compile(r"<strong>v(\d+)</strong>")


def about(number: int, author: str, minutes: int) -> About:
    at = (NOON + timedelta(minutes=minutes)).isoformat()
    return About(number=number, digest="d" * 64, author=author, at=at, note="", parent=None)


def numbers(*versions: About) -> list[list[int]]:
    return [[one.number for one in (group.newest, *group.earlier)] for group in grouped(versions, ())]


def test_saves_of_one_person_within_15_minutes_of_each_other_are_one_group() -> None:
    sitting = about(4, "kim", 30), about(3, "kim", 15), about(2, "kim", 0)
    assert numbers(*sitting) == [[4, 3, 2]]
    assert numbers(about(5, "kim", 46), *sitting) == [[5], [4, 3, 2]]


def test_a_save_of_somebody_else_in_between_parts_the_group() -> None:
    assert numbers(about(3, "kim", 2), about(2, "sam", 1), about(1, "kim", 0)) == [[3], [2], [1]]


def test_a_group_is_open_when_the_way_back_to_production_leads_through_it() -> None:
    versions = about(3, "kim", 2), about(2, "kim", 1), about(1, "kim", 0)
    assert [grouped(versions, {VersionId(number, "d" * 64)})[0].is_open for number in (3, 2, 1)] == [False, True, True]


def saved(needs: Needs, *authors: str) -> None:
    for author in authors:
        newest = needs.versions.get("sandbox")
        document = json.loads(json.dumps(newest.document)) | {"name": f"Hotel {newest.number + 1}"}
        needs.versions.save(document, expected=newest.number, author=author)
    needs.live.refresh()


def test_every_version_of_a_group_can_be_compared_and_copied_and_the_group_as_a_whole(
    admin: Person, needs: Needs
) -> None:
    saved(needs, "kim", "kim", "kim", "sam")
    page = admin.sees("/versions")
    assert [NAME.findall(row) for row in ROW.findall(page)] == [["5"], ["4", "3", "2"], ["1"]]
    assert "<details><summary>2 more saves of kim shortly before" in page
    for number in (2, 3, 4):
        assert f'href="/versions/compare?from={number - 1}&amp;to={number}"' in page, number
        assert f'action="/versions/{number}/restore"' in page, number
        assert f'<option value="{number}">' in page, number
    assert re.search(r'href="/versions/compare\?from=1&amp;to=4">Changes of all 3 together', page)


def test_a_version_of_a_group_that_was_in_production_has_its_roll_back_in_sight(admin: Person, needs: Needs) -> None:
    saved(needs, "kim", "kim", "kim", "sam")
    for number, before in ((3, 1), (5, 3)):
        needs.versions.promote(number, expected_production=before, author="kim", tests=False)
    needs.live.refresh()
    group = next(row for row in ROW.findall(admin.sees("/versions")) if "<strong>v4</strong>" in row)
    assert "<details open>" in group
    assert re.findall(r"/versions/(\d+)/roll-back", group) == ["3"]
