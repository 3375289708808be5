"""How long the server takes to draw and to change a page at 1,000 destinations, 1,000 rules and 100,000 stored calls.

With nothing to promote, with one change and with two hundred. Ends with 1 when anything is over its budget. On a
machine that is busy with other work the waiting says nothing of us: there the work alone is held against the budget.
"""

from __future__ import annotations

import itertools
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from werkzeug.test import TestResponse

from tests.application import Application
from tests.console.conftest import TOKEN, Person, person
from tests.console.large_house import CALLS, DESTINATIONS, RULES, document, furnish, sid_of
from tests.console.telephony_house import CONNECTED, playing_account
from tests.messaging.rest_stand_in import ACCOUNT_SID, AUTH_TOKEN
from tests.redis_server import RedisServer
from webapp.people.roles import Role

ORIGIN = "https://handoff.example.com"
ROUNDS = 20
A_CALL = f"/calls/{sid_of(500)}"
PAGES = (
    "/",
    "/destinations",
    "/destinations?page=20",
    "/destinations?q=york+9",
    "/destinations?state=failing",
    "/destinations/desk-500",
    "/destinations/desk-500/history",
    "/destinations/new?like=desk-500",
    "/destinations/suggested?of=destination&destination=york+9",
    "/rules",
    "/rules?page=15",
    "/rules?q=case-70",
    "/rules/rule-500",
    "/rules/new",
    "/rules/map",
    "/hours",
    "/hours/desk",
    "/hours/new",
    "/test",
    "/test?variables=intent%3Dcase-700",
    "/test?destination=desk-500&far/0=busy",
    "/test?version=1&variables=intent%3Dcase-700",
    "/calls",
    "/calls?ends=voicemail",
    "/calls?q=CA9",
    "/calls?q=nothing+like+this",
    "/calls?destination=desk-9&rule=rule-9&number=%2B14155559009&version=1",
    "/test/last-call",
    "/calls/new?after=1",
    A_CALL,
    f"{A_CALL}/replay",
    "/changes",
    "/versions",
    "/test/saved",
    "/search?q=york",
    "/search?q=no+such+words",
    "/developers",
    "/developers/tokens",
    "/developers/api",
    "/developers/api/post_promotions",
    "/developers/webhooks",
    "/settings",
    "/settings/calls",
    "/settings/people",
    "/settings/audit",
    "/settings/twilio",
    "/numbers",
    "/numbers/fallback",
    f"/numbers/{CONNECTED}",
    "/sms",
    "/errors",
    "/errors/13801",
    "/doctor",
    "/help",
    "/help/rules",
    "/sign-in",
)
PRODUCTION_PAGES = tuple(
    f"{path}?version=production"
    for path in (
        "/destinations", "/destinations/desk-500", "/rules", "/rules/rule-500", "/rules/map", "/hours", "/hours/desk",
        "/settings/calls",
    )
)  # fmt: skip
CHANGED_PAGES = ("/", "/changes", "/changes?view=side", "/changes?view=yaml", "/changes.json", "/versions", A_CALL)
COMPARED_PAGES = ("/versions/compare?from=1&to={}", "/versions/compare?from=1&to={}&view=side",
                  "/versions/compare?from=1&to={}&view=yaml")  # fmt: skip
ROLL_BACK = "/versions/1/roll-back"
PROMOTED_PAGES = ("/versions", "/versions/since-promote")
DRAW_MS, CHANGE_MS, PAGE_BYTES = 150, 500, 60_000
"""A change reads, checks, compiles and durably stores the whole document before it says so."""


@dataclass
class Bench:
    """Draws and changes pages as somebody would, and counts what is over its budget."""

    house: Application
    somebody: Person
    over: int = 0

    def draw(self, *paths: str) -> None:
        for path in paths:
            size = 0 if path.endswith(".json") else len(self.somebody.sees(path).encode())
            self._tell(path, _p95(partial(self.somebody.sees, path)), DRAW_MS, size)

    def redraw(self, what: str, path: str, page: str, **typed: str) -> None:
        """A form that comes back as it was typed, nothing being saved: a row more, or the preview while typing."""
        token = self._token_of(page)

        def once() -> None:
            answer = self._post(path, token, typed)
            assert answer.status_code == 200, f"{path}: {answer.status_code}"

        self._tell(what, _p95(once), DRAW_MS)

    def change(self, what: str, path: str, page: str, fields: Callable[[int], dict[str, str]]) -> None:
        """POST again and again, each time on the newest version, as a form that was opened just now."""
        numbers, token = itertools.count(), self._token_of(page)

        def once() -> None:
            answer = self._post(path, token, fields(next(numbers)))
            assert answer.status_code == 302, f"{path}: {answer.status_code}"

        self._tell(what, _p95(once), CHANGE_MS)

    def _token_of(self, page: str) -> str:
        """As somebody does before pressing a button: what the page has begun in the background is over by then."""
        text = self.somebody.sees(page)
        deadline = time.monotonic() + 60
        while "Look again" in text:
            assert time.monotonic() < deadline, f"{page} is never done"
            time.sleep(0.2)
            text = self.somebody.sees(page)
        token = TOKEN.search(text)
        assert token is not None, f"no form on {page}"
        return token[1]

    def _post(self, path: str, token: str, typed: dict[str, str]) -> TestResponse:
        newest = self.house.services.live.environment("sandbox").version.number
        data = typed | {"_token": token, "_version": str(newest)}
        return self.somebody.client.post(path, data=data, base_url=ORIGIN, headers={"Sec-Fetch-Site": "same-origin"})

    def save(self, number: int, **changes: Any) -> None:
        versions = self.house.services.configurations.versions
        newest = versions.get("sandbox")
        versions.save({**newest.document, **changes}, expected=newest.number, author="bench", note=f"{number} changes")

    def promote(self) -> None:
        versions = self.house.services.configurations.versions
        versions.promote(versions.get("sandbox").number, expected_production=1, author="bench", tests=False)

    def _tell(self, what: str, took: tuple[float, float], budget: int, size: int = 0) -> None:
        p95, busy = took
        is_over = (busy if is_crowded() else p95) > budget or size > PAGE_BYTES
        self.over += is_over
        weight = f"{size / 1_000:7.1f} kB" if size else " " * 10
        print(f"  {what:<72} {p95:7.1f} ms {busy:7.1f} ms {weight}{'   over budget' if is_over else ''}", flush=True)


