"""Every webhook of the stand-in carries the parameters that Twilio's pages list for it, and no others."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from tests.stand_in import Answer, Call, Message, Session
from tests.stand_in_tests.toy import SIP_CALL, SORRY, Toy, dial, twilio

DOCUMENTED: dict[str, list[str]] = yaml.safe_load(
    (Path(__file__).parent.parent / "payloads" / "documented.yaml").read_text(encoding="utf-8")
)
STATUS = "statusCallback='/voice/status' statusCallbackEvent='initiated ringing answered completed'"
SIP_LINE = f"<Sip url='/screen' {STATUS} machineDetection='Enable' amdStatusCallback='/machine'>sip:a@b.c</Sip>"
REFERRING = 'action="/dial_ended" timeout="20" timeLimit="60" referUrl="/transferred"'
RELAY = "<Connect action='/agent_ended'><ConversationRelay url='wss://a.example.com/'/></Connect>"
RECORD = "<Record action='/recorded' recordingStatusCallback='/voice/status'/>"
ASK = "<Gather action='/gathered' input='dtmf speech'><Say>?</Say></Gather>"
REFER = "<Refer action='/refer_ended'><Sip>sip:a@b.c</Sip></Refer>"


def names_sent(path: str, inside: str, call: Call) -> set[str]:
    toy = Toy({"/voice/call": f"<Response>{inside}</Response>", "/voice/fallback": SORRY, "/screen": "<Response/>"})
    toy.replies = {**toy.replies, **{f"/{name}": SORRY for name in DOCUMENTED}}
    twilio(toy).place_call(call)
    forms = toy.forms(path)
    assert forms, path
    return {name for form in forms for name in form if not name.startswith(("SipHeader_X-", "DialSipHeader_X-"))}


@pytest.mark.parametrize("call", [Call(caller_name="A", forwarded_from="+12125550100"), SIP_CALL], ids=["phone", "sip"])
@pytest.mark.parametrize(
    ("path", "inside", "extra"),
    [
        ("/voice/call", SORRY[10:-11], ()),
        ("/dial_ended", dial(SIP_LINE, REFERRING)[10:-11], ("dial_ended",)),
        ("/screen", dial(SIP_LINE, REFERRING)[10:-11], ("sip",)),
        ("/voice/status", dial(SIP_LINE, REFERRING)[10:-11], ("status",)),
        ("/gathered", ASK, ("gathered",)),
        ("/recorded", RECORD, ("recorded",)),
        ("/agent_ended", RELAY, ("agent_ended",)),
        ("/voice/fallback", "<Nonsense>", ("fallback",)),
    ],
)
def test_a_webhook_carries_what_is_documented(path: str, inside: str, extra: tuple[str, ...], call: Call) -> None:
    call = replace(call, digits=("1",), message=Message(5, "key"), session=Session(handoff_data="{}"))
    over = ("sip",) if call.over == "sip" else ()
    allowed = {name for section in ("call", *over, *extra) for name in DOCUMENTED[section]}
    assert names_sent(path, inside, call) <= allowed


def test_machine_detection_tells_the_leg_and_what_answered_and_nothing_else() -> None:
    assert names_sent("/machine", dial(SIP_LINE, REFERRING)[10:-11], Call()) == set(DOCUMENTED["machine"])


@pytest.mark.parametrize("word", ["answered", "busy", "failed", "unconfirmed", "caller_hung_up"])
def test_the_end_of_a_refer_carries_what_is_documented(word: str) -> None:
    allowed = {name for section in ("call", "sip", "refer_ended") for name in DOCUMENTED[section]}
    assert names_sent("/refer_ended", REFER, replace(SIP_CALL, far_end=(Answer(word),))) <= allowed


def test_a_transfer_carries_what_is_documented() -> None:
    call = Call(far_end=(Answer(transfers_to="<sip:x@y.z>"),))
    allowed = {name for section in ("call", "transferred") for name in DOCUMENTED[section]}
    assert names_sent("/transferred", dial(SIP_LINE, REFERRING)[10:-11], call) <= allowed
