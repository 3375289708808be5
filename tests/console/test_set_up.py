"""The first admin."""

from __future__ import annotations

from tests.application import Application
from tests.console.conftest import PASSWORD, Person
from webapp.console.needs import Needs


def test_who_became_an_admin_by_a_set_up_link_stands_in_the_audit_log(house: Application, needs: Needs) -> None:
    link = needs.people.set_up.make_link("https://handoff.example.com")
    token = link.partition("token=")[2]
    typed = {"token": token, "name": "Ana", "email": "ana@example.com", "password": PASSWORD}
    Person(house.app.test_client()).posts("/setup", typed, page=f"/setup?token={token}")
    entry = needs.configurations.editor.audit_entries(limit=1)[0]
    assert (entry.actor, entry.action, entry.subject) == ("set-up link", "person added", "ana@example.com")
