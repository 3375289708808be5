"""What lists say of how a call ended, in whatever order Twilio tells of it: the same as the call's own page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from handoff_rules.outcomes import Ends
from tests.scenario_app import Stage, staged
from tests.voice.posting import ABOUT, CALLER, CHILD, PARENT, RECORDING, post, record_of, url_in
from webapp import urls
from webapp.calls.reading import CallReader
from webapp.calls.timeline import GENERATION, TRANSFERS
from webapp.calls.wanted import Wanted
from webapp.store import keys
from webapp.voice.state import CallState

CONFIGURATION = {
    "schema": 1, "name": "Lists", "default_destination": "desk",
    "destinations": [{"id": "desk", "name": "Desk", "method": "INVITE", "route": "+14155550101",
                      "fallback": [{"voicemail": {}}]},
                     {"id": "words", "name": "Words", "method": "INVITE", "route": "+14155550102",
                      "fallback": [{"say": "Nobody is here."}]},
                     {"id": "back", "name": "Back", "method": "BYE"}],
    "rules": [{"id": name, "name": name, "destination": name,
               "when": {"variable": "called_number", "contains": number}}
              for name, number in (("words", "+14155550192"), ("back", "+14155550193"))],
}  # fmt: skip
IS_THERE, IS_GONE = {"CallStatus": "in-progress"}, {"CallStatus": "completed"}
TALKED = {"DialCallStatus": "completed", "DialBridged": "true", "DialCallDuration": "80"}
RECORDED = RECORDING | {"RecordingStatus": "completed"}


@pytest.fixture
def stage(redis_url: str, tmp_path: Path) -> Iterator[Stage]:
    with staged(CONFIGURATION, redis_url, tmp_path) as stage:
        yield stage


def settled(stage: Stage) -> None:
    """What was told so far is written before what follows."""
    assert stage.application.services.voice_store.flush(5)


def listed(stage: Stage, redis: Redis) -> str:
    settled(stage)
    [call] = CallReader(redis).find(Wanted()).calls
    ends = call.ends
    assert [one.call_sid for one in CallReader(redis).find(Wanted(ends=ends)).calls] == [PARENT], "the filter"
    counted = [one.ends for one in CallReader(redis).ends_between(call.started, call.started).calls]
    assert counted == ([ends] if call.environment == "production" else []), "the counts"
    return ends


@pytest.mark.parametrize("over_first", [True, False], ids=["call over, dial ended", "dial ended, call over"])
def test_a_caller_who_hangs_up_after_a_conversation_was_answered(stage: Stage, redis: Redis, over_first: bool) -> None:
    document = post(stage, urls.CALL, CALLER | {"CallStatus": "ringing"})
    told = [(urls.STATUS, CALLER | IS_GONE), (url_in(document, "action"), CALLER | IS_GONE | TALKED)]
    for target, form in told if over_first else reversed(told):
        post(stage, target, form)
        settled(stage)
    assert record_of(stage).ends is Ends.ANSWERED
    assert listed(stage, redis) == "answered"


def test_a_message_that_twilio_has_counts_when_its_own_webhook_was_lost(stage: Stage, redis: Redis) -> None:
    document = post(stage, urls.CALL, CALLER | {"CallStatus": "ringing"})
    document = post(stage, url_in(document, "action"), CALLER | IS_THERE | {"DialCallStatus": "busy"})
    post(stage, urls.STATUS, CALLER | IS_GONE)
    settled(stage)
    about = {"AccountSid": ABOUT["AccountSid"], "CallSid": PARENT} | RECORDED
    post(stage, url_in(document, "recordingStatusCallback"), about)
    assert record_of(stage).ends is Ends.VOICEMAIL
    assert listed(stage, redis) == "voicemail"


def test_a_caller_who_hangs_up_while_it_rings_hung_up_although_nothing_else_is_told(stage: Stage, redis: Redis) -> None:
    post(stage, urls.CALL, CALLER | {"CallStatus": "ringing"})
    post(stage, urls.STATUS, CALLER | IS_GONE)
    assert record_of(stage).ends is Ends.CALLER_HUNG_UP
    assert listed(stage, redis) == "caller_hung_up"


def test_closing_words_count_although_the_end_of_the_call_is_told_before_them(stage: Stage, redis: Redis) -> None:
    document = post(stage, urls.CALL, CALLER | {"CallStatus": "ringing", "To": "+14155550192"})
    post(stage, urls.STATUS, CALLER | IS_GONE)
    settled(stage)
    post(stage, url_in(document, "action"), CALLER | IS_THERE | {"DialCallStatus": "busy"})
    assert record_of(stage).ends is Ends.MESSAGE
    assert listed(stage, redis) == "message"


def transferred(stage: Stage, redis: Redis) -> str:
    """The document that rings the desk after the API has taken the call out of whatever it was in."""
    services = stage.application.services
    redis.hset(keys.call_steps(PARENT), TRANSFERS, "1")
    version = str(services.live.environment("production").version)
    state = CallState("production", version, None, "", None, attempt=GENERATION, destination="desk")
    return post(stage, f"{urls.TRANSFER}?s={services.state_keys.write(state, PARENT)}", CALLER | IS_THERE)


@pytest.mark.parametrize("message", [{}, RECORDED], ids=["nothing said", "a message"])
def test_a_call_that_the_api_takes_out_of_the_voicemail_ends_where_it_went(
    stage: Stage, redis: Redis, message: dict[str, str]
) -> None:
    document = post(stage, urls.CALL, CALLER | {"CallStatus": "ringing"})
    voicemail = post(stage, url_in(document, "action"), CALLER | IS_THERE | {"DialCallStatus": "busy"})
    onward = transferred(stage, redis)
    post(stage, url_in(voicemail, "action"), CALLER | IS_THERE | message)
    settled(stage)
    post(stage, url_in(onward, "action"), CALLER | IS_GONE | TALKED)
    assert listed(stage, redis) == record_of(stage).ends == Ends.ANSWERED


def test_a_call_that_the_api_takes_out_of_the_closing_words_ends_where_it_went(stage: Stage, redis: Redis) -> None:
    closing = post(stage, urls.CALL, CALLER | {"CallStatus": "ringing", "To": "+14155550192"})
    assert "Nobody is here." in post(stage, url_in(closing, "action"), CALLER | IS_THERE | {"DialCallStatus": "busy"})
    settled(stage)
    assert listed(stage, redis) == "message"
    document = transferred(stage, redis)
    post(stage, url_in(document, "action"), CALLER | IS_GONE | TALKED)
    assert record_of(stage).ends is Ends.ANSWERED
    assert listed(stage, redis) == "answered"


def test_a_bye_of_the_sandbox_that_rang_the_testers_phone_ends_as_that_did(stage: Stage, redis: Redis) -> None:
    services = stage.application.services
    sandbox = {"sandbox_phone": "+14155550150", "test_callers": ["+12125550123"]}
    services.configurations.deployments.save(sandbox, author="test", expected=None)
    services.live.refresh()
    over_sip = {"To": "sip:+14155550193@example.sip.twilio.com", "From": "sip:+12125550123@pbx.example.com",
                "SipDomain": "example.sip.twilio.com"}  # fmt: skip
    document = post(stage, urls.CALL, CALLER | over_sip | {"CallStatus": "ringing"})
    post(stage, url_in(document, "action"), CALLER | over_sip | IS_GONE | TALKED)
    assert record_of(stage).ends is Ends.ANSWERED
    assert listed(stage, redis) == "answered"


RELAY = {"kind": "conversation_relay", "url": "wss://agent.example.com/talk"}
SIP_AGENT = {"kind": "sip_agent", "route": "sip:agent@bots.example.com"}


@pytest.mark.parametrize(
    ("intake", "told", "ends"),
    [
        (RELAY, IS_THERE | {"SessionStatus": "ended"}, Ends.HUNG_UP),
        (RELAY, IS_GONE | {"SessionStatus": "completed"}, Ends.CALLER_HUNG_UP),
        (SIP_AGENT, IS_THERE | TALKED, Ends.ANSWERED),
        (SIP_AGENT, IS_GONE | TALKED, Ends.ANSWERED),
        (SIP_AGENT, IS_GONE | {"DialCallStatus": "no-answer"}, Ends.CALLER_HUNG_UP),
    ],
    ids=["the agent was done", "the caller left", "the SIP agent was done", "the caller left it", "nobody was there"],
)
def test_a_call_that_an_agent_settled_ends_as_that_did(
    redis_url: str, tmp_path: Path, intake: dict[str, str], told: dict[str, str], ends: Ends
) -> None:
    with staged(CONFIGURATION | {"intake": intake}, redis_url, tmp_path) as stage:
        document = post(stage, urls.CALL, CALLER | {"CallStatus": "ringing"})
        post(stage, url_in(document, "action"), CALLER | told)
        post(stage, urls.STATUS, CALLER | IS_GONE)
        client = stage.application.services.configurations.store.client
        assert listed(stage, client) == record_of(stage).ends == ends


@pytest.mark.parametrize("agent_said", [TALKED, {"DialCallStatus": "canceled"}], ids=["it talked", "it was dropped"])
def test_an_agent_whose_dial_ends_after_its_refer_does_not_end_the_call(
    redis_url: str, tmp_path: Path, agent_said: dict[str, str]
) -> None:
    with staged(CONFIGURATION | {"intake": SIP_AGENT}, redis_url, tmp_path) as stage:
        agent = post(stage, urls.CALL, CALLER | {"CallStatus": "ringing"})
        onward = post(stage, url_in(agent, "referUrl"), CALLER | IS_THERE | {"ReferTransferTarget": "<sip:words@a>"})
        post(stage, url_in(agent, "action"), CALLER | IS_THERE | agent_said)
        settled(stage)
        post(stage, url_in(onward, "action"), CALLER | IS_THERE | {"DialCallStatus": "busy"})
        client = stage.application.services.configurations.store.client
        assert listed(stage, client) == record_of(stage).ends == Ends.MESSAGE
        assert record_of(stage).path == ("words",)
        assert CallReader(client).find(Wanted()).calls[0].destination == "words"


def picks_up(stage: Stage, document: str) -> None:
    leg = ABOUT | {"CallSid": CHILD, "ParentCallSid": PARENT, "To": "+14155550101", "CallStatus": "in-progress"}
    post(stage, url_in(document, "statusCallback"), leg)


@pytest.mark.parametrize("screen", ["off", "accept"])
def test_a_talk_whose_end_is_never_told_was_answered(redis_url: str, tmp_path: Path, screen: str) -> None:
    desk, *others = CONFIGURATION["destinations"]  # type: ignore[misc]
    screening = CONFIGURATION | {"destinations": [{**desk, "screen": screen}, *others]}
    with staged(screening, redis_url, tmp_path) as stage:
        document = post(stage, urls.CALL, CALLER | {"CallStatus": "ringing"})
        picks_up(stage, document)
        if screen == "accept":
            leg = ABOUT | IS_THERE | {"CallSid": CHILD, "ParentCallSid": PARENT, "To": "+14155550101"}
            post(stage, url_in(post(stage, url_in(document, "url"), leg), "action"), leg | {"Digits": "1"})
        post(stage, urls.STATUS, CALLER | IS_GONE)
        client = stage.application.services.configurations.store.client
        assert listed(stage, client) == record_of(stage).ends == Ends.ANSWERED


def test_a_caller_who_hangs_up_while_somebody_is_asked_to_accept_hung_up(redis_url: str, tmp_path: Path) -> None:
    desk, *others = CONFIGURATION["destinations"]  # type: ignore[misc]
    screening = CONFIGURATION | {"destinations": [{**desk, "screen": "accept"}, *others]}
    with staged(screening, redis_url, tmp_path) as stage:
        picks_up(stage, post(stage, urls.CALL, CALLER | {"CallStatus": "ringing"}))
        post(stage, urls.STATUS, CALLER | IS_GONE)
        client = stage.application.services.configurations.store.client
        assert listed(stage, client) == record_of(stage).ends == Ends.CALLER_HUNG_UP


def test_a_talk_before_a_transfer_says_nothing_of_how_the_call_ended(stage: Stage, redis: Redis) -> None:
    picks_up(stage, post(stage, urls.CALL, CALLER | {"CallStatus": "ringing"}))
    settled(stage)
    transferred(stage, redis)
    post(stage, urls.STATUS, CALLER | IS_GONE)
    assert record_of(stage).ends is Ends.CALLER_HUNG_UP
    assert listed(stage, redis) == "caller_hung_up"
