"""Brings a page into a state that no address alone shows: what a form said, what a click led to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Page

from tests.console.browser import EMAIL, Running, sid_of
from tests.messaging.rest_stand_in import ACCOUNT_SID, AUTH_TOKEN
from tests.redis_server import wait_until
from tests.stand_in.call import Call
from tests.stand_in.far_end import Answer
from tests.stand_in.transport import WsgiTransport
from tests.stand_in.twilio import Twilio

Reach = Callable[[Page, Running], object]
"""Brings the page into the state that is photographed."""


SUPPORT_HOURS = "/hours/support-hours"


@dataclass(frozen=True, slots=True)
class At:
    """What the address alone shows."""

    path: str

    def __call__(self, page: Page, house: Running) -> None:
        page.goto(house.url + self.path)


def filled(path: str, fields: Mapping[str, str], button: str) -> Reach:
    """The page after these fields (by label) were typed and this button clicked."""

    def reach(page: Page, house: Running) -> None:
        page.goto(house.url + path)
        for label, text in fields.items():
            page.get_by_label(label, exact=True).fill(text)
        page.get_by_role("button", name=re.compile(f"^{re.escape(button)}")).first.click()
        page.wait_for_load_state()

    return reach


def saved_first(name: str, route: str) -> Reach:
    """A conflict: somebody else saved the same destination while the form was open."""

    def reach(page: Page, house: Running) -> None:
        page.goto(f"{house.url}/destinations/front-desk")
        change_destination(house, 1, name=name, route=route)
        page.get_by_label("Name", exact=True).fill("Lobby")
        page.get_by_role("button", name="Save to sandbox").click()
        page.wait_for_load_state()

    return reach


def own_numbers_conflict(page: Page, house: Running) -> None:
    """Somebody else added a test caller while the form was open."""
    page.goto(f"{house.url}/settings")
    deployments = house.needs.configurations.deployments
    stored = deployments.read().deployment.to_document()
    deployments.save({**stored, "test_callers": ["+14155550124"]}, expected=None, author="kim@example.com")
    page.get_by_label("Sandbox phone").fill("+14155550112")
    page.locator("#numbers").get_by_role("button", name="Save").click()
    page.get_by_text("while this was open").wait_for()


def deleted(page: Page, house: Running) -> None:
    """The list after a destination was deleted, with the undo."""
    page.goto(f"{house.url}/destinations/spa")
    page.get_by_role("button", name="Delete").click()
    page.wait_for_load_state()


def more_of_a_row(page: Page, house: Running) -> None:
    """The list of destinations with the rest of its last row open."""
    page.goto(f"{house.url}/destinations")
    page.get_by_role("button", name="More for").last.click()


def change_destination(house: Running, place: int, **fields: object) -> None:
    found = [dict(one) for one in house.needs.versions.get("sandbox").document["destinations"]]
    found[place] |= fields
    house.save(destinations=found, note=f"Changed {found[place]['name']}")


def too_much(page: Page, house: Running) -> None:
    """A document beyond what a form may be."""
    page.goto(f"{house.url}/developers")
    page.locator("form textarea").evaluate("(field) => { field.value = 'x'.repeat(5_000_000) }")
    page.get_by_role("button", name="Show the difference").click()
    page.wait_for_load_state()


@contextmanager
def writes_refused(house: Running) -> Iterator[None]:
    """The store waits for a replica that is not there."""
    store = house.needs.configurations.store.client
    store.config_set("min-replicas-to-write", "1")
    try:
        yield
    finally:
        store.config_set("min-replicas-to-write", "0")


def not_written(page: Page, house: Running) -> None:
    """The answer to a change that the store refuses."""
    page.goto(f"{house.url}/calls/{sid_of(3)}")
    with writes_refused(house):
        page.get_by_role("button", name="Reveal").click()
        page.wait_for_load_state()


def wrong_password(page: Page, house: Running) -> None:
    filled("/sign-in", {"E-mail address": EMAIL, "Password": "not this one"}, "Sign in")(page, house)


def set_up(page: Page, house: Running) -> None:
    page.goto(house.needs.people.set_up.make_link(house.url))


def hours_both_changed(page: Page, house: Running) -> None:
    """The text and the grid of a set of hours, each changed while the other side could not follow."""
    page.goto(house.url + SUPPORT_HOURS)
    page.route("**/hours/form/changed*", lambda route: route.abort())
    page.get_by_label("Hours as text").fill("Mo-Sa 08:00-20:00; PH off")
    page.get_by_label("Saturday", exact=True).fill("10:00-12:00")
    page.get_by_role("button", name="Save to sandbox").click()
    page.unroute("**/hours/form/changed*")
    page.wait_for_load_state()


def settings_with_faults(page: Page, house: Running) -> None:
    """The first form of the page; others on it have a name too."""
    page.goto(f"{house.url}/settings")
    page.locator("[name=name]").first.fill("")
    page.locator("[name=time_zone]").fill("Europe/Londn")
    page.get_by_role("button", name="Save to sandbox").first.click()
    page.wait_for_load_state()


def person_with_faults(page: Page, house: Running) -> None:
    """A password that is too short."""
    page.goto(f"{house.url}/settings/people")
    page.locator("[name=name]").first.fill("Kim")
    page.locator("[name=email]").fill("kim@example.com")
    page.locator("[name=_password]").fill("too short")
    page.locator("form:has([name=email])").evaluate("form => { form.noValidate = true }")
    page.locator("form:has([name=email]) button").click()
    page.wait_for_load_state()


def history_read(page: Page, house: Running) -> None:
    """What changed a destination, once every version was read in the background."""
    page.goto(f"{house.url}/destinations/front-desk/history")
    wait_until(lambda: page.reload() and not page.get_by_role("link", name="Look again").count())


def person_typed(page: Page, house: Running) -> None:
    """While the store still answers; `person_sent` follows once it does not."""
    page.goto(f"{house.url}/settings/people")
    page.locator("[name=name]").first.fill("Kim")
    page.locator("[name=email]").fill("kim@example.com")
    page.locator("[name=_password]").fill("a few unrelated words")


def person_sent(page: Page, house: Running) -> None:
    page.locator("form:has([name=email]) button").click()
    page.get_by_text("Nobody was added.").wait_for()


def failing() -> str:
    """A page with a mistake in it."""
    raise ZeroDivisionError("a mistake in a page")


def forged(page: Page, house: Running) -> None:
    """A form of a sign-in that is over."""
    page.goto(f"{house.url}/destinations/front-desk")
    page.evaluate("document.querySelectorAll('[name=_token]').forEach((field) => field.value = 'old')")
    page.get_by_role("button", name="Save to sandbox").click()
    page.wait_for_load_state()


def place_calls(house: Running) -> dict[str, str]:
    """Whole calls, played by the stand-in for Twilio: what happened, and the SID of its call."""
    twilio = Twilio(WsgiTransport(house.application.app), ACCOUNT_SID, AUTH_TOKEN, house.application.settings.base_url)
    calls = {
        "call-taken": Call(far_end=(Answer("answered"),)),
        "call-voicemail": Call(far_end=(Answer("busy"), Answer("no_answer"), Answer("busy"))),
        "call-refused": Call(
            over="sip", sip_headers={"X-Customer-ID": "C-1042"}, far_end=(Answer("sip:503"), Answer("sip:486"))
        ),
        "call-sandbox": Call(to="+14155550198", far_end=(Answer("answered"),)),
    }
    placed = {name: f"/calls/{twilio.place_call(call).call_sid}" for name, call in calls.items()}
    assert house.application.services.voice_store.flush()
    return placed


def webhook_again(page: Page, house: Running) -> None:
    """The answer to a webhook that was sent again, of those that `place_calls` has let come in."""
    page.goto(f"{house.url}/developers/webhooks")
    page.locator("tr", has_text="POST /voice/call").first.get_by_role("button").click()
    page.wait_for_load_state()
