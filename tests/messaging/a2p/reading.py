"""A whole account, read and judged."""

from tests.messaging.rest_stand_in import (
    ACCOUNT_SID,
    AUTH_TOKEN,
    NOW,
)
from webapp.messaging.a2p.assess import assess
from webapp.messaging.a2p.gather import gather
from webapp.twilio_rest.client import Credentials, TwilioClient


def client_of(username=ACCOUNT_SID, password=AUTH_TOKEN):
    return TwilioClient(Credentials(ACCOUNT_SID, username, password), sleep=lambda _: None)


def verdicts_of(twilio, previous=None, client=None):
    with twilio.playing():
        facts = gather(client or client_of(), NOW, previous=previous)
    return {verdict.sender: verdict for verdict in assess(facts, {}, {}, NOW)}, facts


def gathered(twilio, now, previous=None):
    with twilio.playing():
        return gather(client_of(), now, previous=previous)
