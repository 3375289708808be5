"""No request that Twilio signs is taken for an altered one (reliability T-02: no false rejects)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from tests.application import ACCOUNT_SID, AUTH_TOKEN, BASE_URL, Application
from tests.stand_in import Call, Twilio
from tests.stand_in.legs import inbound_leg
from tests.stand_in.transport import WsgiTransport
from webapp import urls

ABROAD = {"FromState": "", "FromZip": "", "CallerState": "", "CallerZip": "", "ToState": "", "ToZip": ""}
CLIENT = {"From": "client:ana", "Caller": "client:ana", "To": "", "Called": "", "ApplicationSid": "AP" + "1" * 32}
PHONE = inbound_leg(Call(), ACCOUNT_SID, Random(1)).parameters()
OVER_SIP = inbound_leg(Call(over="sip", from_="sip:a@pbx.example.com"), ACCOUNT_SID, Random(2)).parameters()


@pytest.fixture
def twilio(redis_url: str, tmp_path: Path) -> Iterator[Twilio]:
    with Application(redis_url, tmp_path) as application:
        yield Twilio(WsgiTransport(application.app), ACCOUNT_SID, AUTH_TOKEN, BASE_URL)


@pytest.mark.parametrize(
    ("path", "form"),
    [
        (urls.CALL, PHONE | {"CallerName": "SipDomain Ltd"}),
        (urls.CALL, PHONE | {"AddOns": '{"results": {"CallerName": "BOB"}}'}),
        (urls.CALL, PHONE | {"DialCallStatusReason": "a name that Twilio might add"}),
        (urls.CALL, PHONE | {"ErrorCodeDetail": "another one"}),
        (urls.CALL, OVER_SIP | {"SipHeader_X-Route": "ToCity=Boston;FromCountry=US"}),
        (urls.CALL, OVER_SIP | {"SipHeader_X-Note": "Digits, DialCallStatus and ReferCallStatus"}),
        (urls.CALL, PHONE | ABROAD | {"NewName": "that Twilio might add", "ZZ": ""}),
        (urls.CALL, PHONE | CLIENT | {"customer_id": "7", "note": "", "Zone": "NY"}),
        (urls.CALL, PHONE | {"StirVerstat": "", "TNResult": "a name that Twilio might add"}),
        (urls.CALL, PHONE | {"FromState": "NY", "NY": ""}),
        (urls.AGENT_ENDED, PHONE | {"HandoffData": '{"SpeechResult": "hello", "CallerName": "Bob"}'}),
        (urls.GATHERED, PHONE | {"SpeechResult": "The ErrorCode was HandoffData", "Confidence": "0.9"}),
    ],
    ids=lambda value: "" if isinstance(value, dict) else str(value),
)
def test_a_call_whose_values_hold_names_of_twilio_is_answered(twilio: Twilio, path: str, form: dict[str, str]) -> None:
    assert twilio.send(path, form).response.status == 200
