"""Whether a STOP comes here: through the number's own webhook, or through its messaging service."""

from __future__ import annotations

from typing import Any

import pytest

from tests.numbers.test_numbers import BASE, number
from webapp.messaging.a2p.facts import ServiceFacts
from webapp.numbers.inbound_texts import hears_texts
from webapp.twilio_rest import answers

OURS = f"{BASE}/sms/incoming"
OTHER = "https://other.example.com/sms"


def service(**record: Any) -> tuple[ServiceFacts, ...]:
    """The service that the number is in."""
    pool = (answers.pool_number({"sid": "PN1"}),)
    return (ServiceFacts(answers.messaging_service({"sid": "MG1"} | record), pool, ()),)


@pytest.mark.parametrize(
    ("of_number", "services", "hears"),
    [
        ({"sms_url": OURS}, (), True),
        ({"sms_url": OTHER}, (), False),
        ({"sms_url": OURS, "sms_method": "GET"}, (), False),
        ({"sms_url": OURS, "sms_application_sid": "AP1"}, (), False),
        ({"sms_url": OTHER}, service(inbound_request_url=OURS), True),
        ({"sms_url": OTHER}, service(inbound_request_url=OURS, inbound_method="POST"), True),
        ({"sms_url": OTHER}, service(inbound_request_url=OURS, inbound_method="GET"), False),
        ({"sms_url": OURS}, service(inbound_request_url=None), False),
        ({"sms_url": OURS}, service(inbound_request_url=OTHER), False),
        ({"sms_url": OURS}, service(inbound_request_url=OTHER, use_inbound_webhook_on_number=True), True),
    ],
)
def test_a_stop_is_heard_when_what_twilio_asks_is_ours(
    of_number: dict[str, Any], services: tuple[ServiceFacts, ...], hears: bool
) -> None:
    assert hears_texts(number(**of_number), services, BASE) is hears
