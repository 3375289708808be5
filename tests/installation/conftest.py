"""One real server for all of these tests, and two terminals: one on its machine, one elsewhere with a token."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from tests.application import ACCOUNT_SID, AUTH_TOKEN, BASE_URL, DOCUMENT
from tests.chaos.web_server import WebServer
from tests.redis_server import RedisServer, wait_until
from tests.simulator.terminal import Terminal
from tests.stand_in import Call, Twilio
from tests.stand_in.far_end import Answer
from webapp.calls.reader import CallReader

SAVED_TEST = {
    "name": "The desk answers", "call": {"from": "+12125550123", "to": "+14155550177"}, "expect": {"ends": "answered"},
}  # fmt: skip
FAILING = SAVED_TEST | {"expect": {"ends": "voicemail"}}
"""A required test that no version here passes."""
Edit = Callable[..., int]


@dataclass(frozen=True)
class Sides:
    """`local` works on the server's own store, `remote` by its API alone."""

    server: WebServer
    local: Terminal
    remote: Terminal
    folder: Path
    twilio: Twilio
    calls: CallReader

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    def with_token(self, role: str, environment: str = "production") -> Terminal:
        made = self.local.run("tokens", "create", f"{role} of a test", "--role", role, "--environment", environment)
        return elsewhere(self.folder, self.url, made.stdout.strip())

    def same(self, *arguments: str) -> Result:
        """Both sides say exactly the same; what they say."""
        here, there = self.local.run(*arguments), self.remote.run(*arguments)
        assert (here.exit_code, here.stdout) == (there.exit_code, there.stdout), there.output
        return there

    def file(self, document: Any, name: str = "changed.json") -> str:
        path = self.folder / name
        path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
        return str(path)

    def play(self, *far_end: str, **call: Any) -> str:
        """A whole signed call over HTTP, to its last status callback; its CallSid."""
        call_sid = self.twilio.place_call(Call(far_end=tuple(Answer(word) for word in far_end), **call)).call_sid
        wait_until(lambda: (found := self.calls.get(call_sid)) is not None and found.duration_seconds is not None)
        return call_sid


def elsewhere(folder: Path, server: str, token: str) -> Terminal:
    return Terminal(folder / "elsewhere", HANDOFF_SERVER=server, HANDOFF_TOKEN=token)


@pytest.fixture(scope="module")
def sides(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sides]:
    folder = tmp_path_factory.mktemp("sides")
    document = DOCUMENT | {"tests": [SAVED_TEST]}
    with RedisServer() as redis, WebServer(redis.url, folder, document, WEB_CONCURRENCY="1") as server:
        local = Terminal(folder, **server.environment)
        made = local.run("tokens", "create", "elsewhere", "--role", "admin", "--environment", "production")
        remote = elsewhere(folder, f"http://127.0.0.1:{server.port}", made.stdout.strip())
        twilio = Twilio(server.transport, ACCOUNT_SID, AUTH_TOKEN, BASE_URL)
        with redis.client() as client:
            yield Sides(server, local, remote, folder, twilio, CallReader(client))


@pytest.fixture
def edit(sides: Sides) -> Callable[..., int]:
    """A new version in the sandbox, made on the machine itself; its number."""

    def save(**parts: Any) -> int:
        file = sides.file(DOCUMENT | {"tests": [SAVED_TEST]} | parts)
        return int(sides.local.ask("config", "import", file)["version"])

    return save
