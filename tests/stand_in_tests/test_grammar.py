"""The table of verbs takes what Twilio's pages describe and refuses everything else."""

from __future__ import annotations

import pytest

from tests.stand_in.grammar import NotTwimlError, parse, violations_of
from tests.stand_in.verbs import VERBS

GOOD = [
    "<Say>Hello</Say><Dial action='/a' timeout='20' timeLimit='60'>"
    "<Number sendDigits='ww12#'>+14155550100</Number></Dial>",
    "<Dial callerId='+14155550199' answerOnBridge='true' sequential='true' referUrl='/r'>"
    "<Number url='/screen' statusCallback='/s' statusCallbackEvent='initiated ringing answered completed'>+14155550100"
    "</Number><Sip machineDetection='Enable'>sip:1001@pbx.example.com;transport=tls?X-A=b%20c&amp;User-to-User=0a</Sip>"
    "</Dial>",
    "<Refer action='/a' method='POST'>"
    "<Sip>sip:alice@example.com?User-to-User=12%3Bencoding%3Dhex&amp;Any=1</Sip></Refer>",
    "<Gather action='/g' input='dtmf speech' numDigits='1' finishOnKey='' hints='a,b'>"
    "<Say>?</Say><Pause length='2'/></Gather>",
    "<Record action='/r' maxLength='120' finishOnKey='1#*' recordingStatusCallbackEvent='completed absent'/>",
    "<Connect action='/c'><ConversationRelay url='wss://agent.example.com/ws' welcomeGreeting='Hi'>"
    "<Parameter name='a' value=''/></ConversationRelay></Connect>",
    "<Connect><Stream url='wss://agent.example.com/ws'><Parameter name='a' value='b'/></Stream></Connect>",
    "<Reject reason='busy'/>",
    "<Redirect method='POST'>/next</Redirect>",
    "",
]


def violations(inside: str, *, sip_leg: bool = True, far_leg: bool = False) -> list[str]:
    return [str(each) for each in violations_of(parse(document(inside)), sip_leg=sip_leg, far_leg=far_leg)]


def document(inside: str) -> bytes:
    return f"<?xml version='1.0' encoding='UTF-8'?><Response>{inside}</Response>".encode()


