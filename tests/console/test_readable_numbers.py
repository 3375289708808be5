"""Phone numbers and beginnings of numbers: written one way on every page, and never broken at the end of a line."""

from __future__ import annotations

import pytest

from tests.console.conftest import Person
from tests.console.test_tasks import FRONT_DESK
from webapp.console.filters import whole
from webapp.console.masking import readable, readable_inside
from webapp.console.needs import Needs


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("+14155550100", "+1 415-555-0100"),
        ("+1212", "+1 212"),
        ("+1415555", "+1 415-555"),
        ("+49151", "+49 151"),
        ("+1", "+1"),
        ("1001", "1001"),
        ("sip:desk@pbx.example.com", "sip:desk@pbx.example.com"),
    ],
)
def test_a_number_and_the_beginning_of_one_are_grouped_alike(written: str, read: str) -> None:
    assert readable(written) == read


def test_in_a_text_numbers_are_grouped_and_addresses_stay_as_they_are() -> None:
    text = 'starts with "+1212" or "+14155550100"; sip:+14155550100@pbx.example.com'
    expected = 'starts with "+1 212" or "+1 415-555-0100"; sip:+14155550100@pbx.example.com'
    assert readable_inside(text) == expected


@pytest.mark.parametrize("number", ["+1 646", "+1 415-555-0100", "+1 212 \u2022\u2022\u2022 \u2022\u202223"])
def test_a_number_stays_in_one_piece(number: str) -> None:
    assert whole(f"from {number} on") == f'from <span class="nowrap">{number}</span> on'


def test_a_rule_and_its_trace_show_the_beginning_of_a_number_alike(admin: Person) -> None:
    shown = '\u201c<span class="nowrap">+1 646</span>\u201d'
    assert shown in admin.sees("/rules")
    assert shown in admin.sees("/rules/vip")
    trace = admin.sees("/test?variables=customer_tier%3Dvip")
    assert '<span class="nowrap">+1 646</span>' in trace
    assert 'it was <span class="nowrap">+1 415-555-0123</span>' in trace
    assert "+1646" not in trace


def test_the_note_of_a_conflict_shows_numbers_as_people_read_them(admin: Person, needs: Needs) -> None:
    document = dict(needs.versions.get(1).document)
    document["destinations"] = [
        item | {"route": "+14155550178"} if item["id"] == "front-desk" else item for item in document["destinations"]
    ]
    needs.versions.save(document | {"name": "Grand Hotel"}, expected=1, author="kim")
    answer = admin.posts("/destinations/front-desk", FRONT_DESK | {"_version": "1"}, page="/destinations/front-desk")
    assert answer.status_code == 409
    number = '<span class="nowrap">+1 415-555-0{}</span>'
    changed = f"<li>Destination Front desk: route: {number.format(100)} \u2192 {number.format(178)}</li>"
    assert changed in answer.text
    assert "<li>Name: Example Hotel \u2192 Grand Hotel</li>" in answer.text
