"""The app on a real port, with a life behind it, and a Chromium that talks to nobody else."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Playwright
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from tests.application import Application
from tests.console.document import DOCUMENT
from webapp.calls.log import CallLog
from webapp.calls.timeline import Event, Kind
from webapp.configurations.versions import Saved
from webapp.console.needs import EXTENSION, Needs
from webapp.people.roles import Role

CHROMIUM = "/usr/bin/chromium"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
EMAIL, PASSWORD = "sam@example.com", "correct horse battery staple"


class _Silent(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002
        """A test's own output is enough."""


class Running:
    """The app behind a real HTTP server on a free port of this machine."""

    def __init__(
        self, redis_url: str, directory: Path, document: dict[str, Any] | None = None, **settings: str
    ) -> None:
        usual = {"PUBLIC_BASE_URL": "http://127.0.0.1:8000", "APP_ENV": "development"}
        self.application = Application(redis_url, directory, document or DOCUMENT, **(usual | settings))
        self._server: BaseWSGIServer = make_server(
            "127.0.0.1", 0, self.application.app, threaded=True, request_handler=_Silent
        )
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self.needs: Needs = self.application.app.extensions[EXTENSION]
        self.needs.people.users.add(email=EMAIL, name="Sam Park", role=Role.ADMIN, password=PASSWORD)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.port}"

    def __enter__(self) -> Running:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self.application.close()

    def sign_in(self, page: Page, email: str = EMAIL) -> None:
        page.goto(f"{self.url}/sign-in")
        page.get_by_label("E-mail address").fill(email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"{self.url}/")

    def save(self, **changes: Any) -> Saved:
        """One edit of somebody else."""
        versions = self.needs.versions
        newest = versions.get("sandbox")
        note = changes.pop("note", "Changed")
        document = {**newest.document, **changes}
        return versions.save(document, expected=newest.number, author="kim@example.com", note=note)

    def live_a_little(self) -> None:
        """Some edits, a promotion and a day of calls."""
        self.save(name="Example Hotel New York", note="Renamed the site")
        self.needs.versions.promote(2, expected_production=1, author=EMAIL, tests=False)
        destinations = json.loads(json.dumps(DOCUMENT["destinations"]))
        destinations[1]["route"] = "+14155550177"
        destinations[1]["utterance"] = "Thank you for calling. One moment please."
        self.save(destinations=destinations, note="Changed Front desk")
        vip, billing, night = DOCUMENT["rules"]
        self.save(rules=[billing, vip, night], note="Moved VIP guests to place 2")
        deployments = self.needs.configurations.deployments
        numbers = {"+14155550199": {"environment": "production"}, "+14155550198": {"environment": "sandbox"}}
        deployments.save({"numbers": numbers, "test_callers": ["+14155550123"]}, expected=None, author=EMAIL)
        for number in range(60):
            self._call(number)
        self.application.services.voice_store.flush()

    def call_pages(self) -> tuple[str, ...]:
        return (f"/calls/{sid_of(0)}", f"/calls/{sid_of(3)}")

    def call_comes_in(self, number: int, *, seconds_ago: int = 1) -> None:
        """One more call; of ten numbers the last one is a call to the sandbox."""
        self._call(number, timedelta(seconds=seconds_ago))
        self.application.services.voice_store.flush()

    def _call(self, number: int, ago: timedelta | None = None) -> None:
        log = CallLog(self.application.services.voice_store, 30)
        at = self.needs.clock() - (timedelta(minutes=21 * number + 1) if ago is None else ago)
        ends = ("answered", "answered", "voicemail", "hung_up", "answered", "caller_hung_up")[number % 6]
        published = self.needs.live.environment("production")
        environment = "sandbox" if number % 10 == 9 else "production"
        variables = {"caller_id": f"+1212555{100 + number:04}", "called_number": "+14155550199", "intent": "billing"}
        decision = {"variables": variables, "at": at.isoformat(), "votes": [], "failing": [], "conditions": {}}
        facts = {"version": str(published.version), "environment": environment, "over": "phone", "decision": decision}
        destination = ("billing-support", "front-desk", "vip-host")[number % 3]
        summary = {"version": str(published.version), "environment": environment, "destination:1": destination}
        at_ms = int(at.timestamp() * 1000)
        begun, ended = _events(destination, ends)
        rang_ms = 4_000 + number * 2_300 % 38_000
        log.open(sid_of(number), facts, summary | {"ends": ends}, begun, at_ms)
        log.note(sid_of(number), ended, at_ms + rang_ms)


def sid_of(number: int) -> str:
    return f"CA{number:032x}"


MESSAGE = {"RecordingUrl": "https://api.twilio.com/2010-04-01/Accounts/AC0/Recordings/RE0", "RecordingDuration": "12"}


def _events(destination: str, ends: str) -> tuple[list[Event], list[Event]]:
    """What the first webhook brought, and what came when the destination answered or had rung in vain."""
    outcome = {"answered": "answered", "caller_hung_up": "caller_hung_up", "hung_up": "failed"}.get(ends, "no_answer")
    refused = {"DialCallStatus": "failed", "DialSipResponseCode": "503"}
    raw = refused if outcome == "failed" else {"DialCallStatus": "completed"}
    handed = {"destination": destination, "verb": "dial", "note": "", "routes": []}
    picked_up = [Event("leg:CAx:in-progress", Kind.LEG, 1, detail={"raw": {"CallStatus": "in-progress"}})]
    return [
        Event("decided", Kind.DECIDED, detail={"destination": destination, "rule": "billing-in-hours", "reason": ""}),
        Event("handed_off:1", Kind.HANDED_OFF, 1, detail=handed),
    ], [
        *(picked_up if outcome == "answered" else []),
        Event("outcome:1", Kind.OUTCOME, 1, detail={"destination": destination, "outcome": outcome, "raw": raw}),
        *([Event("recorded", Kind.RECORDED, 1, detail={"raw": MESSAGE})] if ends == "voicemail" else []),
        Event("ended", Kind.ENDED, 99, detail={"raw": {"CallStatus": "completed"}}),
    ]


def open_browser(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
