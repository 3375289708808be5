"""Every `<Dial>` document, attribute for attribute."""

from __future__ import annotations

import pytest

from tests.twiml.documents import DECLARATION, STATUS, STATUS_ATTRIBUTES
from twiml import (
    CallEvent,
    DocumentError,
    MachineDetection,
    MachineDetectionMode,
    NumberTarget,
    SipTarget,
    Spoken,
    StatusCallback,
    Target,
    dial,
    sip_uri,
)

DESK = NumberTarget(number="+14155550100", status=STATUS)
ACTION = "https://handoff.example.com/voice/dial-ended?s=1.abc.def"


def ring(*targets: Target, **options: object) -> str:
    options = {"action": ACTION, "timeout_seconds": 20, "time_limit_seconds": 3600} | options
    return dial(targets, **options)  # type: ignore[arg-type]


def test_a_number_is_rung_with_everything_that_a_handoff_needs() -> None:
    assert ring(DESK, caller_id="+14155550199") == (
        f'{DECLARATION}<Response><Dial action="{ACTION}" answerOnBridge="true" callerId="+14155550199"'
        f' timeLimit="3600" timeout="20"><Number {STATUS_ATTRIBUTES}>+14155550100</Number></Dial></Response>'
    )


def test_a_sip_target_carries_its_headers_and_credentials() -> None:
    uri = sip_uri("sip:billing@pbx.example.com;transport=tls", [("X-Customer-ID", "C-1042"), ("X-Note", "a & b")])
    target = SipTarget(uri=uri, status=STATUS, username="handoff", password="p<w&d")
    assert ring(target, caller_id="Example-Hotel") == (
        f'{DECLARATION}<Response><Dial action="{ACTION}" answerOnBridge="true" callerId="Example-Hotel"'
        f' timeLimit="3600" timeout="20"><Sip password="p&lt;w&amp;d" {STATUS_ATTRIBUTES} username="handoff">'
        "sip:billing@pbx.example.com;transport=tls?X-Customer-ID=C-1042&amp;X-Note=a%20%26%20b</Sip></Dial></Response>"
    )


def test_screening_digits_and_machine_detection_belong_to_the_leg() -> None:
    detection = MachineDetection("/voice/status", MachineDetectionMode.DETECT_MESSAGE_END, timeout_seconds=15)
    target = NumberTarget(
        number="+14155550100",
        status=StatusCallback("/voice/status", [CallEvent.ANSWERED]),
        send_digits="ww12#",
        screen_url="/voice/screen?s=1",
        machine_detection=detection,
    )
    assert (
        '<Number amdStatusCallback="/voice/status" machineDetection="DetectMessageEnd" machineDetectionTimeout="15"'
        ' sendDigits="ww12#" statusCallback="/voice/status" statusCallbackEvent="answered" url="/voice/screen?s=1">'
        "+14155550100</Number>"
    ) in ring(target)


def test_words_before_the_dial_are_said_in_full_before_it_rings() -> None:
    document = ring(DESK, before=[Spoken("One moment.", "en-GB", "Polly.Amy"), Spoken("Bitte warten.", "de-DE")])
    assert document.startswith(
        f'{DECLARATION}<Response><Say language="en-GB" voice="Polly.Amy">One moment.</Say>'
        '<Say language="de-DE">Bitte warten.</Say><Dial '
    )


def test_a_ring_group_rings_together_or_in_order() -> None:
    group: list[Target] = [DESK, SipTarget(uri="sip:1001@pbx.example.com", status=STATUS)]
    assert "sequential" not in ring(*group)
    assert 'sequential="true"' in ring(*group, in_order=True)
    assert "sequential" not in ring(DESK, in_order=True)


def test_the_rest_of_the_dial_options() -> None:
    document = ring(DESK, refer_url="/voice/referred?s=1", ring_tone="us-old", answer_on_bridge=False)
    assert 'answerOnBridge="false" referUrl="/voice/referred?s=1" ringTone="us-old" timeLimit="3600"' in document


@pytest.mark.parametrize(("ringing", "talking"), [(5, 1), (600, 14_400)])
def test_twilios_own_limits_are_within_the_limits(ringing: int, talking: int) -> None:
    document = ring(DESK, timeout_seconds=ringing, time_limit_seconds=talking)
    assert f'timeLimit="{talking}" timeout="{ringing}"' in document


def test_a_name_as_caller_id_is_refused_as_soon_as_one_phone_is_among_the_targets() -> None:
    desk = SipTarget(uri="sip:1001@pbx.example.com", status=STATUS)
    with pytest.raises(DocumentError, match="Dial callerId"):
        ring(desk, DESK, caller_id="Hotel")


@pytest.mark.parametrize("targets", [(), (DESK,) * 11])
def test_no_target_and_more_than_ten_are_refused(targets: tuple[Target, ...]) -> None:
    with pytest.raises(DocumentError, match="1 to 10 targets"):
        ring(*targets)


@pytest.mark.parametrize(
    ("option", "value", "where"),
    [
        ("timeout_seconds", 4, "Dial timeout"),
        ("timeout_seconds", 601, "Dial timeout"),
        ("time_limit_seconds", 0, "Dial timeLimit"),
        ("time_limit_seconds", 14_401, "Dial timeLimit"),
        ("action", "", "Dial action"),
        ("action", "//elsewhere.example/x", "Dial action"),
        ("action", "javascript:alert(1)", "Dial action"),
        ("action", "https://user:secret@handoff.example.com/", "Dial action"),
        ("action", "/voice/" + "x" * 4_000, "Dial action"),
        ("caller_id", "anonymous", "Dial callerId"),
        ("caller_id", "+1415555010\u0660", "Dial callerId"),
        ("caller_id", "+14155550100\n", "Dial callerId"),
        ("refer_url", "ftp://handoff.example.com/", "Dial referUrl"),
        ("ring_tone", "xx", "Dial ringTone"),
    ],
)
def test_a_value_outside_twilios_limits_is_refused_by_name(option: str, value: object, where: str) -> None:
    with pytest.raises(DocumentError) as refused:
        ring(DESK, **{option: value})
    assert refused.value.where == where


@pytest.mark.parametrize(
    "target",
    [
        NumberTarget(number="4155550100", status=STATUS),
        NumberTarget(number="+14155550100\n", status=STATUS),
        NumberTarget(number="+1415555\uff10\uff11\uff10\uff10", status=STATUS),
        NumberTarget(number="+14155550100", status=STATUS, send_digits="12;"),
        NumberTarget(number="+14155550100", status=StatusCallback("/voice/status", ())),
        NumberTarget(number="+14155550100", status=STATUS, machine_detection=MachineDetection("/x", timeout_seconds=2)),
        SipTarget(uri="sip:desk@pbx.example.com", status=STATUS, username="a b", password="x"),
        SipTarget(uri="sip:desk@pbx.example.com?X-A=1&X-a=2", status=STATUS),
        SipTarget(uri="sip:desk@pbx.example.com?X-A=%0D%0AVia:x", status=STATUS),
    ],
)
def test_a_target_that_cannot_be_rung_is_refused(target: Target) -> None:
    with pytest.raises(DocumentError):
        ring(target)


def test_a_password_never_shows_in_a_representation() -> None:
    assert "hush" not in repr(SipTarget(uri="sip:d@pbx.example.com", status=STATUS, username="u", password="hush"))
