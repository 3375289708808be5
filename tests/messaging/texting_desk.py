"""One deployment that texts its callers: what the tests of texts work with."""

from tests.messaging.full_account import full_account
from tests.messaging.rest_stand_in import ACCOUNT_SID, AUTH_TOKEN, NOW, sid
from webapp.messaging.a2p.memory import RegistrationMemory
from webapp.messaging.a2p.report import refresh_report
from webapp.messaging.inbound import Inbound
from webapp.messaging.sms import SendText, Texts
from webapp.messaging.sms_conditions import Purpose, VerifiedCall
from webapp.twilio_rest.client import Credentials, TwilioClient
from webapp.worker.loop import Worker

OURS, CALLER = "+14155550100", "+14155550123"
BODY = "Example Hotel: sorry that we missed your call. We call back today."


def call(index=1, *, caller=CALLER, called=OURS, at=NOW, verstat="", over="phone"):
    return VerifiedCall(sid("CA", index), caller, called, at, over, verstat)


class Desk:
    """One deployment with a full account behind it, and a clock that tests move."""

    def __init__(self, redis, limits=None):
        self.redis, self.now, self.twilio = redis, NOW, full_account()
        client = TwilioClient(Credentials(ACCOUNT_SID, ACCOUNT_SID, AUTH_TOKEN), sleep=lambda _: None)
        self.client = client
        self.memory = RegistrationMemory(redis, ACCOUNT_SID)
        self.texts = Texts(redis, ACCOUNT_SID, limits=limits)
        self.inbound = Inbound(redis, ACCOUNT_SID)
        send = SendText(
            redis, ACCOUNT_SID, lambda: client, lambda: "https://handoff.example.com", clock=lambda: self.now
        )
        self.worker = Worker(redis, {"send-text": send}, clock=lambda: self.now)
        with self.twilio.playing():
            refresh_report(client, self.memory, NOW)

    def take_on(self, body=BODY, purpose=Purpose.MISSED, consent=None, **about):
        return self.texts.take_on(call(**about), body, purpose, self.now, consent=consent)

    def work(self, steps=5):
        with self.twilio.playing():
            for _ in range(steps):
                self.worker.step()


FIRST = sid("SM", 1)


def status(text_status, *, code="", to=CALLER):
    form = {"MessageSid": FIRST, "MessageStatus": text_status, "From": OURS, "To": to}
    return form | ({"ErrorCode": code} if code else {})
