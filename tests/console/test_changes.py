"""Changes and promote: what would be different for yesterday's callers, and a confirmation as strong as the risk."""

from __future__ import annotations

import copy
import re
import time
from typing import Any

import pytest

from tests.application import Application
from tests.console.conftest import Person
from tests.console.document import DOCUMENT
from tests.console.test_call_page import store_call
from webapp.console.change_words import Thing
from webapp.console.needs import Needs
from webapp.console.text_diff import side_by_side, yaml_lines

HIDDEN = re.compile(r'name="(_version|_production|_moved|_played)" value="(\d+)"')


def edit(needs: Needs, **changes: Any) -> None:
    newest = needs.versions.get("sandbox")
    needs.versions.save({**newest.document, **changes}, expected=newest.number, author="test")


def destinations(**changes: Any) -> list[dict[str, Any]]:
    """The document's destinations with these fields of Billing Support changed."""
    found = copy.deepcopy(DOCUMENT["destinations"])
    found[0] |= changes
    return found  # type: ignore[no-any-return]


def page_when_done(admin: Person) -> str:
    """The page once everything that runs in the background is over."""
    deadline = time.monotonic() + 20
    while "Look again" in (page := admin.sees("/changes")):
        assert time.monotonic() < deadline, "the work in the background never ends"
    return page


def promote(admin: Person, **typed: str) -> int:
    hidden = dict(HIDDEN.findall(admin.sees("/changes")))
    return admin.posts("/changes/promote", hidden | typed, page="/changes").status_code


def test_a_change_of_texts_alone_is_promoted_without_a_confirmation(admin: Person, needs: Needs) -> None:
    edit(needs, destinations=destinations(utterance="One moment, please."))
    page = admin.sees("/changes")
    assert "I understand" not in page
    assert "Type <code>production" not in page
    assert promote(admin) == 302


def test_a_change_of_where_calls_go_needs_a_tick(admin: Person, needs: Needs) -> None:
    edit(needs, destinations=destinations(route="+14155550177"))
    assert promote(admin) == 422
    assert promote(admin, understood="true") == 302


def test_a_promote_that_moves_more_than_a_quarter_of_the_calls_needs_the_word(
    house: Application, admin: Person, needs: Needs
) -> None:
    for number in range(4):
        store_call(house, f"CA{number:032x}", intent="billing" if number < 2 else "other")
    edit(needs, destinations=destinations(route="+14155550177"))
    page = page_when_done(admin)
    assert "Type <code>production</code> to confirm" in page
    assert promote(admin, understood="true") == 422
    assert promote(admin, confirm="sandbox") == 422
    assert promote(admin, confirm="production") == 302


def test_what_the_page_said_of_the_impact_counts_in_every_process(admin: Person, needs: Needs) -> None:
    edit(needs, destinations=destinations(route="+14155550177"))
    assert promote(admin, understood="true", _moved="90", _played="100") == 422


def test_the_impact_says_how_many_of_the_last_days_calls_would_go_where(
    house: Application, admin: Person, needs: Needs
) -> None:
    for number in range(8):
        store_call(house, f"CA{number:032x}", intent="billing" if number < 3 else "other")
    _, *others = DOCUMENT["rules"]
    edit(needs, rules=[{**DOCUMENT["rules"][1], "destination": "front-desk"}, *others[1:]])
    page = page_when_done(admin)
    assert "Replayed 8 calls from the last 24 hours: <strong>3 would go somewhere else</strong>." in page
    assert "<li>3 <bdi>Billing Support</bdi> \u2192 <bdi>Front desk</bdi></li>" in page


def test_the_impact_of_a_busy_day_is_taken_from_a_sample_of_it(house: Application, admin: Person, needs: Needs) -> None:
    for number in range(20):
        store_call(house, f"CA{number:032x}")
    sample = needs.records.sample(house.services.clock().replace(hour=0), 5)
    assert (sample.total, len(sample.call_sids), len(list(sample.calls))) == (20, 5, 5)
    spread = [int(sid[2:], 16) for sid in sample.call_sids]
    assert sorted(spread) == [3, 7, 11, 15, 19]


def test_without_a_call_the_impact_says_that_there_is_nothing_to_replay(admin: Person, needs: Needs) -> None:
    edit(needs, destinations=destinations(route="+14155550177"))
    assert "No calls came in the last 24 hours" in page_when_done(admin)


def test_the_checks_say_what_was_looked_at(admin: Person, needs: Needs) -> None:
    edit(needs, destinations=destinations(route="+14155550177"))
    page = page_when_done(admin)
    assert "No fault in 4 destinations, 3 rules and 1 set of hours" in page
    assert "1 of 1 required tests pass" in page


def test_a_warning_names_the_thing_that_it_is_about_and_leads_there(admin: Person, needs: Needs) -> None:
    edit(needs, destinations=destinations(route="+14155550177"))
    page, link = admin.sees("/changes"), 'href="/destinations/billing-support"'
    assert f"<a {link}>Billing Support</a>: +14155550177 is a phone number: headers do not reach it." in page
    matter = next(part for part in admin.sees("/").split("<li") if "headers do not reach it" in part)
    assert "Billing Support: " in matter
    assert link in matter


