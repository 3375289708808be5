"""How often a webhook waits for Redis, and how many commands it sends: counted, not timed."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from html import unescape
from pathlib import Path
from typing import Any

from bench.configuration import document
from tests.application import AUTH_TOKEN, BASE_URL, Application
from tests.stand_in.signing import signature
from webapp import create_app
from webapp.store.connection import Command
from webapp.store.redis import VoiceRedis

CALL = {"AccountSid": "AC" + "0123456789abcdef" * 2, "CallSid": "CA" + "c" * 32, "From": "+12125550123",
        "To": "+14155550199", "CallStatus": "ringing", "Direction": "inbound"}  # fmt: skip


class CountingRedis(VoiceRedis):
    """The real client, which counts what it is asked for."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.round_trips = self.commands = self.deferred = 0

    def execute(self, commands: Sequence[Command], meanwhile: Callable[[], None] | None = None) -> list[Any]:
        self.round_trips += 1
        self.commands += len(commands)
        return super().execute(commands, meanwhile)

    def later(self, commands: Sequence[Command]) -> None:
        self.deferred += len(commands)
        super().later(commands)


@dataclass(frozen=True, slots=True)
class Counted:
    webhook: str
    round_trips: int
    commands: int
    deferred: int


def count(redis_url: str) -> list[Counted]:
    """A call that comes in, is repeated, meets a busy line, and is reported as over."""
    with tempfile.TemporaryDirectory() as directory, Application(redis_url, Path(directory), document(100)) as wired:
        store = CountingRedis(redis_url)
        client = create_app(wired.settings, replace(wired.services, voice_store=store)).test_client()
        rows: list[Counted] = []

        def post(name: str, path: str, form: dict[str, str]) -> str:
            before = (store.round_trips, store.commands, store.deferred)
            headers = {"X-Twilio-Signature": signature(AUTH_TOKEN, BASE_URL + path, form.items())}
            answer = client.post(path, data=form, headers=headers, environ_overrides={"RAW_URI": path})
            assert answer.status_code in (200, 204), answer.status
            rows.append(Counted(name, *(now - then for now, then in zip(
                (store.round_trips, store.commands, store.deferred), before, strict=True))))  # fmt: skip
            return str(answer.get_data(as_text=True))

        document_sent = post("/voice/call", "/voice/call", CALL)
        post("/voice/call, repeated", "/voice/call", CALL)
        found = re.search(r'action="([^"]+)"', document_sent)
        assert found is not None
        action = unescape(found[1]).removeprefix(BASE_URL)
        post("/voice/dial-ended", action, CALL | {"CallStatus": "in-progress", "DialCallStatus": "busy"})
        child = CALL | {"CallSid": "CA" + "d" * 32, "ParentCallSid": CALL["CallSid"], "SequenceNumber": "1"}
        post("/voice/status", action.replace("dial-ended", "status"), child)
        store.close()
    return rows


def report(redis_url: str) -> str:
    lines = [f"{'webhook':28}{'blocking round trips':>22}{'commands in it':>16}{'written later':>15}"]
    lines += [f"{row.webhook:28}{row.round_trips:>22}{row.commands:>16}{row.deferred:>15}" for row in count(redis_url)]
    return "\n".join(lines)
