"""Error codes, as used without JavaScript."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.application import Application
from tests.console.conftest import Person
from tests.console.telephony.helpers import needs_of
from webapp.calls.log import CallLog
from webapp.calls.timeline import Event, Kind
from webapp.messaging.sightings import Sightings


def test_a_code_is_explained_and_leads_to_the_calls_that_met_it(house: Application, admin: Person) -> None:
    sid = "CA" + "1" * 32
    Sightings(needs_of(house).configurations.store.client).note("13801", sid, datetime(2026, 11, 20, 17, 0, tzinfo=UTC))
    page = admin.sees("/errors/13801")
    assert "1 time" in page
    assert f'href="/calls/{sid}"' in page
    assert "What to do" in page
    assert "13801" in admin.sees("/errors").partition("Look something up")[0]


def test_an_unknown_code_leads_to_twilios_dictionary_and_a_strange_one_breaks_nothing(admin: Person) -> None:
    assert "https://www.twilio.com/docs/api/errors/99999" in admin.sees("/errors/99999")
    for strange in ("%3Cscript%3E", "sip:", "..%2F..", "a" * 500, "%00"):
        assert "<script>" not in admin.sees(f"/errors/{strange}", 200 if "%2F" not in strange else 404)


def test_of_an_unknown_code_nothing_is_claimed(admin: Person) -> None:
    page = admin.sees("/errors/99999")
    assert "Not in our list" in page
    assert 'class="pill bad"' not in page
    assert 'class="pill bad"' in admin.sees("/errors/13801")


def test_a_code_that_was_never_seen_here_leaves_its_place_in_the_list_empty(house: Application, admin: Person) -> None:
    sightings = Sightings(needs_of(house).configurations.store.client)
    sightings.note("32001", "CA" + "1" * 32, datetime(2026, 11, 20, 17, 0, tzinfo=UTC))
    page = admin.sees("/errors?area=sip")
    assert '<td data-label="Seen">1 ×</td>' in page
    assert '<td data-label="Seen"></td>' in page


@pytest.mark.parametrize(
    ("typed", "leads_to"),
    [
        ("13801", "/errors/13801"),
        ("SIP 486", "/errors/sip:486"),
        ("486", "/errors/sip:486"),
        ("99999", "/errors/99999"),
    ],
)
def test_a_code_typed_into_the_search_opens_its_page(admin: Person, typed: str, leads_to: str) -> None:
    answer = admin.get(f"/errors?q={typed.replace(' ', '+')}")
    assert (answer.status_code, answer.headers["Location"].replace("%3A", ":")) == (302, leads_to)


def test_a_failure_of_a_call_is_explained_beside_it_and_counted_once(house: Application, admin: Person) -> None:
    """A repeated webhook tells the same failure again; the count is of calls."""
    sid = "CA" + "2" * 32
    raw = {"DialCallStatus": "failed", "DialSipResponseCode": "503"}
    event = Event("outcome:1", Kind.OUTCOME, 1, detail={"destination": "front-desk", "outcome": "failed", "raw": raw})
    store = house.services.voice_store
    log = CallLog(store, 30)
    log.open(sid, {"version": "1-00000000", "decision": {"variables": {}}}, {"environment": "production"}, [], 1)
    for _ in range(2):
        log.step(sid, "dial-ended:1", "1", summary={}, events=[event], at_ms=1)
    store.flush()
    assert 'href="/errors/sip:503"' in admin.sees(f"/calls/{sid}")
    page = admin.sees("/errors/sip:503")
    assert "1 time" in page
    assert f'href="/calls/{sid}"' in page
