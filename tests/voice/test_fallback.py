"""The fallback URL: Twilio could not use an answer of ours, and the caller goes on after the step that failed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest

from handoff_rules.ladder import Progress
from handoff_rules.outcomes import Outcome
from tests.application import ACCOUNT_SID, AUTH_TOKEN, BASE_URL, Application
from tests.redis_server import RedisServer
from tests.stand_in import Answer, Call, Message, Twilio
from tests.stand_in.finished import Ended
from tests.stand_in.legs import inbound_leg
from tests.stand_in.transport import NoAnswerError, Request, Response, Transport, WsgiTransport
from tests.stand_in.wire import Received
from webapp import urls
from webapp.calls.reader import CallReader
from webapp.calls.timeline import Kind
from webapp.voice.state import CallState, StateKeys

FIRST, SECOND, DESK = "sip:first@pbx.example.com", "+14155550101", "+14155550100"
DOCUMENT: dict[str, Any] = {
    "schema": 1,
    "name": "Through a failing webhook",
    "default_destination": "desk",
    "sip_host": "pbx.example.com",
    "ending": {"say": "Nobody could take your call."},
    "destinations": [
        {
            "id": "first", "name": "First", "route": FIRST,
            "fallback": [{"destination": "second", "on": ["failed", "busy", "unconfirmed"]}, {"voicemail": {}}],
        },
        {"id": "second", "name": "Second", "method": "INVITE", "route": SECOND},
        {"id": "desk", "name": "Desk", "method": "INVITE", "route": DESK},
    ],
    "rules": [{"id": "all", "name": "All", "when": {"variable": "call_sid", "is_present": "true"},
               "destination": "first"}],
}  # fmt: skip
MENU = {"kind": "menu", "prompt": "Press 1.", "choices": {"1": {"intent": "billing"}}}
AGENT = {"kind": "conversation_relay", "url": "wss://agent.example.com/talk"}


TRIES = 1 + int(urls.OVERRIDES["rc"])


@dataclass(slots=True)
class Losing:
    """Loses the answers to a webhook and to all of Twilio's retries, after or before the application served them."""

    inner: Transport
    lost: Counter[str] = field(default_factory=Counter)
    served: bool = False

    def send(self, request: Request) -> Response:
        path = request.target.partition("?")[0]
        if self.lost[path] <= 0:
            return self.inner.send(request)
        self.lost[path] -= 1
        if self.served:
            self.inner.send(request)
        raise NoAnswerError("reset")


@contextmanager
def stage(redis_url: str, folder: Path, document: Any, paths: Iterable[str], *, served: bool = False) -> Iterator[Any]:
    with Application(redis_url, folder, document) as application:
        transport = Losing(WsgiTransport(application.app), Counter(dict.fromkeys(paths, TRIES)), served)
        yield application, Twilio(transport, ACCOUNT_SID, AUTH_TOKEN, BASE_URL, seed=1)


OVER_SIP = Call(over="sip", from_="sip:a@pbx.example.com", far_end=(Answer("busy"),))
NO_ANSWER = Call(far_end=(Answer("no_answer"),), message=Message(9, "key"))
PLAIN = Call()
BUSY = Call(far_end=(Answer("busy"),))


@dataclass(frozen=True, slots=True)
class Case:
    """The answer to `lost` is lost; the call rings `path` all the same."""

    lost: str
    path: tuple[str, ...]
    call: Call = PLAIN
    intake: Mapping[str, str | Mapping[str, Any]] | None = None
    ended: Ended = Ended.ANSWERED


CASES = (
    Case(urls.CALL, (DESK,)),
    Case(urls.CALL, (DESK,), Call(digits=("1",)), MENU),
    Case(urls.GATHERED, (FIRST,), Call(digits=("1",)), MENU),
    Case(urls.AGENT_ENDED, (FIRST,), intake=AGENT),
    Case(urls.DIAL_ENDED, (FIRST, SECOND), BUSY),
    Case(urls.DIAL_ENDED, (FIRST,)),
    Case(urls.RECORDED, (FIRST,), NO_ANSWER, ended=Ended.VOICEMAIL),
    Case(urls.REFER_ENDED, (FIRST, SECOND), OVER_SIP),
)