def _p95(once: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds that passed, and that this process was busy: on a loaded machine the second ones say more."""
    passed, busy = [], []
    for _ in range(ROUNDS):
        began, worked = time.perf_counter(), time.process_time()
        once()
        passed.append((time.perf_counter() - began) * 1_000)
        busy.append((time.process_time() - worked) * 1_000)
    return statistics.quantiles(passed, n=20)[-1], statistics.quantiles(busy, n=20)[-1]


def is_crowded() -> bool:
    """More wants to run than there are processors, this process included."""
    return os.getloadavg()[0] > (os.cpu_count() or 1)


def moved_routes(document: dict[str, Any], count: int) -> list[dict[str, Any]]:
    """The destinations with the first `count` of them at another address."""
    return [
        item | {"route": f"sip:moved{place}@pbx.example.com"} if place < count else item
        for place, item in enumerate(document["destinations"])
    ]


def saved_tests(count: int) -> list[dict[str, Any]]:
    call = {"from": "+12125550123", "to": "+14155550199", "at": "2026-11-20T15:00:00-05:00"}
    return [
        {"name": f"Case {number}", "call": call | {"variables": {"intent": f"case-{number}"}},
         "expect": {"path": [f"desk-{number}"], "ends": "answered"}}
        for number in range(count)
    ]  # fmt: skip


def run(bench: Bench) -> None:
    large = document()
    print("Nothing to promote")
    bench.draw(*PAGES, *PRODUCTION_PAGES)
    print("While somebody types")
    desk = {"name": "Desk 500", "method": "INVITE", "route": "sip:desk500@pbx.example.com", "_id": "desk-500",
            "fallback/0/kind": "destination", "fallback/0/destination": "desk-501", "ring_seconds": "20"}  # fmt: skip
    bench.redraw("the preview of a destination", "/destinations/preview", "/destinations/desk-500", **desk)
    bench.redraw("a step more in its form", "/destinations/desk-500", "/destinations/desk-500", **desk,
                 _order="add:fallback")  # fmt: skip
    rule = {"name": "Rule 500", "destination": "desk-500", "match": "all", "items/0/kind": "variable",
            "items/0/variable": "intent", "items/0/operator": "is", "items/0/value": "case-500"}  # fmt: skip
    bench.redraw("a rule and how many calls it would match", "/rules/rule-500", "/rules/rule-500", **rule,
                 _order="refresh:")  # fmt: skip
    print("One route changed")
    bench.save(1, destinations=moved_routes(large, 1))
    bench.draw(*CHANGED_PAGES, *(path.format(2) for path in COMPARED_PAGES))
    print("200 routes and one rule changed, 200 required tests")
    rules = [*large["rules"][1:], large["rules"][0]]
    bench.save(201, destinations=moved_routes(large, 200), rules=rules, tests=saved_tests(200))
    bench.draw(
        *CHANGED_PAGES, "/test/saved", "/test/saved?run=1", *(path.format(3) for path in COMPARED_PAGES), ROLL_BACK
    )
    print("Changes")
    bench.change("POST a rule moves", "/rules/rule-500/move", "/rules?page=13", lambda n: {"to": ("up", "down")[n % 2]})
    bench.change("POST a destination rings another time", "/destinations/desk-500", "/destinations/desk-500",
                 lambda n: desk | {"_order": "save", "ring_seconds": str(20 + n % 2)})  # fmt: skip
    bench.change("POST one thing is put back", "/changes/revert", "/changes",
                 lambda n: {"part": "destinations", "id": f"desk-{n}"})  # fmt: skip
    print("Promoted")
    bench.promote()
    bench.draw(*PROMOTED_PAGES)


def main() -> None:
    own = {"TWILIO_ACCOUNT_SID": ACCOUNT_SID, "TWILIO_AUTH_TOKEN": AUTH_TOKEN}
    with (
        tempfile.TemporaryDirectory() as directory,
        RedisServer() as redis,
        playing_account().playing(),
        Application(redis.url, Path(directory), document(), **own) as house,
    ):
        furnish(house)
        print(f"{DESTINATIONS} destinations, {RULES} rules, {CALLS} calls")
        print(f"Budgets: a page {DRAW_MS} ms and {PAGE_BYTES / 1_000:.0f} kB of HTML, a change {CHANGE_MS} ms")
        print(f"p95 of {ROUNDS}: milliseconds until the answer, milliseconds of work, size")
        bench = Bench(house, person(house, Role.ADMIN))
        run(bench)
        if is_crowded():
            print("This machine was busy with other work: the budgets were held against the milliseconds of work.")
        if bench.over:
            print(f"{bench.over} over budget", file=sys.stderr)
            raise SystemExit(1)


if __name__ == "__main__":
    main()
