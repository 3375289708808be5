"""A stored call knows no secret: its replay and the impact of a version say where one would decide."""

from __future__ import annotations

from typing import Any

import pytest

from handoff_rules.atoms import told_key
from tests.application import Application
from tests.console.conftest import Person
from tests.console.test_call_page import SID, store_call
from tests.console.test_changes import page_when_done
from webapp.console.needs import Needs
from webapp.store import keys

CARD = {"id": "card", "name": "Card", "when": {"variable": "card", "is": "4242"}, "destination": "after-hours"}


@pytest.fixture
def asked_anew(house: Application, needs: Needs) -> None:
    """A call that told a card, and a sandbox that asks for its number."""
    store_call(house)
    assert house.services.voice_store.flush(10)
    _tell_a_card(house)
    document: dict[str, Any] = {**needs.versions.get(1).document}
    document["variables"] = {**document.get("variables", {}), "card": {"sample": "1", "secret": True}}
    needs.versions.save({**document, "rules": [CARD, *document["rules"]]}, expected=1, author="test")
    needs.live.refresh()


def _tell_a_card(house: Application) -> None:
    client = house.services.configurations.store.client
    facts = client.hget(keys.call(SID), "facts").replace(
        '"conditions":{}', f'"conditions":{{"{told_key("card")}":true}}'
    )
    assert told_key("card") in facts
    client.hset(keys.call(SID), "facts", facts)


@pytest.mark.usefixtures("asked_anew")
def test_a_replay_names_the_secret_and_does_not_say_that_nothing_changes(admin: Person) -> None:
    page = admin.sees(f"/calls/{SID}/replay")
    assert "A secret decides" in page
    assert "card: secret, and so not kept with the call." in page
    assert "Nothing would be different" not in page


@pytest.mark.usefixtures("asked_anew")
def test_the_impact_counts_a_call_that_a_secret_decides_as_left_out(admin: Person) -> None:
    page = page_when_done(admin)
    assert "Replayed 0 calls" in page
    assert "all go where they went" not in page
    assert "1 was left out: what was known of it has expired, or a secret that is never stored decides." in page
