"""Where Twilio takes the texts that people send to a number: their STOP must come here. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from webapp import urls
from webapp.messaging.a2p.facts import ServiceFacts
from webapp.numbers.recommended import is_same_place
from webapp.twilio_rest.answers import Number


def hears_texts(number: Number, services: Iterable[ServiceFacts], base_url: str) -> bool:
    """Whether texts to this number come to us.

    A messaging service speaks for the numbers of its pool unless it leaves it to each number's own webhook; a number's
    TwiML App wins over its URL. Our route answers a POST alone. Fallback URLs do not count: they are asked after ours
    has failed. https://www.twilio.com/docs/messaging/api/service-resource
    """
    ours = base_url + urls.SMS_INCOMING
    home = next((one.service for one in services if any(entry.sid == number.sid for entry in one.pool)), None)
    if home is not None and home.use_inbound_webhook_on_number is not True:
        return home.inbound_method != "GET" and is_same_place(home.inbound_request_url, ours)
    is_asked = not number.sms_application_sid and number.sms_method != "GET"
    return is_asked and is_same_place(number.sms_url, ours)
