"""A live call, and somebody who hands it over while it is under way."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl

import requests
import responses

from tests.api.asking import Api
from tests.application import ACCOUNT_SID, BASE_URL
from tests.scenario_app import Stage
from tests.stand_in import Call, Finished
from tests.stand_in.disturbance import Disturbance
from tests.stand_in.live_call import LiveCall

CALLS = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT_SID}/Calls"
DESK, BILLING = "+14155550100", "sip:billing@pbx.example.com;transport=tls"
WISH = {
    "destination": "billing", "reason": "refund", "utterance": "Over to $billing.", "context": {"case": 7},
    "headers": {"x-customer-id": "C-$9", "X-Case": "7"}, "variables": {"intent": "refund", "shared_id": "conv-1"},
}  # fmt: skip
RINGING = "during Dial 1"
TALKING = "during the conversation of Dial 1"


@contextmanager
def twilio_rest(answer: Callable[[str, dict[str, str]], Any]) -> Iterator[responses.RequestsMock]:
    """Twilio's call update: `answer` gets the CallSid and the parameters."""

    def update(request: requests.PreparedRequest) -> Any:
        sid = str(request.url).rpartition("/")[2].removesuffix(".json")
        return answer(sid, dict(parse_qsl(str(request.body))))

    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        mock.add_callback(responses.POST, re.compile(re.escape(CALLS) + "/CA.*"), update)
        yield mock


def play(stage: Stage, at: str, act: Callable[[LiveCall], None], **more: Any) -> Finished:
    call = Call(to="+14155550198", disturbance=Disturbance(at={at: act}), may_repeat_targets=True, **more)
    finished = stage.play(call)
    stage.application.services.voice_store.flush()
    return finished


def redirecting(live: LiveCall) -> Callable[[str, dict[str, str]], Any]:
    def answer(sid: str, order: dict[str, str]) -> Any:
        assert sid == live.leg.sid
        assert set(order) <= {"Url", "Method", "FallbackUrl", "FallbackMethod"}
        assert order["Url"].startswith(f"{BASE_URL}/voice/transfer?s=1.")
        live.redirect(order["Url"], order["Method"])
        return 200, {}, f'{{"sid": "{sid}", "status": "in-progress"}}'

    return answer


def transferring(api: Api, wish: dict[str, Any], answers: list[Any]) -> Callable[[LiveCall], None]:
    def act(live: LiveCall) -> None:
        api.application.services.voice_store.flush()
        with twilio_rest(redirecting(live)):
            answers.append(api.ask("POST", f"/calls/{live.leg.sid}/handoff", wish))

    return act


def asking_of(api: Api, given: Any) -> Callable[[LiveCall], None]:
    def act(live: LiveCall) -> None:
        api.application.services.voice_store.flush()
        with twilio_rest(lambda sid, order: given):
            api.ask("POST", f"/calls/{live.leg.sid}/handoff", WISH)

    return act
