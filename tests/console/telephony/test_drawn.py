"""Numbers, SMS registration, error codes, the doctor and the Twilio account are drawn whole, and as JSON."""

from __future__ import annotations

import pytest

from tests.application import Application
from tests.console.conftest import Person, person
from tests.console.telephony_house import TELEPHONY_PAGES
from webapp.people.roles import Role


@pytest.mark.parametrize("path", TELEPHONY_PAGES)
def test_a_page_is_drawn_whole(admin: Person, path: str) -> None:
    status = 302 if path == "/errors?q=13801" else 200
    text = admin.sees(path, status)
    assert text.count("<h1") == 1
    assert text.rstrip().endswith("</html>")


@pytest.mark.parametrize("path", ["/numbers", "/sms", "/errors", "/errors/13801", "/doctor", "/settings/twilio"])
def test_a_page_is_drawn_whole_while_no_account_is_connected(unconnected: Application, path: str) -> None:
    text = person(unconnected, Role.ADMIN).sees(path)
    assert text.count("<h1") == 1
    if path in ("/numbers", "/sms"):
        assert "No Twilio account is connected" in text
        assert 'href="/settings/twilio"' in text


@pytest.mark.parametrize(
    "path", ["/numbers.json", "/sms.json", "/errors.json", "/errors/sip:486.json", "/doctor.json", "/doctor.json?all=1"]
)
def test_a_page_has_its_twin_in_json(admin: Person, path: str) -> None:
    answer = admin.get(path)
    assert answer.status_code == 200
    assert answer.is_json
