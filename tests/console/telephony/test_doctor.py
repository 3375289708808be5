"""The doctor, as used without JavaScript."""

from __future__ import annotations

from tests.console.conftest import Person
from tests.messaging.rest_stand_in import TwilioAccount


def test_the_doctor_says_one_fix_for_each_fault_and_asks_twilio_on_request(
    admin: Person, twilio: TwilioAccount
) -> None:
    page = admin.sees("/doctor")
    assert "Emergency destination" in page
    assert "<strong>Fix:</strong>" in page
    assert twilio.asked == []
    assert "No Twilio account is connected" not in page
    asked = admin.sees("/doctor?all=1")
    assert "The credentials from the environment work" in asked
    assert twilio.counted["account"] == 1