@pytest.mark.parametrize("inside", GOOD)
def test_documents_that_twilio_describes_are_taken(inside: str) -> None:
    assert violations(inside) == []


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        ("<Say voices='x'>Hi</Say>", "12200"),
        ("<Say/>", "12200"),
        ("<say>Hi</say>", "12200"),
        ("<Say><Number>+14155550100</Number></Say>", "12200"),
        ("<Dial timeout='4'><Number>+14155550100</Number></Dial>", "12200"),
        ("<Dial timeout='601'><Number>+14155550100</Number></Dial>", "12200"),
        ("<Dial timeLimit='14401'><Number>+14155550100</Number></Dial>", "12200"),
        ("<Dial record='yes'><Number>+14155550100</Number></Dial>", "12200"),
        ("<Dial action='/a b'><Number>+14155550100</Number></Dial>", "12200"),
        ("<Dial><Number statusCallbackEvent='answered, completed'>+14155550100</Number></Dial>", "12200"),
        ("<Dial><Number>4155550100</Number></Dial>", "13223"),
        ("<Dial><Number>+14155550100</Number>and more</Dial>", "12200"),
        ("<Dial>" + "<Number>+14155550100</Number>" * 11 + "</Dial>", "12200"),
        ("<Dial/>", "13201"),
        ("<Dial><Sip>sips:a@example.com</Sip></Dial>", "13243"),
        ("<Dial><Sip>sip:a b@example.com</Sip></Dial>", "13243"),
        ("<Dial><Sip>sip:example.com</Sip></Dial>", "13243"),
        ("<Dial><Sip>sip:" + "a" * 243 + "@example.com</Sip></Dial>", "13243"),
        ("<Dial><Sip>sip:a@example.com?X-A=" + "b" * 1020 + "</Sip></Dial>", "13253"),
        ("<Dial><Sip>sip:a@example.com?X_A=1</Sip></Dial>", "13252"),
        ("<Dial><Sip>sip:a@example.com?X-A=1&amp;x-a=2</Sip></Dial>", "13252"),
        ("<Dial><Sip>sip:a@example.com?X-Twilio-A=1</Sip></Dial>", "32113"),
        ("<Dial><Sip>sip:a@example.com?Subject=1</Sip></Dial>", "32111"),
        ("<Dial><Sip>sip:a@example.com?X-A=1%2</Sip></Dial>", "32112"),
        ("<Dial><Sip>sip:a@example.com?X-A=a@b</Sip></Dial>", "32112"),
        ("<Dial><Sip>sip:a@example.com?X-A=%0D%0AVia</Sip></Dial>", "32112"),
        ("<Dial><Sip>sip:a@example.com?X-A=%E2%80%AE</Sip></Dial>", "32112"),
        ("<Dial><Sip>sip:a@example.com;secure=maybe</Sip></Dial>", "32114"),
        ("<Dial><Sip>sip:a@example.com;transport=ws</Sip></Dial>", "32110"),
        ("<Refer><Number>+14155550100</Number></Refer>", "12200"),
        ("<Refer><Sip>sip:a@b.c</Sip><Sip>sip:d@e.f</Sip></Refer>", "12200"),
        ("<Refer><Sip url='/x'>sip:a@example.com</Sip></Refer>", "12200"),
        ("<Hangup reason='x'/>", "12200"),
        ("<Hangup><Parameter name='a' value='b'/></Hangup>", "12200"),
        ("<Hangup/><Say>Never heard</Say>", "12200"),
        ("<Say>Hi</Say><Reject/>", "12200"),
        ("<Pause length='0'/>", "12200"),
        ("<Gather><Record/></Gather>", "12200"),
        ("<Record maxLength='1'/>", "12200"),
        ("<Connect/>", "12200"),
        ("<Connect><ConversationRelay url='https://agent.example.com'/></Connect>", "12200"),
        ("<Connect><ConversationRelay/></Connect>", "12200"),
        ("<Connect><Stream url='wss://a.example.com' track='both_tracks'/></Connect>", "31941"),
        ("<Message>Hi</Message>", "12200"),
    ],
)
def test_what_twilio_does_not_describe_is_refused(inside: str, code: str) -> None:
    assert any(found.startswith(code) for found in violations(inside)), violations(inside)


def test_refer_on_a_leg_that_is_not_sip_is_13801() -> None:
    inside = "<Refer action='/a'><Sip>sip:alice@example.com</Sip></Refer>"
    assert violations(inside, sip_leg=False) == ["13801: <Refer> on a leg that is not SIP"]


def test_the_far_leg_only_hears_is_asked_and_is_hung_up() -> None:
    assert violations("<Gather><Say>Press 1</Say></Gather><Hangup/>", far_leg=True) == []
    for inside in ("<Dial><Number>+14155550100</Number></Dial>", "<Redirect>/x</Redirect>", "<Pause/>", "<Record/>"):
        assert any(found.startswith("13201") for found in violations(inside, far_leg=True)), inside


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "11770"),
        (b"<Response><Say>\x07</Say></Response>", "12100"),
        (b"<Response><Say>Hi</Response>", "12100"),
        (b"<html/>", "12102"),
        (b"<Response>" + b"<Pause/>" * 9000 + b"</Response>", "11750"),
    ],
)
def test_a_body_that_is_no_document_has_the_code_of_its_fault(body: bytes, code: str) -> None:
    with pytest.raises(NotTwimlError) as caught:
        parse(body)
    assert caught.value.code == code


def test_every_child_in_the_table_is_described_in_the_table() -> None:
    assert {child for rule in VERBS.values() for child in rule.children} <= VERBS.keys()
