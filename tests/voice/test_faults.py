"""A fault of ours, raised in any function that a webhook reaches, is never heard by a caller (reliability F-32, S-07).

The functions are not listed here: playing the scenarios shows which ones a webhook reaches, and each of them then
raises once while the same webhook comes again.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import CodeType, FrameType
from urllib.parse import parse_qsl
from xml.etree.ElementTree import fromstring

import pytest
from structlog.testing import capture_logs

from tests.application import ACCOUNT_SID, AUTH_TOKEN, BASE_URL, Application
from tests.stand_in import Twilio
from tests.stand_in.scenario import Scenario, read_scenarios, scenarios_of
from tests.stand_in.transport import Request, Response, WsgiTransport
from webapp import urls

ROOT = Path(__file__).parent.parent.parent
OURS = tuple(str(ROOT / package) + "/" for package in ("handoff_rules", "twiml", "webapp"))
GUARDS = {"DirectVoice.__call__", "_send", "VoiceAnswers.answer", "VoiceAnswers._plainest",
          "SignedRequests.about_a_call", "SignedRequests.verified", "WebhookLog.__call__",
          "WebhookLog.__call__.<locals>.started"}  # fmt: skip
"""The functions that catch: what raises in their own first line has nobody above it but the server."""

CALLS = Path(__file__).parent.parent / "calls"
SCENARIOS = [
    *scenarios_of(CALLS / "intake.yaml"), *scenarios_of(CALLS / "screening.yaml"), *read_scenarios(CALLS)[::6],
]  # fmt: skip


class FaultOfOursError(Exception):
    """What no code of ours knows."""


@dataclass(slots=True)
class Recording:
    """Keeps every request on its way to the application."""

    inner: WsgiTransport
    requests: list[Request] = field(default_factory=list)

    def send(self, request: Request) -> Response:
        self.requests.append(request)
        return self.inner.send(request)


@contextmanager
def watching(called: Callable[[FrameType], None]) -> Iterator[None]:
    """Tell `called` of each function of ours that this thread enters."""

    def trace(frame: FrameType, event: str, argument: object) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(OURS):
            called(frame)

    before = sys.gettrace()
    sys.settrace(trace)  # type: ignore[arg-type]
    try:
        yield
    finally:
        sys.settrace(before)


def reached_by(transport: WsgiTransport, request: Request) -> set[CodeType]:
    reached: set[CodeType] = set()
    with watching(lambda frame: reached.add(frame.f_code)):
        transport.send(request)
    return {code for code in reached if code.co_qualname not in GUARDS}


def callers(frame: FrameType) -> Iterator[str]:
    above = frame.f_back
    while above is not None:
        yield above.f_code.co_qualname
        above = above.f_back


@dataclass(slots=True)
class Fault:
    """Raises once, the first time that `code` is entered. `at_the_gate`: while the signature was being checked."""

    code: CodeType
    raised: bool = False
    at_the_gate: bool = False

    def __call__(self, frame: FrameType) -> None:
        if frame.f_code is self.code and not self.raised:
            self.raised = True
            self.at_the_gate = "SignedRequests.verified" in callers(frame)
            raise FaultOfOursError(self.code.co_qualname)

    def wrong(self, transport: WsgiTransport, request: Request) -> str | None:
        """What is wrong with the answer to this request, None when it is one that Twilio can use."""
        with watching(self):
            answer = transport.send(request)
        path = request.target.partition("?")[0]
        place = f"{Path(self.code.co_filename).relative_to(ROOT)} {self.code.co_qualname} at {path}"
        if self.at_the_gate:
            return None if answer.status == 403 else f"{place}: {answer.status} at the gate"
        if answer.status != (204 if path == urls.STATUS else 200):
            return f"{place}: {answer.status}"
        return None if path == urls.STATUS or fromstring(answer.body).tag == "Response" else f"{place}: no document"


def forged(request: Request) -> Request:
    return replace(request, headers={**request.headers, "X-Twilio-Signature": "d3Jvbmc="})


def scenarios_with_a_call_of_their_own(redis_url: str, folder: Path) -> Iterator[tuple[WsgiTransport, list[Request]]]:
    for number, scenario in enumerate(SCENARIOS):
        with Application(redis_url, folder / str(number), scenario.configuration) as application:
            yield from played(application, scenario)


def played(application: Application, scenario: Scenario) -> Iterator[tuple[WsgiTransport, list[Request]]]:
    application.at = scenario.call.at
    recording = Recording(WsgiTransport(application.app))
    twilio = Twilio(recording, ACCOUNT_SID, AUTH_TOKEN, BASE_URL)
    twilio.place_call(scenario.call)
    for request in [each for each in recording.requests if not each.target.startswith(urls.STATUS)]:
        form = dict(parse_qsl(request.body.decode()))
        twilio.send(urls.FALLBACK, form | {"ErrorCode": "11200", "ErrorUrl": BASE_URL + request.target})
    yield recording.inner, recording.requests


@pytest.mark.slow
def test_a_fault_in_any_function_that_a_webhook_reaches_is_never_heard(redis_url: str, tmp_path: Path) -> None:
    """At the gate a fault leaves it open who is asking: refused, and Twilio asks the fallback URL."""
    tried: set[tuple[str, CodeType]] = set()
    wrong, open_gates = [], []
    with capture_logs():
        for transport, requests in scenarios_with_a_call_of_their_own(redis_url, tmp_path):
            for request in requests:
                path = request.target.partition("?")[0]
                for code in reached_by(transport, request) - {code for at, code in tried if at == path}:
                    tried.add((path, code))
                    wrong.append(Fault(code).wrong(transport, request))
                    with watching(Fault(code)):
                        answer = transport.send(forged(request))
                    open_gates += [f"{code.co_qualname} at {path}"] if answer.status != 403 else []
    assert [each for each in wrong if each] == []
    assert open_gates == []
    assert len({code for _, code in tried}) >= 200
    assert len(tried) >= 300
