"""The destination's form: it keeps what stands in the file alone, and shows what callers get while one types."""

from __future__ import annotations

import html
import re

import pytest
from jinja2 import UndefinedError

from tests.application import Application
from tests.console.conftest import Person
from tests.console.test_tasks import FRONT_DESK
from webapp.console.destination_form import document_of, draft_of, not_on_the_form


def test_the_offer_of_a_text_survives_a_change_on_the_form() -> None:
    offer = {"prompt": "Press 1 to get our address by text.", "body": "1 Example Street"}
    stored = {"id": "desk", "name": "Desk", "method": "INVITE", "route": "+14155550100", "offer_text": offer}
    changed = document_of(draft_of(stored) | {"route": "+14155550101"}, "desk") | not_on_the_form(stored)
    assert (changed["route"], changed["offer_text"]) == ("+14155550101", offer)


def preview(admin: Person, **typed: str) -> str:
    answer = admin.posts("/destinations/preview", FRONT_DESK | typed, page="/destinations/front-desk")
    assert answer.status_code == 200
    return html.unescape(answer.text)


def test_the_preview_shows_the_document_of_a_call_over_each_way(admin: Person) -> None:
    shown = preview(admin, method="REFER", route="sip:desk@pbx.example.com")
    assert "A call over the phone network</summary><pre>" in shown
    assert "A call over SIP</summary><pre>" in shown
    assert re.search(r"<Dial [^>]*><Sip [^>]*>sip:desk@pbx\.example\.com", shown)
    assert re.search(r"<Refer [^>]*><Sip>sip:desk@pbx\.example\.com", shown)


def test_the_document_of_the_preview_is_of_what_is_typed_and_not_of_what_is_saved(admin: Person) -> None:
    shown = preview(admin, route="+14155550166", utterance="One moment.")
    assert "<Say>One moment.</Say>" in shown or re.search("<Say [^>]*>One moment", shown)
    assert ">+14155550166</Number>" in shown


def test_the_preview_shows_the_document_also_while_the_destination_is_closed_or_disabled(admin: Person) -> None:
    shown = preview(admin, hours="support-hours", enabled="", route="+14155550166")
    assert ">+14155550166</Number>" in shown


def test_what_cannot_be_read_yet_has_no_document(admin: Person) -> None:
    assert "<pre>" not in preview(admin, route="+1")
    assert "<pre>" not in preview(admin, route="sip:")


def test_a_rows_place_can_hold_anything_that_a_stranger_sends(admin: Person) -> None:
    """The form is drawn from what was sent, whatever it was: never a page that failed."""
    for name in ("fallback/0", "headers/0", "fallback/0/on", "headers"):
        answer = admin.posts("/destinations/front-desk", FRONT_DESK | {name: "x", "_order": "refresh:"})
        assert answer.status_code == 200, name


def test_a_name_that_a_template_expects_and_no_page_gives_is_a_fault(house: Application) -> None:
    with pytest.raises(UndefinedError):
        house.app.jinja_env.from_string("{{ nothing_of_this_name }}").render()
