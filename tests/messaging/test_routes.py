"""The messaging webhooks through the real application: signed by Twilio or refused, 204, 400, and 503 without Redis."""

import json

import pytest
import requests

from tests.application import ACCOUNT_SID, AUTH_TOKEN, BASE_URL, Application
from tests.messaging.rest_stand_in import sid
from tests.redis_server import RedisServer
from tests.stand_in.signing import signature, with_body_hash
from webapp.messaging.a2p.facts import Registered
from webapp.messaging.a2p.memory import RegistrationMemory
from webapp.messaging.opt_out import Suppressions
from webapp.numbers.doctor.ask_ourselves import ask_ourselves
from webapp.signatures import SigningKey
from webapp.store import keys

STOP = {
    "AccountSid": ACCOUNT_SID,
    "From": "+14155550123",
    "To": "+14155550199",
    "Body": "STOP",
    "MessageSid": sid("SM", 1),
}
REPORT = {
    "AccountSid": ACCOUNT_SID, "MessageSid": sid("SM", 1), "MessageStatus": "undelivered", "ErrorCode": "30034",
    "From": "+14155550199", "To": "+14155550123",
}  # fmt: skip


@pytest.fixture
def application(redis_url, tmp_path):
    with Application(redis_url, tmp_path) as running:
        yield running


def post_form(application, path, form, *, token=AUTH_TOKEN):
    headers = {"X-Twilio-Signature": signature(token, BASE_URL + path, form.items())}
    return application.app.test_client().post(path, data=form, headers=headers, base_url=BASE_URL)


def post_events(application, events, *, path="/twilio/events"):
    body = json.dumps(events).encode()
    url = with_body_hash(BASE_URL + path, body)
    headers = {"X-Twilio-Signature": signature(AUTH_TOKEN, url), "Content-Type": "application/json"}
    return application.app.test_client().post(url.removeprefix(BASE_URL), data=body, headers=headers, base_url=BASE_URL)


def test_stop_is_obeyed_and_answered_with_204(application, redis):
    answer = post_form(application, "/sms/incoming", STOP)
    assert (answer.status_code, answer.data) == (204, b"")
    assert Suppressions(redis).of("+14155550123").why == "STOP"


@pytest.mark.parametrize("sender", ["90210", "Example"])
def test_a_text_from_a_short_code_or_a_name_is_taken_and_changes_nothing(application, redis, sender):
    assert post_form(application, "/sms/incoming", STOP | {"From": sender}).status_code == 204
    assert Suppressions(redis).of(sender) is None


def test_a_delivery_report_trips_the_breaker(application, redis):
    assert post_form(application, "/sms/status", REPORT).status_code == 204
    assert RegistrationMemory(redis, ACCOUNT_SID).delivery("+14155550199").blocked_by == "30034"


def test_registration_events_come_as_signed_json(application, redis):
    event = {
        "id": "EZ1", "type": "com.twilio.messaging.compliance.number-registration.successful",
        "data": {"accountsid": ACCOUNT_SID, "phonenumbersid": sid("PN", 1), "externalstatus": "registered",
                 "updateddate": 1795197600000},
    }  # fmt: skip
    assert post_events(application, [event]).status_code == 204
    assert RegistrationMemory(redis, ACCOUNT_SID).registrations()[sid("PN", 1)].state is Registered.REGISTERED


def test_what_twilio_told_of_the_account_is_not_kept_for_ever(application, redis):
    alert = {"AccountSid": ACCOUNT_SID, "Sid": "NO" + "1" * 32, "Level": "ERROR", "Payload": '{"error_code": "11200"}'}
    assert post_form(application, "/twilio/debugger", alert).status_code == 204
    assert 0 < redis.ttl(keys.events()) <= keys.EVENTS_SECONDS


def kept_in(redis):
    """Every key but the log of requests, which holds refused ones as well."""
    return set(redis.keys()) - {"handoff:1:webhooks"}


@pytest.mark.parametrize("path", ["/sms/incoming", "/sms/status", "/twilio/events", "/twilio/debugger"])
def test_what_twilio_did_not_sign_has_no_effect(application, redis, path):
    before = kept_in(redis)
    assert post_form(application, path, STOP, token="another").status_code == 403
    assert kept_in(redis) == before


def test_what_is_signed_and_malformed_is_answered_with_400(application):
    assert post_form(application, "/sms/status", {"AccountSid": ACCOUNT_SID}).status_code == 400
    assert post_form(application, "/twilio/events", STOP).status_code == 400
    assert post_form(application, "/twilio/debugger", {"AccountSid": ACCOUNT_SID, "Payload": "{"}).status_code == 400
    assert post_events(application, [], path="/sms/incoming").status_code == 400


def test_without_the_store_twilio_is_asked_to_come_again(tmp_path):
    server = RedisServer()
    with Application(server.url, tmp_path) as application:
        server.close()
        assert post_form(application, "/sms/incoming", STOP).status_code == 503


def test_the_doctors_signed_request_passes_the_real_gate_and_its_forged_one_does_not(application):
    def post(url, *, data, headers, timeout, allow_redirects):
        answered = requests.Response()
        path = url.removeprefix(BASE_URL)
        answered.status_code = (
            application.app.test_client().post(path, data=data, headers=headers, base_url=BASE_URL).status_code
        )
        return answered

    # The address is not asked for its certificate: nothing of a test leaves this machine.
    seen = ask_ourselves(BASE_URL, SigningKey(AUTH_TOKEN), ACCOUNT_SID, post=post, certificate=lambda _: None)
    assert (seen.signed_status, seen.forged_status) == (204, 403)