def test_many_changes_come_a_page_at_a_time_in_every_view(admin: Person, needs: Needs) -> None:
    more = [
        {"id": f"desk-{number}", "name": f"Desk {number}", "method": "INVITE", "route": f"+1415555{number:04}"}
        for number in range(100)
    ]
    edit(needs, destinations=[*DOCUMENT["destinations"], *more])
    for view, size in (("", 30), ("side", 15), ("yaml", 15)):
        page = admin.sees(f"/changes?view={view}")
        assert len(re.findall(r"<strong>Destination Desk \d+</strong>", page)) == size
        assert f"1\u2013{size} of 100" in page
        assert len(page) < 60_000


@pytest.mark.parametrize("view", ["side", "yaml"])
def test_only_what_changed_of_a_thing_is_compared(admin: Person, needs: Needs, view: str) -> None:
    edit(needs, destinations=destinations(route="+14155550177"))
    page = admin.sees(f"/changes?view={view}")
    assert "Destination Billing Support" in page
    assert "VIP host" not in page


def test_added_and_removed_hours_are_told_as_text(admin: Person, needs: Needs) -> None:
    desk = {"id": "desk", "name": "Desk", "weekly": {"mon-fri": ["08:00-18:00"]}, "holidays": {"country": "US"},
            "exceptions": [{"date": "2026-12-24", "open": ["09:00-12:00"], "label": "Christmas Eve"}]}  # fmt: skip
    edit(needs, hours=[*DOCUMENT["hours"], desk])
    told = (
        "weekly hours: Mo-Fr 08:00-18:00; closed on the public holidays of: US; "
        "exceptions: 2026-12-24 09:00-12:00 (Christmas Eve)"
    )
    assert f"<ins><bdi>{told}</bdi></ins>" in admin.sees("/changes").replace("\u2060", "")
    needs.versions.promote(2, expected_production=1, author="test", tests=False)
    needs.live.refresh()
    edit(needs, hours=DOCUMENT["hours"])
    assert f"<del><bdi>{told}</bdi></del>" in admin.sees("/changes").replace("\u2060", "")


def test_a_very_long_line_is_marked_as_a_whole() -> None:
    thing = Thing("destinations", "a", "A", "Destination A", None, ())  # type: ignore[arg-type]
    before, after = ({"destinations": [{"id": "a", "name": text * 5_000}]} for text in ("ab", "ba"))
    began = time.monotonic()
    side_by_side([thing], before, after)
    yaml_lines([thing], before, after)
    assert time.monotonic() - began < 1


def two_people(needs: Needs) -> None:
    deployment = {"promotion": {"two_people": True}}
    needs.configurations.deployments.save(deployment, expected=None, author="sam@example.com")


def test_where_two_people_are_needed_who_saved_is_told_before_the_promote(admin: Person, needs: Needs) -> None:
    two_people(needs)
    newest = needs.versions.get("sandbox")
    needs.versions.save({**newest.document, "name": "Grand Hotel"}, expected=1, author="admin@example.com")
    page = admin.sees("/changes")
    assert "You saved v2 yourself." in page
    assert "Promote v2 to production" not in page


def test_where_two_people_are_needed_the_second_one_is_told_who_saved(admin: Person, needs: Needs) -> None:
    two_people(needs)
    edit(needs, name="Grand Hotel")
    page = admin.sees("/changes")
    assert "Two people: test saved v2" in page
    assert "Promote v2 to production" in page


def test_a_changed_setting_is_told_in_the_words_of_its_page_and_part_by_part(admin: Person, needs: Needs) -> None:
    document = {
        **needs.versions.get("sandbox").document,
        "policy": {"allowed_regions": ["US", "CA"]},
        "text_back": {"body": "Sorry", "on": ["voicemail"]},
        "sip_host": "b.example.com",
        "intake": {"kind": "stream", "url": "wss://agent.example.com/x"},
    }
    needs.versions.save(document, expected=1, author="kim@example.com")
    needs.live.refresh()
    page = re.sub(r"<[^>]+>", "", admin.sees("/changes"))
    for said in (
        "Numbers that may be dialled",
        "countries: the site’s own → US; CA",
        "when: never → The caller got the voicemail",
        "SIP host",
        "before the rules decide: The rules decide at once → An AI agent over a media stream",
    ):
        assert said in page
    assert "allowed_number_types" not in page


def test_of_many_warnings_the_rest_is_folded_so_that_the_promote_stays_in_reach(admin: Person, needs: Needs) -> None:
    document = {**needs.versions.get("sandbox").document}
    desk = {"method": "INVITE", "route": "+14155550100", "headers": [{"name": "X-A", "value": "1"}]}
    desks = [{**desk, "id": f"desk-{number}", "name": f"Desk {number}"} for number in range(30)]
    document["destinations"] = [*document["destinations"], *desks]
    needs.versions.save(document, expected=1, author="kim@example.com")
    needs.live.refresh()
    checks = admin.sees("/changes").split('id="c-checks"')[1].partition("</section>")[0]
    seen, folded = re.sub(r"<details>.*?</details>", "", checks, flags=re.DOTALL), checks.partition("<details>")[2]
    assert seen.count(">look<") == 6
    assert "54 more" in folded
    assert folded.count(">look<") == 54
