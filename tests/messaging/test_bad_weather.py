"""Hundreds of texts in the worst weather: never two for one call, and none is forgotten (reliability.md F-22)."""

import random
from collections import Counter
from datetime import timedelta

import pytest
import requests

from tests.messaging.rest_stand_in import NOW, TwilioAccount, problem, sid
from tests.messaging.texting_desk import BODY, OURS, Desk
from webapp.messaging.sms import TakenOn
from webapp.messaging.sms_conditions import Limits, Purpose, VerifiedCall
from webapp.worker.outbox import Outbox

FAULTS = [
    (500, problem(20500, 500, "oops")), (503, b"<html>"), (429, problem(20429, 429, "Too many")), (200, b"garbage"),
    (201, b"[]"), (502, b""), requests.ReadTimeout(), requests.ConnectionError(),
]  # fmt: skip
CALLS = 200


class Storm:
    """Every other answer about texts is lost or broken; of a lost one nobody knows whether it had an effect."""

    def __init__(self, twilio, seed):
        self.chance, self.quiet = random.Random(seed), TwilioAccount.answer
        self.twilio, self.over = twilio, False

    def answer(self, verb, url, parameters, user, password):
        is_text = "/Messages.json" in url
        if self.over or not is_text or self.chance.random() < 0.5:
            return self.quiet(self.twilio, verb, url, parameters, user, password)
        fault = self.chance.choice(FAULTS)
        was_carried_out = self.chance.random() < 0.5 and not (isinstance(fault, tuple) and fault[0] == 429)
        if verb == "POST" and was_carried_out:
            self.quiet(self.twilio, verb, url, parameters, user, password)
        return fault


@pytest.mark.parametrize("seed", range(3))
def test_in_any_weather_each_call_gets_exactly_one_text_in_the_end(redis, seed):
    desk = Desk(redis, Limits(per_recipient_and_day=1, per_day=10_000))
    storm = Storm(desk.twilio, seed)
    desk.twilio.answer = storm.answer
    desk.twilio.clock = lambda: desk.now
    for index in range(CALLS):
        call = VerifiedCall(sid("CA", index), f"+1{212 + index // 100}55501{index % 100:02d}", OURS, NOW, "phone")
        assert isinstance(desk.texts.take_on(call, BODY, Purpose.MISSED, NOW), TakenOn)
    for minute in range(180):
        storm.over = minute > 60
        desk.work(20)
        desk.now = NOW + timedelta(minutes=minute / 2)
        assert max(Counter(text["to"] for text in desk.twilio.messages).values(), default=0) <= 1
        if Outbox(redis).waiting() == 0:
            break
    states = Counter(Outbox(redis).state_of("send-text", sid("CA", index))["state"] for index in range(CALLS))
    assert len(desk.twilio.messages) >= states["done"]
    assert states["done"] > CALLS * 0.9
    assert states["done"] + states["failed"] == CALLS