@pytest.mark.parametrize("served", [False, True], ids=["never arrived", "answer lost"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.lost} {case.intake['kind'] if case.intake else ''}")
def test_the_call_goes_on_after_the_step_whose_answer_was_lost(
    redis_url: str, tmp_path: Path, served: bool, case: Case
) -> None:
    document = DOCUMENT | ({"intake": case.intake} if case.intake else {})
    with stage(redis_url, tmp_path, document, [case.lost], served=served) as (_, twilio):
        finished = twilio.place_call(case.call).require(faults=True)
    assert finished.path == [(target,) for target in case.path], finished.report()
    assert finished.ended is case.ended, finished.report()


@pytest.mark.parametrize("served", [False, True], ids=["never arrived", "answer lost"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.lost} {case.intake['kind'] if case.intake else ''}")
def test_the_call_log_tells_who_was_rung_whichever_answer_was_lost(
    redis_url: str, tmp_path: Path, served: bool, case: Case
) -> None:
    document = DOCUMENT | ({"intake": case.intake} if case.intake else {})
    names = {target.partition("?")[0]: name for name, target in (("first", FIRST), ("second", SECOND), ("desk", DESK))}
    with stage(redis_url, tmp_path, document, [case.lost], served=served) as (application, twilio):
        finished = twilio.place_call(case.call)
        assert application.services.voice_store.flush(5)
        reader = CallReader(application.services.configurations.store.client)
        record, listed = reader.get(finished.call_sid), [one.call_sid for one in reader.page(count=5).calls]
    assert record is not None
    assert listed == [finished.call_sid]
    rung = [names[attempt.targets[0]] for attempt in finished.attempts]
    assert list(record.path) == rung, finished.report()


def test_without_redis_the_call_goes_on_as_well(tmp_path: Path) -> None:
    with RedisServer() as server, stage(server.url, tmp_path, DOCUMENT, [urls.DIAL_ENDED]) as (_, twilio):
        server.kill()
        finished = twilio.place_call(Call(far_end=(Answer("busy"),))).require(faults=True)
    assert finished.path == [(FIRST,), (SECOND,)], finished.report()


def test_a_fallback_that_names_no_url_or_a_foreign_state_rings_the_default_destination(
    redis_url: str, tmp_path: Path
) -> None:
    with stage(redis_url, tmp_path, DOCUMENT, []) as (_, twilio):
        for error_url in ("", BASE_URL + urls.CALL, f"{BASE_URL}{urls.DIAL_ENDED}?s=1.e30.AAAA", "not a url", "?s="):
            form = {"CallSid": "CA" + "e" * 32, "AccountSid": ACCOUNT_SID, "From": "+12125550123", "To": "+14155550199",
                    "ErrorCode": "11200", "ErrorUrl": error_url}  # fmt: skip
            answer = twilio.send(urls.FALLBACK, form).response
            assert answer.status == 200
            assert DESK.encode() in answer.body, error_url


def test_the_timeline_says_that_the_fallback_url_was_asked_and_why(redis_url: str, tmp_path: Path) -> None:
    with stage(redis_url, tmp_path, DOCUMENT, [urls.DIAL_ENDED]) as (application, twilio):
        finished = twilio.place_call(Call(far_end=(Answer("busy"),)))
        assert application.services.voice_store.flush(5)
        record = CallReader(application.services.configurations.store.client).get(finished.call_sid)
    assert record is not None
    [event] = [event for event in record.events if event.kind is Kind.FALLBACK]
    assert (event.attempt, event.detail["raw"]) == (1, {"ErrorCode": "11200", "ErrorUrl": urls.DIAL_ENDED})
    assert record.path == ("first", "second")


CALLED, CALLER = "+14155550199", "+12125550123"
FORM = {"CallSid": "CA" + "e" * 32, "AccountSid": ACCOUNT_SID, "From": CALLER, "To": CALLED,
        "CallStatus": "in-progress"}  # fmt: skip
MOBILE_FIRST = DOCUMENT | {"rules": [DOCUMENT["rules"][0] | {"destination": "second"}]}


def dialled(answer: Received) -> tuple[str | None, list[str]]:
    """The caller ID that is shown, and who is rung."""
    verb = fromstring(answer.response.body).find("Dial")
    assert verb is not None, answer.response.body
    return verb.get("callerId"), [noun.text or "" for noun in verb]


@pytest.mark.parametrize("code", ["13214", "13247", "13248"])
def test_a_caller_id_that_twilio_refuses_is_replaced_and_the_same_destination_is_rung(
    redis_url: str, tmp_path: Path, code: str
) -> None:
    with stage(redis_url, tmp_path, MOBILE_FIRST, []) as (_, twilio):
        assert dialled(twilio.send(urls.CALL, FORM)) == (CALLER, [SECOND])
        refused = FORM | {"ErrorCode": code, "ErrorUrl": BASE_URL + urls.CALL}
        assert dialled(twilio.send(urls.FALLBACK, refused)) == (CALLED, [SECOND])


def test_a_document_that_was_lost_for_another_reason_keeps_the_callers_number(redis_url: str, tmp_path: Path) -> None:
    with stage(redis_url, tmp_path, DOCUMENT, []) as (_, twilio):
        lost = FORM | {"ErrorCode": "11200", "ErrorUrl": BASE_URL + urls.CALL}
        assert dialled(twilio.send(urls.FALLBACK, lost))[0] == CALLER


def action_of(answer: Received) -> str:
    """The path and query that the next webhook goes to, without the connection overrides in the fragment."""
    [action] = [verb.get("action", "") for verb in fromstring(answer.response.body) if verb.get("action")]
    return action.removeprefix(BASE_URL).partition("#")[0]


def test_a_dial_that_ends_with_a_refused_caller_id_is_dialled_once_more_and_then_the_ladder_goes_on(
    redis_url: str, tmp_path: Path
) -> None:
    ended = FORM | {"DialCallStatus": "failed", "ErrorCode": "13214"}
    with stage(redis_url, tmp_path, MOBILE_FIRST, []) as (application, twilio):
        first = twilio.send(urls.CALL, FORM)
        again = twilio.send(action_of(first), ended)
        assert dialled(again) == (CALLED, [SECOND])
        assert dialled(twilio.send(action_of(again), ended)) == (CALLED, [DESK])
        assert application.services.voice_store.flush(5)
        record = CallReader(application.services.configurations.store.client).get(FORM["CallSid"])
    assert record is not None
    assert record.path == ("second", "desk")
    [event] = [event for event in record.events if event.kind is Kind.DIALLED_AGAIN]
    assert event.detail["raw"]["ErrorCode"] == "13214"


def test_a_caller_who_has_talked_is_not_rung_through_again(redis_url: str, tmp_path: Path) -> None:
    """Twilio's fallback request may repeat what the request that got no answer said."""
    with stage(redis_url, tmp_path, MOBILE_FIRST, []) as (_, twilio):
        ended = action_of(twilio.send(urls.CALL, FORM))
        lost = FORM | {"ErrorCode": "11200", "ErrorUrl": BASE_URL + ended, "DialCallStatus": "completed",
                       "DialBridged": "true"}  # fmt: skip
        document = fromstring(twilio.send(urls.FALLBACK, lost).response.body)
    assert [verb.tag for verb in document] == ["Hangup"]


def test_who_is_rung_after_the_state_was_lost_stands_in_the_call_log(redis_url: str, tmp_path: Path) -> None:
    with stage(redis_url, tmp_path, MOBILE_FIRST, []) as (application, twilio):
        twilio.send(urls.CALL, FORM)
        default = twilio.send(urls.FALLBACK, FORM | {"ErrorCode": "12100", "ErrorUrl": BASE_URL + urls.CALL})
        twilio.send(action_of(default), FORM | {"DialCallStatus": "completed", "DialBridged": "true"})
        assert application.services.voice_store.flush(5)
        record = CallReader(application.services.configurations.store.client).get(FORM["CallSid"])
    assert record is not None
    assert [(attempt.destination, attempt.outcome) for attempt in record.attempts] == [
        ("second", None), ("desk", Outcome.ANSWERED),
    ]  # fmt: skip


def test_a_leg_whose_parent_is_no_call_is_refused(redis_url: str, tmp_path: Path) -> None:
    with stage(redis_url, tmp_path, DOCUMENT, []) as (_, twilio):
        form = inbound_leg(Call(), ACCOUNT_SID, Random(1)).parameters()
        for parent in ("CA1", "*", "CA" + "A" * 32, "CA" + "a" * 32 + "}:x"):
            for path, status in ((urls.STATUS, 400), (urls.CALL, 403)):
                assert twilio.send(path, form | {"ParentCallSid": parent}).response.status == status


def test_the_state_of_a_ladder_of_twenty_with_the_longest_names_can_be_read_at_its_end() -> None:
    """A state that cannot be read sends the caller to the default destination."""
    names = [f"{number:02}" + "x" * 61 for number in range(20)]
    progress = Progress(names[0], 21, tuple(names))
    state = CallState("production", "1234567-0a1b2c3d", names[1], "r" * 100, progress, 50, 3, names[-1], True)
    keys, call_sid = StateKeys(["a key"]), "CA" + "a" * 32
    text = keys.write(state, call_sid, naming_the_call=True)
    assert keys.read(text, call_sid) == state
    assert len(f"https://{'h' * 200}.example.com{urls.DIAL_ENDED}?s={text}#{urls.FRAGMENT}") < 4_000
