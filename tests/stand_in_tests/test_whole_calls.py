"""The stand-in plays whole calls of a toy application: what is dialled, told, heard, and found wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

import pytest

from tests.stand_in import Answer, Call, Disturbance, Message, Number, Session
from tests.stand_in.finished import Ended
from tests.stand_in.live_call import LiveCall
from tests.stand_in_tests.toy import (
    BASE,
    DESK,
    DIAL_DESK,
    EVERY_EVENT,
    SIP_CALL,
    SORRY,
    Toy,
    after_dial,
    answers,
    dial,
    twilio,
)

SIP_DESK = f"<Sip {EVERY_EVENT}>sip:desk@pbx.example.com?X-A=b%20c</Sip>"


def test_an_answered_call_tells_the_action_and_every_status() -> None:
    toy = Toy({"/voice/call": dial(DESK), "/ended": after_dial})
    finished = twilio(toy).place_call(Call()).require()
    assert finished.ended is Ended.ANSWERED
    assert finished.path == [("+14155550100",)]
    ended = toy.forms("/ended")[0]
    assert (ended["DialCallStatus"], ended["DialBridged"], ended["DialCallDuration"]) == ("completed", "true", "35")
    statuses = toy.forms("/voice/status")
    assert [form["CallStatus"] for form in statuses] == [
        "initiated", "ringing", "in-progress", "completed", "completed",
    ]  # fmt: skip
    assert [form["SequenceNumber"] for form in statuses] == ["0", "1", "2", "3", "0"]
    assert {form["ParentCallSid"] for form in statuses[:4]} == {ended["CallSid"]}
    assert {form["CallSid"] for form in statuses[:4]} == {ended["DialCallSid"]}
    assert statuses[4]["CallSid"] == ended["CallSid"]


@pytest.mark.parametrize(
    ("word", "status", "code"),
    [
        ("busy", "busy", "486"),
        ("no_answer", "no-answer", "487"),
        ("failed", "failed", "503"),
        ("declined", "busy", "603"),
        ("canceled", "canceled", "487"),
        ("sip:404", "failed", "404"),
        ("sip:600", "busy", "600"),
        ("sip:480", "no-answer", "480"),
    ],
)
def test_each_answer_of_the_far_end_has_its_status_and_sip_code(word: str, status: str, code: str) -> None:
    toy = Toy({"/voice/call": dial(SIP_DESK), "/ended": after_dial})
    finished = twilio(toy).place_call(Call(far_end=answers(word))).require()
    ended = toy.forms("/ended")[0]
    assert (ended["DialCallStatus"], ended["DialSipResponseCode"], ended["DialBridged"]) == (status, code, "false")
    assert toy.forms("/voice/status")[-2]["SipResponseCode"] == code
    assert finished.words == ("message", "hung_up")


def test_a_call_that_only_rings_is_not_answered_before_the_bridge() -> None:
    attributes = 'action="/ended" timeout="20" timeLimit="3600" answerOnBridge="true"'
    toy = Toy({"/voice/call": dial(DESK, attributes), "/ended": "<Response><Reject reason='busy'/></Response>"})
    twilio(toy).place_call(Call(far_end=answers("busy")))
    assert toy.forms("/ended")[0]["CallStatus"] == "ringing"
    assert toy.forms("/voice/status")[-1]["CallStatus"] == "busy"


def test_the_first_who_answers_in_a_group_cancels_the_others() -> None:
    group = "".join(f"<Number>+1415555010{digit}</Number>" for digit in "012")
    toy = Toy({"/voice/call": dial(group), "/ended": after_dial})
    call = Call(far_end=(Answer(members=("busy", "answered", "answered")),))
    finished = twilio(toy).place_call(call).require()
    assert finished.attempts[0].outcomes == [
        "+14155550100 busy", "+14155550102 canceled", "+14155550101 completed",
    ]  # fmt: skip


def test_in_order_the_next_line_rings_when_the_one_before_did_not_answer() -> None:
    group = "<Number>+14155550100</Number><Sip>sip:1001@pbx.example.com</Sip>"
    toy = Toy({"/voice/call": dial(group, 'action="/ended" timeout="20" timeLimit="9" sequential="true"')})
    toy.replies = {**toy.replies, "/ended": after_dial}
    finished = twilio(toy).place_call(Call(far_end=(Answer(members=("no_answer", "answered")),))).require()
    assert finished.attempts[0].outcomes == ["+14155550100 no-answer", "sip:1001@pbx.example.com completed"]


@pytest.mark.parametrize(
    ("answer", "bridged"),
    [
        (Answer(), "true"),
        (Answer("declined"), "false"),
        (Answer("machine"), "false"),
        (Answer(presses=("9", "1")), "true"),
        (Answer(presses=("9", "9", "9")), "false"),
    ],
)
def test_only_the_right_key_bridges_a_screened_call(answer: Answer, bridged: str) -> None:
    question = "<Gather action='/screened' numDigits='1'><Say>Press 1</Say></Gather><Hangup/>"
    asks = f"<Response>{question}</Response>"

    def screened(form: Mapping[str, str]) -> str:
        return {"1": "<Response/>", "2": "<Response><Hangup/></Response>"}.get(form["Digits"], asks)

    screen = "<Number url='/screen'>+14155550100</Number>"
    toy = Toy({"/voice/call": dial(screen), "/screen": asks, "/screened": screened, "/ended": after_dial})
    finished = twilio(toy).place_call(Call(far_end=(answer,), may_end_in_silence=True)).require()
    ended = toy.forms("/ended")[0]
    assert (ended["DialCallStatus"], ended["DialBridged"]) == ("completed", bridged)
    assert toy.forms("/screen")[0]["ParentCallSid"] == ended["CallSid"]
    assert finished.transcript.heard_by_far_end[0] == "Press 1"


REFER = "<Response><Refer action='/referred'><Sip>sip:billing@pbx.example.com?X-A=1</Sip></Refer></Response>"


@pytest.mark.parametrize(
    ("word", "codes", "ended"),
    [
        ("answered", ("202", "200"), Ended.REFERRED),
        ("unconfirmed", ("202", None), Ended.UNCONFIRMED),
        ("unconfirmed_and_gone", ("202", None), Ended.UNCONFIRMED),
        ("failed", ("405", None), Ended.HUNG_UP),
        ("busy", ("202", "486"), Ended.HUNG_UP),
        ("sip:503", ("202", "503"), Ended.HUNG_UP),
        ("caller_hung_up", ("202", "180"), Ended.CALLER_HUNG_UP),
    ],
)
def test_a_refer_tells_its_codes_as_the_page_lists_them(word: str, codes: tuple[str, str | None], ended: Ended) -> None:
    toy = Toy({"/voice/call": REFER, "/referred": "<Response><Hangup/></Response>"})
    finished = twilio(toy).place_call(replace(SIP_CALL, far_end=answers(word))).require()
    form = toy.forms("/referred")[0]
    assert (form["ReferSipResponseCode"], form.get("NotifySipResponseCode")) == codes
    assert finished.ended is ended
    assert finished.attempts[0].headers == {"X-A": "1"}


def test_an_accepted_refer_without_notify_has_no_status_and_may_go_on() -> None:
    toy = Toy({"/voice/call": REFER, "/referred": DIAL_DESK, "/ended": after_dial})
    finished = twilio(toy).place_call(replace(SIP_CALL, far_end=answers("unconfirmed"))).require()
    assert "ReferCallStatus" not in toy.forms("/referred")[0]
    assert finished.path == [("sip:billing@pbx.example.com",), ("+14155550100",)]
    assert finished.ended is Ended.ANSWERED


def test_refer_on_a_phone_leg_goes_to_the_fallback_url_with_13801() -> None:
    toy = Toy({"/voice/call": REFER, "/voice/fallback": SORRY})
    finished = twilio(toy).place_call(Call())
    assert toy.forms("/voice/fallback")[0]["ErrorCode"] == "13801"
    assert not finished.ok


def test_a_sip_call_brings_its_own_parameters() -> None:
    toy = Toy({"/voice/call": SORRY})
    twilio(toy).place_call(replace(SIP_CALL, sip_headers={"X-Customer-ID": "C-1"})).require()
    form = toy.forms("/voice/call")[0]
    assert form["SipHeader_X-Customer-ID"] == "C-1"
    assert {"SipDomain", "SipDomainSid", "SipCallId", "SipSourceIp"} <= form.keys()
    assert "FromCity" not in form


def test_voicemail_is_recorded_and_its_action_is_asked() -> None:
    record = "<Response><Say>After the tone.</Say><Record action='/recorded' maxLength='10'/></Response>"
    toy = Toy({"/voice/call": record, "/recorded": "<Response><Say>Goodbye.</Say></Response>"})
    finished = twilio(toy).place_call(Call(message=Message(30, "key"))).require()
    form = toy.forms("/recorded")[0]
    assert (form["RecordingDuration"], form["Digits"], form["CallStatus"]) == ("10", "#", "in-progress")
    assert finished.heard == ["After the tone.", "Goodbye."]
    assert finished.ended is Ended.VOICEMAIL
    again = twilio(toy).place_call(Call(message=Message(5, "hangup"))).require()
    assert again.heard == ["After the tone."]
    assert toy.forms("/recorded")[1]["CallStatus"] == "completed"


def test_a_question_takes_digits_or_speech_and_falls_through_on_silence() -> None:
    ask = "<Gather action='/g' input='dtmf speech' numDigits='1'><Say>Sales or service?</Say></Gather>"
    toy = Toy({"/voice/call": f"<Response>{ask}<Say>I heard nothing.</Say></Response>", "/g": SORRY})
    twilio(toy).place_call(Call(digits=("12#",))).require()
    twilio(toy).place_call(Call(speech=("service please",))).require()
    silent = twilio(toy).place_call(Call()).require()
    assert toy.forms("/g")[0]["Digits"] == "1"
    assert toy.forms("/g")[1]["SpeechResult"] == "service please"
    assert silent.heard == ["Sales or service?", "I heard nothing."]


def test_an_agent_session_hands_its_data_over() -> None:
    relay = "<Connect action='/agent'><ConversationRelay url='wss://a.example.com/' welcomeGreeting='Hi'/></Connect>"
    toy = Toy({"/voice/call": f"<Response>{relay}</Response>", "/agent": DIAL_DESK, "/ended": after_dial})
    data = json.dumps({"intent": "billing"})
    finished = twilio(toy).place_call(Call(session=Session(handoff_data=data))).require()
    assert toy.forms("/agent")[0]["HandoffData"] == data
    assert finished.ended is Ended.ANSWERED
    gone = twilio(toy).place_call(Call(session=Session("completed"))).require()
    assert gone.ended is Ended.CALLER_HUNG_UP


def test_a_transfer_by_the_far_end_goes_to_the_refer_url() -> None:
    attributes = 'action="/ended" timeout="20" timeLimit="3600" referUrl="/transferred"'
    toy = Toy({"/voice/call": dial(SIP_DESK, attributes), "/transferred": DIAL_DESK, "/ended": after_dial})
    call = Call(far_end=(Answer(transfers_to="<sip:1002@pbx.example.com?X-B=2>"),))
    finished = twilio(toy).place_call(call).require()
    assert toy.forms("/transferred")[0]["ReferTransferTarget"] == "<sip:1002@pbx.example.com?X-B=2>"
    assert finished.path == [("sip:desk@pbx.example.com",), ("+14155550100",)]


def test_a_redirected_call_asks_the_action_and_does_not_play_its_answer() -> None:
    def take_away(live: LiveCall) -> None:
        live.redirect("/transfer")

    toy = Toy({"/voice/call": DIAL_DESK, "/ended": dial("<Number>+14155550111</Number>"), "/transfer": SORRY})
    disturbance = Disturbance(at={"during the conversation of Dial 1": take_away})
    finished = twilio(toy).place_call(Call(disturbance=disturbance)).require()
    assert [path for path, _ in toy.received] == ["/voice/call", "/ended", "/transfer", "/voice/status"]
    assert finished.path == [("+14155550100",)]
    assert finished.heard == ["Sorry, nobody is here."]


def test_the_caller_can_hang_up_at_every_point_that_a_call_lists() -> None:
    toy = Toy({"/voice/call": "<Response><Say>One moment.</Say><Redirect>/next</Redirect></Response>"})
    toy.replies = {**toy.replies, "/next": DIAL_DESK, "/ended": SORRY}
    call = Call(far_end=answers("busy"))
    points = twilio(toy).place_call(call).require().points
    assert points == [
        "after document 1", "during Say 1", "after document 2", "during Dial 1", "after document 3", "during Say 2",
    ]  # fmt: skip
    for point in points:
        finished = twilio(toy).place_call(replace(call, disturbance=Disturbance(hang_up=point))).require()
        assert finished.ended is Ended.CALLER_HUNG_UP, point
        assert toy.forms("/voice/status")[-1]["CallStatus"] in {"completed", "canceled", "no-answer"}


def test_a_number_that_is_set_to_get_is_asked_by_get() -> None:
    toy = Toy({"/voice/call": SORRY})
    number = Number(voice_method="GET", status_callback=None)
    finished = twilio(toy, number=number).place_call(Call()).require()
    assert finished.documents[0].webhook.method == "GET"
    assert toy.forms("/voice/call")[0]["From"] == "+12125550123"


def test_a_failing_call_tells_its_whole_story() -> None:
    finished = twilio(Toy({"/voice/call": DIAL_DESK, "/ended": "<Response/>"})).place_call(
        Call(far_end=answers("busy"))
    )
    with pytest.raises(AssertionError) as caught:
        finished.require()
    story = str(caught.value)
    for part in ("Dial +14155550100", "+14155550100: busy", f"POST {BASE}/ended -> 200", "without a person"):
        assert part in story


def test_the_same_seed_plays_the_same_call() -> None:
    def story(seed: int) -> str:
        toy = Toy({"/voice/call": dial(DESK), "/ended": after_dial})
        return twilio(toy, seed=seed).place_call(Call(seed=7)).report()

    assert story(3) == story(3)
    assert story(3) != story(4)
