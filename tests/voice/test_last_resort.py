"""When nothing of ours works, EMERGENCY_DESTINATION is rung with a caller ID that Twilio takes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.application import ACCOUNT_SID, AUTH_TOKEN, BASE_URL, Application
from tests.stand_in import Call, Twilio
from tests.stand_in.transport import WsgiTransport
from webapp import create_app

OURS = "+14155550180"


def broken() -> datetime:
    raise RuntimeError("a fault that nothing gets around")


@pytest.mark.parametrize("caller", ["+12125550123", "anonymous", "+266696687", "", "sip:alice@pbx.example.com"])
def test_the_emergency_destination_sees_a_number_that_can_be_shown(redis_url: str, tmp_path: Path, caller: str) -> None:
    over: Any = "sip" if caller.startswith("sip:") else "phone"
    with Application(redis_url, tmp_path, EMERGENCY_DESTINATION="+14155550109") as application:
        services = application.services
        services.configurations.deployments.save({"default_caller_id": OURS}, author="test", expected=None)
        services.live.refresh()
        app = create_app(application.settings, replace(services, clock=broken))
        twilio = Twilio(WsgiTransport(app), ACCOUNT_SID, AUTH_TOKEN, BASE_URL, owned_numbers=[OURS])
        finished = twilio.place_call(Call(over=over, from_=caller))
    assert finished.path == [("+14155550109",)]
    assert [fault for fault in finished.transcript.violations if "callerId" in str(fault)] == [], finished.report()
    assert [warning for warning in finished.transcript.warnings if "callerId" in str(warning)] == []
