"""A change on the destination's form keeps what stands in the file alone."""

from __future__ import annotations

from webapp.console.destination_form import document_of, draft_of, not_on_the_form


def test_the_offer_of_a_text_survives_a_change_on_the_form() -> None:
    offer = {"prompt": "Press 1 to get our address by text.", "body": "1 Example Street"}
    stored = {"id": "desk", "name": "Desk", "method": "INVITE", "route": "+14155550100", "offer_text": offer}
    changed = document_of(draft_of(stored) | {"route": "+14155550101"}, "desk") | not_on_the_form(stored)
    assert (changed["route"], changed["offer_text"]) == ("+14155550101", offer)
