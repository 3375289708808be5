"""Browser windows of somebody signed in, shared by the browser tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Page, sync_playwright

from tests.console.browser import Running, open_browser


@dataclass
class Window:
    """`complaints` is what the browser itself reported: refused scripts, errors, dialogs."""

    page: Page
    house: Running
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        let_go(self.page)
        self.page.goto(self.house.url + path)
        return self.page


def let_go(page: Page) -> None:
    """The page is left without the browser's question about what was typed in: its forms take it for sent."""
    page.evaluate(
        "document.querySelectorAll('form').forEach((form) => form.dispatchEvent(new Event('submit', {bubbles: true})))"
    )


def listening(window: Window) -> Window:
    """The window, with everything noted that its browser complains about."""
    page, complaints = window.page, window.complaints
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: (complaints.append(dialog.message), dialog.dismiss()))
    return window


@contextmanager
def another_person(window: Window) -> Iterator[Page]:
    """The same browser with a session of its own, signed in."""
    assert window.page.context.browser is not None
    context = window.page.context.browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    window.house.sign_in(page)
    yield page
    context.close()


@contextmanager
def a_stranger(window: Window, house: Running | None = None) -> Iterator[Window]:
    """The same browser with a session of its own, not signed in; at another `house` when one is named."""
    assert window.page.context.browser is not None
    context = window.page.context.browser.new_context(viewport={"width": 1280, "height": 900})
    yield listening(Window(context.new_page(), house or window.house))
    context.close()


@contextmanager
def a_window(house: Running, *, scripts: bool = True) -> Iterator[Window]:
    with sync_playwright() as playwright:
        browser = open_browser(playwright)
        context = browser.new_context(viewport={"width": 1280, "height": 900}, java_script_enabled=scripts)
        found = listening(Window(context.new_page(), house))
        house.sign_in(found.page)
        yield found
        browser.close()
