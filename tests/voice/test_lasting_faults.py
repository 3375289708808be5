"""A fault of ours that stays for the whole call rings nobody twice, and never somebody after a conversation."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from redis import Redis

from handoff_rules.facts import Vote
from handoff_rules.outcomes import Ends
from tests.application import ACCOUNT_SID, AUTH_TOKEN, BASE_URL, DOCUMENT, Application
from tests.scenario_app import Stage
from tests.stand_in import Call, Twilio
from tests.stand_in.far_end import Answer
from tests.stand_in.transport import WsgiTransport
from tests.voice.posting import CALLER, PARENT, post, record_of, told, url_in
from webapp import create_app, urls
from webapp.calls.health import HealthBoard
from webapp.calls.reading import CallReader
from webapp.calls.timeline import GENERATION, TRANSFERS
from webapp.calls.wanted import Wanted
from webapp.store import keys
from webapp.voice.state import CallState

IS_THERE = {"CallStatus": "in-progress"}
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


class Breaking:
    """Code rules that answer once."""

    def __init__(self) -> None:
        self.asked = 0

    def votes(self, _: object) -> tuple[Vote, ...]:
        self.asked += 1
        if self.asked > 1:
            raise RuntimeError("a fault at the second decision")
        return ()


def test_the_default_destination_of_a_fault_at_a_transfer_is_where_the_call_went(
    redis_url: str, redis: Redis, tmp_path: Path
) -> None:
    with Application(redis_url, tmp_path, DOCUMENT) as application:
        services = application.services
        app = create_app(application.settings, replace(services, code_rules=Breaking()))  # type: ignore[arg-type]
        stage = Stage(application, Twilio(WsgiTransport(app), ACCOUNT_SID, AUTH_TOKEN, BASE_URL))
        post(stage, urls.CALL, CALLER | {"CallStatus": "ringing"})
        redis.hset(keys.call_steps(PARENT), TRANSFERS, "1")
        version = str(services.live.environment("production").version)
        state = CallState("production", version, None, "", None, attempt=GENERATION, destination="billing")
        desk = post(stage, f"{urls.TRANSFER}?s={services.state_keys.write(state, PARENT)}", CALLER | IS_THERE)
        assert DESK[0] in desk
        talked = {"DialCallStatus": "completed", "DialBridged": "true"}
        post(stage, url_in(desk, "action"), CALLER | IS_THERE | talked)
        assert record_of(stage).path == ("billing", "front-desk")
        assert told(stage)[-1] == "front-desk answered"
        [listed] = CallReader(redis).find(Wanted()).calls
    assert (listed.destination, listed.ends) == ("front-desk", Ends.ANSWERED)
