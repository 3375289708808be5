"""A call keeps the version that it began with, however often production changes meanwhile."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.application import ACCOUNT_SID, AUTH_TOKEN, BASE_URL, Application
from tests.stand_in import Answer, Call, Disturbance, Finished, Twilio
from tests.stand_in.live_call import LiveCall
from tests.stand_in.transport import Request, Response, WsgiTransport

CALLS = 2_000
PROMOTES = 200
VERSION_IN = re.compile(r"-v([0-9]+)@")


def document(version: int) -> dict[str, Any]:
    """Every route says which version it is of, and each call goes through two of them."""
    return {
        "schema": 1,
        "name": f"Version {version}",
        "default_destination": "second",
        "destinations": [
            {"id": "first", "name": "First", "method": "INVITE", "route": f"sip:first-v{version}@pbx.example.com",
             "fallback": [{"destination": "second"}]},
            {"id": "second", "name": "Second", "method": "INVITE", "route": f"sip:second-v{version}@pbx.example.com"},
        ],
        "rules": [{"id": "all", "name": "All", "when": {"variable": "call_sid", "is_present": True},
                   "destination": "first"}],
    }  # fmt: skip


@dataclass
class Workers:
    """Each webhook is served by any of them."""

    applications: list[Application]
    chance: Random

    def send(self, request: Request) -> Response:
        return WsgiTransport(self.chance.choice(self.applications).app).send(request)


@dataclass
class Promoting:
    """Puts another version in production, most often the newest, sometimes an old one."""

    workers: Workers
    done: int = 0

    def __call__(self, _: LiveCall) -> None:
        versions = self.workers.applications[0].services.configurations.versions
        newest = versions.save(document(self.done + 2), expected=None, author="t").version.number
        production = versions.pointers().of("production").number
        target = newest if self.workers.chance.random() < 0.8 else self.workers.chance.randint(1, newest)
        versions.promote(target, expected_production=production, author="t")
        self.done += 1


def versions_of(finished: Finished) -> set[str]:
    assert len(finished.attempts) == 2, finished.report()
    return {VERSION_IN.findall(attempt.targets[0])[0] for attempt in finished.attempts}


@pytest.mark.slow
def test_200_promotes_during_2000_running_calls_leave_no_call_with_two_versions(redis_url: str, tmp_path: Path) -> None:
    chance, met, mixed = Random(9), set[str](), []
    with (
        Application(redis_url, tmp_path / "a", document(1)) as one,
        Application(redis_url, tmp_path / "b", document(1)) as other,
    ):
        workers = Workers([one, other], chance)
        twilio, promoting = Twilio(workers, ACCOUNT_SID, AUTH_TOKEN, BASE_URL), Promoting(workers)
        for number in range(CALLS):
            at = {"during Dial 1": promoting} if number % (CALLS // PROMOTES) == 0 else {}
            call = Call(far_end=(Answer("busy"), Answer("answered")), disturbance=Disturbance(at=at))
            found = versions_of(twilio.place_call(call).require())
            met |= found
            mixed += [number] if len(found) > 1 else []
    assert promoting.done == PROMOTES
    assert mixed == []
    assert len(met) > PROMOTES // 4, "the calls must have met many versions"
