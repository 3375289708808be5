"""How long the server takes to draw a page at 1,000 destinations, 1,000 rules and 100,000 stored calls."""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.application import Application
from tests.console.conftest import Person, person
from tests.redis_server import RedisServer
from webapp.people.roles import Role
from webapp.store import keys

DESTINATIONS, RULES, CALLS, ROUNDS = 1_000, 1_000, 100_000, 20
PAGES = (
    "/",
    "/destinations",
    "/destinations?q=desk+9",
    "/destinations/desk-500",
    "/rules",
    "/rules?page=15",
    "/rules/rule-500",
    "/rules/map",
    "/hours",
    "/test?variables=intent%3Dcase-700",
    "/calls",
    "/calls?ends=voicemail",
    "/calls?q=CA9",
    "/changes",
    "/versions",
    "/settings",
)
BUDGET_MS = 150


def document() -> dict[str, Any]:
    destinations = [
        {
            "id": f"desk-{number}", "name": f"Desk {number}", "description": f"Takes the calls of case {number}",
            "method": "INVITE", "route": f"sip:desk{number}@pbx.example.com",
            "fallback": [{"destination": f"desk-{(number + 1) % DESTINATIONS}"}, {"voicemail": {}}],
        }
        for number in range(DESTINATIONS)
    ]  # fmt: skip
    rules = [
        {
            "id": f"rule-{number}", "name": f"Rule {number}", "destination": f"desk-{number % DESTINATIONS}",
            "when": {"all": [{"variable": "intent", "is": f"case-{number}"}, {"hours": "open", "is": "open"}]},
        }
        for number in range(RULES)
    ]  # fmt: skip
    return {
        "schema": 1, "name": "Large", "default_destination": "desk-0", "destinations": destinations, "rules": rules,
        "hours": [{"id": "open", "name": "Open", "weekly": {"mon-sun": ["00:00-24:00"]}}],
        "variables": {"intent": {"sample": "case-1"}},
    }  # fmt: skip


def store_calls(house: Application) -> None:
    client, now = house.services.configurations.store.client, int(house.services.clock().timestamp() * 1000)
    version = str(house.services.live.environment("production").version)
    for start in range(0, CALLS, 5_000):
        with client.pipeline(transaction=False) as pipe:
            for number in range(start, start + 5_000):
                call_sid, ends = f"CA{number:032x}", ("answered", "voicemail", "hung_up")[number % 3]
                decision = {"variables": {"caller_id": "+12125550123"}}
                facts = json.dumps({"version": version, "over": "phone", "decision": decision})
                stored = {
                    "facts": facts,
                    "environment": "production",
                    "version": version,
                    "ends": ends,
                    "destination:1": "desk-1",
                }
                pipe.hset(keys.call(call_sid), mapping=stored)
                pipe.zadd(keys.calls(), {call_sid: now - number * 1_000})
            pipe.execute()


def measure(somebody: Person, path: str) -> tuple[float, int]:
    """The p95 in milliseconds, and the bytes of the page."""
    times, size = [], 0
    for _ in range(ROUNDS):
        began = time.perf_counter()
        size = len(somebody.sees(path))
        times.append((time.perf_counter() - began) * 1_000)
    return statistics.quantiles(times, n=20)[-1], size


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as directory,
        RedisServer() as redis,
        Application(redis.url, Path(directory), document()) as house,
    ):
        store_calls(house)
        somebody = person(house, Role.ADMIN)
        print(f"{DESTINATIONS} destinations, {RULES} rules, {CALLS} calls; p95 of {ROUNDS}, budget {BUDGET_MS} ms")
        for path in PAGES:
            somebody.sees(path)
            p95, size = measure(somebody, path)
            print(f"{path:<42} {p95:7.1f} ms {size / 1_000:7.1f} kB{'' if p95 <= BUDGET_MS else '   over budget'}")


if __name__ == "__main__":
    main()
