"""The destination's form: it keeps what stands in the file alone, and shows what callers get while one types."""

from __future__ import annotations

import html
import re

import pytest

from tests.console.conftest import Person
from tests.console.test_tasks import FRONT_DESK
from tests.console.test_two_at_once import opened, sends
from webapp.console.destination_form import document_of, draft_of, not_on_the_form
from webapp.console.needs import Needs


def test_the_offer_of_a_text_survives_a_change_on_the_form() -> None:
    offer = {"prompt": "Press 1 to get our address by text.", "body": "1 Example Street"}
    stored = {"id": "desk", "name": "Desk", "method": "INVITE", "route": "+14155550100", "offer_text": offer}
    changed = document_of(draft_of(stored) | {"route": "+14155550101"}, "desk") | not_on_the_form(stored)
    assert (changed["route"], changed["offer_text"]) == ("+14155550101", offer)


def preview(admin: Person, **typed: str) -> str:
    answer = admin.posts("/destinations/preview", FRONT_DESK | typed, page="/destinations/front-desk")
    assert answer.status_code == 200
    return html.unescape(answer.text)


def test_the_language_and_voice_of_a_step_survive_a_change_on_the_form(admin: Person, needs: Needs) -> None:
    spoken = {"language": "es-MX", "voice": "Polly.Mia"}
    steps = [{"voicemail": {"greeting": "Hola", "max_seconds": 60, **spoken}}, {"say": "Adios", **spoken}]
    newest = needs.versions.get("sandbox")
    billing, desk, *others = newest.document["destinations"]
    document = {**newest.document, "destinations": [billing, {**desk, "fallback": steps}, *others]}
    needs.versions.save(document, expected=1, author="kim@example.com")
    needs.live.refresh()
    page = "/destinations/front-desk"
    assert 'value="Polly.Mia"' in admin.sees(page)
    sends(admin, page, opened(admin.sees(page)) | {"name": "Lobby", "_order": "save"})
    lobby = needs.live.environment("sandbox").compiled.configuration.destination_by_id["front-desk"]
    voicemail, said = lobby.fallback
    assert lobby.name == "Lobby"
    assert voicemail.voicemail is not None
    assert (voicemail.voicemail.language, voicemail.voicemail.voice) == ("es-MX", "Polly.Mia")
    assert (said.language, said.voice) == ("es-MX", "Polly.Mia")


def test_the_preview_shows_the_document_of_a_call_over_each_way(admin: Person) -> None:
    shown = preview(admin, method="REFER", route="sip:desk@pbx.example.com")
    assert "A call over the phone network</summary><pre>" in shown
    assert "A call over SIP</summary><pre>" in shown
    assert re.search(r"<Dial [^>]*>\s*<Sip [^>]*>sip:desk@pbx\.example\.com", shown)
    assert re.search(r"<Refer [^>]*>\s*<Sip>sip:desk@pbx\.example\.com", shown)


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


def test_a_rows_button_leads_to_the_row_that_it_made_or_moved(admin: Person) -> None:
    """Without this the page would come back at its top, thousands of pixels from where the person was."""
    page, more = admin.sees("/destinations/billing-support"), {}
    for order, target in (
        ("add:headers", "f-headers-2-name"),
        ("down:headers/0", "f-headers-1-up"),
        ("up:fallback/1", "f-fallback-0-down"),
        ("remove:headers/0", "f-headers-0"),
        ("remove:headers/1", "f-headers-add"),
    ):
        button = re.search(rf'value="{order}" formaction="#([^"]+)"', page)
        assert button is not None, order
        assert button[1] == target
        more = {"headers/0/name": "X-A", "headers/0/value": "1", "headers/1/name": "X-B", "headers/1/value": "2"}
        answer = admin.posts("/destinations/billing-support", FRONT_DESK | more | STEPS | {"_order": order})
        assert f'id="{target}"' in answer.text, order


STEPS = {"fallback/1/kind": "hang_up"}


