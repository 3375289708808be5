"""A fault of ours that stays for the whole call rings nobody twice, and never somebody after a conversation."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.application import ACCOUNT_SID, AUTH_TOKEN, BASE_URL, DOCUMENT, Application
from tests.stand_in import Call, Twilio
from tests.stand_in.far_end import Answer
from tests.stand_in.transport import WsgiTransport
from webapp import create_app
from webapp.calls.health import HealthBoard

DESK = ("+14155550100",)
WATCHED = DOCUMENT | {"destinations": [one | {"skip_when_failing": True} for one in DOCUMENT["destinations"]]}


class Faulty(HealthBoard):
    """Every end of an attempt raises."""

    def record(self, *_: object) -> str | None:
        raise RuntimeError("a fault that stays")


@pytest.mark.parametrize(
    ("called", "far_end", "path"),
    [
        ("+14155550177", ("busy",) * 9, [DESK]),
        ("+14155550177", ("answered",), [DESK]),
        ("+14155550199", ("busy",) * 9, [("sip:billing@pbx.example.com;transport=tls",), DESK]),
        ("+14155550199", ("answered",), [("sip:billing@pbx.example.com;transport=tls",)]),
    ],
)
def test_a_fault_after_every_attempt_does_not_loop(
    redis_url: str, tmp_path: Path, called: str, far_end: tuple[str, ...], path: list[tuple[str, ...]]
) -> None:
    with Application(redis_url, tmp_path, WATCHED) as application:
        app = create_app(application.settings, replace(application.services, health=Faulty()))
        twilio = Twilio(WsgiTransport(app), ACCOUNT_SID, AUTH_TOKEN, BASE_URL)
        call = Call(to=called, far_end=tuple(Answer(word) for word in far_end), may_end_in_silence=True)
        assert twilio.place_call(call).require().path == path
