"""Test a call: the truth about production, and the saved tests."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from typing import Any

import pytest

from tests.application import Application
from tests.console.conftest import Person
from tests.console.test_tasks import FRONT_DESK
from webapp.console.needs import EXTENSION, Needs
from webapp.console.saved_tests import AT_ONCE_SECONDS

SAME = "Same in production"
TAG = re.compile(r"<[^>]*>")
MANY = 100


def edited(needs: Needs, identifier: str, **changes: Any) -> None:
    newest = needs.versions.get("sandbox")
    document = {**newest.document}
    document["destinations"] = [
        item | changes if item["id"] == identifier else item for item in document["destinations"]
    ]
    needs.versions.save(document, expected=newest.number, author="kim@example.com")


def test_production_is_the_same_as_long_as_nothing_was_changed(admin: Person) -> None:
    assert SAME in admin.sees("/test")


@pytest.mark.parametrize("path", ["/test?variables=intent%3Dother", "/test?destination=front-desk"])
def test_another_number_is_told_with_both_numbers(admin: Person, path: str) -> None:
    admin.posts("/destinations/front-desk", FRONT_DESK | {"screen": "accept"})
    page = TAG.sub("", admin.sees(path))
    assert SAME not in page
    assert "Front desk: +1 415-555-0100 → +1 415-555-0177" in page


def test_a_text_that_the_caller_would_get_is_shown_under_the_condition_that_it_is_sent(
    admin: Person, needs: Needs
) -> None:
    edited(needs, "front-desk", offer_text={"prompt": "Press 1 for our address.", "body": "1 Main Street"})
    page = admin.sees("/test?destination=front-desk&digits=1&far/0=busy")
    assert "The caller is offered a text." in page
    said = "Text to the caller with the details, if the number may send and the caller may be texted: "
    assert f"{said}\u201c1 Main Street\u201d" in page
    assert said not in admin.sees("/test?destination=front-desk&far/0=busy")


def test_a_change_that_this_call_does_not_meet_leaves_it_the_same_in_production(admin: Person, needs: Needs) -> None:
    edited(needs, "vip-host", route="sip:other@pbx.example.com")
    assert SAME in admin.sees("/test?variables=intent%3Dother")


def test_a_destination_that_production_does_not_have_is_not_called_the_same(admin: Person) -> None:
    admin.posts("/destinations/new", FRONT_DESK | {"name": "Night porter"})
    page = admin.sees("/test?destination=night-porter")
    assert SAME not in page
    assert "Production does not have this destination yet" in page


def test_a_caller_that_no_phone_call_has_is_refused_at_its_field_and_kept(admin: Person) -> None:
    page = admin.sees("/test?from=abc&digits=7")
    assert "Then what" not in page
    assert 'name="from" type="text" value="abc"' in page
    field = page.split('name="from"')[1].partition("</div>")[0]
    assert "No call over the phone network comes from “abc”. Write a number as +12125550123" in TAG.sub("", field)
    assert 'value="7"' in page
    assert "Then what" in admin.sees("/test?from=sip:abc@example.com&over=sip")


def test_keys_that_no_telephone_has_are_refused_at_their_field_and_kept(admin: Person) -> None:
    page = admin.sees("/test?digits=abc")
    assert "Then what" not in page
    field = page.split('name="digits" type="text" value="abc"')[1].partition("</div>")[0]
    assert "“abc” is not what a caller can press." in TAG.sub("", field)


def then_what(page: str) -> str:
    found = re.search(r"Then what</h2>(.*?)</section>", page, re.DOTALL)
    assert found is not None
    return " ".join(TAG.sub(" ", found[1]).split())


def test_a_closed_place_is_told_before_the_one_that_rings_in_its_stead(admin: Person) -> None:
    said = then_what(admin.sees("/test?destination=billing-support&at=2026-11-22T12:00"))
    closed = "Billing Support was passed over: it is outside Support hours until Mon 2026-11-23 09:00."
    assert said.index(closed) < said.index("Front desk +1 415-555-0100 answers")


def test_what_is_switched_off_or_cannot_be_rung_is_told_too_up_to_the_end_of_the_call(
    admin: Person, needs: Needs
) -> None:
    edited(needs, "front-desk", enabled=False, fallback=[{"destination": "vip-host"}, {"hang_up": True}])
    edited(needs, "vip-host", route="sip:{}@pbx.example.com".format("n" * 200), method="INVITE")
    needs.live.refresh()
    said = then_what(admin.sees("/test?destination=front-desk"))
    assert said.startswith("Front desk was passed over: it is turned off. VIP host")
    assert said.endswith("The end.")


def test_the_number_that_rings_is_in_the_headline_and_at_its_step(admin: Person) -> None:
    page = admin.sees("/test?variables=intent%3Dother")
    assert "Front desk gets the call at +1 415-555-0100" in TAG.sub("", page)
    assert re.search(
        r"<strong>Front desk</strong> <span class=\"mono\"><span class=\"nowrap\">\+1 415-555-0100</span>", page
    )


def test_the_test_phone_of_the_sandbox_does_not_hide_the_number_that_callers_reach(admin: Person, needs: Needs) -> None:
    needs.configurations.deployments.save({"sandbox_phone": "+14155550142"}, expected=None, author="t")
    page = TAG.sub("", admin.sees("/test?variables=intent%3Dother"))
    assert "Front desk gets the call at +1 415-555-0100" in page
    assert "rings your test phone +1 415-555-0142 instead" in page


@pytest.mark.parametrize("at", ["9999-12-31T23:59", "0001-01-01T00:00", "soon"])
def test_a_time_that_cannot_be_played_is_a_fault_at_its_field(admin: Person, at: str) -> None:
    page = admin.sees(f"/test?at={at}")
    assert 'id="f-at-fault"' in page
    assert "Nothing was tested." in page


def test_the_faults_at_the_top_follow_the_order_of_the_fields(admin: Person) -> None:
    page = admin.sees("/test?variables=intent&at=soon&from=abc")
    told = re.findall(r'<li><a href="#f-(\w+)"', page.partition('<form class="card"')[0])
    fields = re.findall(r'name="(\w+)"[^>]* aria-invalid="true"', page)
    assert told == fields == ["from", "at", "variables"]


def saves(admin: Person, **form: str) -> str:
    answer = admin.posts("/test/save", {"_name": "Night call"} | form, page="/test")
    return admin.sees(answer.location)


@pytest.mark.parametrize("form", [{"variables": "intent"}, {"at": "soon"}, {"variables": "Intent=a"}])
def test_a_call_that_cannot_be_read_is_not_saved_as_a_test(admin: Person, needs: Needs, form: dict[str, str]) -> None:
    assert "Nothing was saved" in saves(admin, **form)
    assert needs.versions.pointers().newest == 1


def test_two_tests_never_get_the_same_name_from_the_console(admin: Person, needs: Needs) -> None:
    saves(admin)
    assert "there is a test called “Night call” already" in saves(admin)
    assert [test["name"] for test in needs.versions.get("sandbox").document["tests"]].count("Night call") == 1


def test_deleting_one_of_two_tests_of_the_same_name_leaves_the_other(admin: Person, needs: Needs) -> None:
    document = dict(needs.versions.get(1).document)
    needs.versions.save(document | {"tests": document["tests"] * 2}, expected=1, author="t")
    name = document["tests"][0]["name"]
    admin.posts("/test/saved/delete", {"name": name, "place": "1"}, page="/test/saved")
    assert [test["name"] for test in needs.versions.get("sandbox").document["tests"]] == [name]


def many_tests(needs: Needs, count: int) -> None:
    document = dict(needs.versions.get(1).document)
    test = document["tests"][0]
    wrong = test | {"expect": {"path": ["vip-host"]}}
    tests = [(wrong if place == 3 else test) | {"name": f"Test {place}"} for place in range(count)]
    needs.versions.save(document | {"tests": tests}, expected=1, author="t")


def test_a_long_run_shows_its_progress_and_goes_on_by_itself_or_by_a_link(
    house: Application, admin: Person, needs: Needs
) -> None:
    a_test_takes = AT_ONCE_SECONDS / 20
    ticks = itertools.count()
    house.app.extensions[EXTENSION] = replace(needs, stopwatch=lambda: a_test_takes * next(ticks))
    many_tests(needs, MANY)
    page, seen = admin.sees("/test/saved?run=1"), [0]
    while progress := re.search(rf"(\d+) of {MANY} played", page):
        seen.append(int(progress[1]))
        assert seen[-1] > seen[-2]
        following = re.search(r'hx-get="([^"]+)" hx-trigger="load"', page)
        assert following is not None
        assert f'href="{following[1]}">Go on</a>' in page
        page = admin.sees(following[1])
    assert len(seen) > 2
    assert f"{MANY - 1} of {MANY} passed" in page
    assert "hx-trigger" not in page
    assert page.index("Test 3") < page.index("Test 0"), "the failure stands first"
    assert "Goes to: expected VIP host, got " in page


def test_a_link_cannot_claim_that_tests_have_passed(house: Application, admin: Person, needs: Needs) -> None:
    house.app.extensions[EXTENSION] = replace(needs, stopwatch=lambda: 0.0)  # a busy machine plays all of them too
    many_tests(needs, 6)
    assert "5 of 6 passed" in admin.sees("/test/saved?run=%2B%2B%2B%2B%2B%2B")