@pytest.mark.parametrize("name", ["VIP host", "vip HOST"])
def test_two_destinations_never_get_the_same_name_from_the_form(admin: Person, name: str) -> None:
    answer = admin.posts("/destinations/front-desk", FRONT_DESK | {"name": name})
    assert answer.status_code == 422
    assert 'id="f-name-fault"' in answer.text


@pytest.mark.parametrize("name", ["", "VIP host"])
def test_a_bad_name_and_a_bad_route_are_told_in_one_round(admin: Person, name: str) -> None:
    """And what somebody would hear in the second round too: how long it rings, what nobody knows."""
    typed = {"name": name, "route": "(415) 555-0100", "ring_seconds": "soon", "utterance": "One moment."}
    for address in ("/destinations/front-desk", "/destinations/new"):
        page = admin.posts(address, FRONT_DESK | typed)
        assert page.status_code == 422
        assert "3 things to fix. Nothing was saved." in page.text
        for field in ("name", "route", "ring_seconds"):
            assert f'id="f-{field}-fault"' in page.text, field
        assert "One moment." in page.text


def test_a_number_with_spaces_and_brackets_is_offered_as_a_route_writes_it(admin: Person) -> None:
    answer = admin.posts("/destinations/front-desk", FRONT_DESK | {"route": "+1 (415) 555-0177"})
    assert 'value="use:route:+14155550177"' in answer.text


def test_tls_on_the_port_of_plain_sip_is_a_warning(admin: Person) -> None:
    admin.posts("/destinations/front-desk", FRONT_DESK | {"route": "sips:desk@pbx.example.com:5060"})
    assert "asks for TLS on 5060" in admin.sees("/changes")


def test_what_the_check_lets_pass_is_told_once_the_destination_is_saved(admin: Person) -> None:
    """And nothing of what it says about others: that stands on the changes page."""
    typed = {"name": "Night desk", "route": "+14155550155", "machine_detection": "true", "screen": "off"}
    admin.posts("/destinations/new", FRONT_DESK | typed)
    page = admin.sees("/destinations")
    assert "Added Night desk." in page
    assert "Add <code>screen: accept</code>." in page
    admin.posts("/destinations/front-desk", FRONT_DESK)
    page = admin.sees("/destinations")
    assert "Changed Front desk." in page
    assert "screen: accept" not in page


def test_whom_a_user_to_user_header_is_written_for_is_chosen_on_the_form(admin: Person) -> None:
    address, desk = "/destinations/front-desk", FRONT_DESK | {"route": "sip:desk@pbx.example.com"}
    assert 'value="add:user-to-user"' in admin.sees(address)
    added = admin.posts(address, desk | {"_order": "add:user-to-user"})
    assert 'name="headers/0/user_to_user"' in added.text
    header = {"name": "User-to-User", "value": "$customer_id", "if_missing": "drop", "user_to_user": "talkdesk"}
    admin.posts(address, desk | {f"headers/0/{name}": value for name, value in header.items()})
    assert '<option value="talkdesk" selected>' in admin.sees(address)


@pytest.mark.parametrize(
    ("route", "told"),
    [
        ("+4915123456789", "A mobile phone rings"),
        ("+14155550177", "This may be a mobile phone"),
        ("+493012345678", ""),
        ("sip:desk@pbx.example.com", ""),
    ],
)
def test_press_1_is_suggested_for_a_number_that_may_be_a_mobile(admin: Person, route: str, told: str) -> None:
    page = admin.posts("/destinations/front-desk", FRONT_DESK | {"route": route, "_order": "refresh:"}).text
    assert ('value="use:screen:accept"' in page) is bool(told)
    assert told in page


def test_press_1_is_not_suggested_where_it_is_asked_for_already(admin: Person) -> None:
    order = FRONT_DESK | {"route": "+4915123456789", "_order": "use:screen:accept"}
    page = admin.posts("/destinations/front-desk", order).text
    assert '<option value="accept" selected>' in page
    assert "use:screen:accept" not in page
