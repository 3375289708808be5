"""The set-up page: a link that is over says so, and what to do."""

from __future__ import annotations

from tests.application import Application
from tests.console.conftest import Person


def test_a_set_up_link_that_is_over_says_so_above_the_sign_in(house: Application, admin: Person) -> None:
    stranger = Person(house.app.test_client())
    text = stranger.sees("/setup?token=used")
    assert "This link was used or is older than 30 minutes. Run <code>handoff setup-link</code> for a new one." in text
    assert 'name="_password"' in text
