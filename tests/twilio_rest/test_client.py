"""The one Twilio client: what it asks, how it waits, and that no answer of Twilio's is a crash."""

import json
import random

import pytest
import requests
import responses
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.messaging.rest_stand_in import (
    ACCOUNT_SID,
    API_KEY_SECRET,
    API_KEY_SID,
    AUTH_TOKEN,
    TwilioAccount,
    always,
    once,
    problem,
)
from webapp.messaging.refusals import fix_of, message_of
from webapp.twilio_rest import account, answers
from webapp.twilio_rest.client import Credentials, Patience, TwilioClient
from webapp.twilio_rest.errors import TwilioRequestError

MESSAGE = {"To": "+14155550123", "From": "+14155550199", "Body": "Sorry that we missed you. Reply STOP to opt out."}


class Clock:
    """Time that passes only when the client sleeps."""

    def __init__(self):
        self.now = 0.0
        self.pauses = []

    def sleep(self, seconds):
        self.pauses.append(seconds)
        self.now += seconds


def client_of(*, username=ACCOUNT_SID, password=AUTH_TOKEN, clock=None, patience=None):
    clock = clock or Clock()
    return TwilioClient(
        Credentials(ACCOUNT_SID, username, password),
        patience=patience,
        clock=lambda: clock.now,
        sleep=clock.sleep,
        between=random.Random(1).uniform,
    )


def test_lists_are_read_a_thousand_at_a_time():
    twilio = TwilioAccount()
    for index in range(2001):
        twilio.add_number(f"+1415555{index:04d}")
    with twilio.playing():
        assert len(list(account.numbers(client_of()))) == 2001
    assert twilio.counted["numbers"] == 3


def test_a_wrong_token_says_where_to_find_the_right_one():
    with TwilioAccount().playing(), pytest.raises(TwilioRequestError) as raised:
        list(account.numbers(client_of(password="wrong")))
    assert raised.value.permanent
    assert (raised.value.code, raised.value.status) == (20003, 401)
    assert "API keys & tokens" in fix_of(raised.value)


def test_a_standard_api_key_that_may_not_read_the_account_still_counts_as_good():
    with TwilioAccount().playing():
        key = client_of(username=API_KEY_SID, password=API_KEY_SECRET)
        assert account.fetch_account(key) is None
        with pytest.raises(TwilioRequestError):
            account.fetch_account(client_of(username=API_KEY_SID, password="wrong"))


def test_too_many_requests_are_repeated_with_growing_pauses_even_for_a_text():
    twilio, clock = TwilioAccount(), Clock()
    twilio.weather = [once(429, problem(20429, 429, "Too many")), once(429, b"")]
    with twilio.playing():
        assert account.send_text(client_of(clock=clock), MESSAGE).status == "queued"
    assert len(twilio.messages) == 1
    assert len(clock.pauses) == 2
    assert clock.pauses[0] < clock.pauses[1]


@pytest.mark.parametrize(
    "bad",
    [(500, problem(20500, 500, "oops")), (503, b"<html>"), (requests.ReadTimeout(),), (requests.ConnectionError(),)],
)
def test_a_text_is_never_sent_a_second_time_after_an_unclear_answer(bad):
    twilio = TwilioAccount(weather=[always(*bad)])
    with twilio.playing(), pytest.raises(TwilioRequestError) as raised:
        account.send_text(client_of(), MESSAGE)
    assert raised.value.ambiguous
    assert not raised.value.permanent
    assert twilio.counted["send"] == 1


@pytest.mark.parametrize(
    "bad",
    [(500, b""), (502, b"<html>bad gateway"), (200, b"not json"), (200, b"[1]"), (requests.ReadTimeout(),),
     (requests.ConnectTimeout(),)],
)  # fmt: skip
def test_a_read_survives_one_bad_answer(bad):
    twilio = TwilioAccount(weather=[once(*bad)])
    with twilio.playing():
        assert list(account.services(client_of())) == []
    assert twilio.counted["services"] == 2


def test_a_refusal_is_not_repeated():
    twilio = TwilioAccount(weather=[always(400, problem(21610, 400, "unsubscribed"))])
    with twilio.playing(), pytest.raises(TwilioRequestError) as raised:
        account.send_text(client_of(), MESSAGE)
    assert "Recipient opted out" in message_of(raised.value)
    assert raised.value.permanent
    assert twilio.counted["send"] == 1


def test_all_attempts_together_stay_inside_the_total_time():
    twilio, clock = TwilioAccount(weather=[always(503, b"")]), Clock()
    patience = Patience(total=2.0, attempts=50)
    with twilio.playing(), pytest.raises(TwilioRequestError):
        list(account.services(client_of(clock=clock, patience=patience)))
    assert clock.now <= 2.0


def test_an_answer_without_end_is_cut_off():
    patience = Patience(largest_answer=100_000, attempts=1)
    twilio = TwilioAccount(weather=[always(200, b"x" * 200_000)])
    with twilio.playing(), pytest.raises(TwilioRequestError, match="larger"):
        list(account.services(client_of(patience=patience)))


def test_a_next_page_on_another_host_is_not_followed_with_our_credentials():
    elsewhere = {"services": [], "meta": {"next_page_url": "https://twilio.example.net/v1/Services?Page=1"}}
    with (
        TwilioAccount(weather=[always(200, elsewhere)]).playing(),
        pytest.raises(TwilioRequestError, match="another host"),
    ):
        list(account.services(client_of()))


def test_a_redirect_is_an_error_and_not_followed():
    with responses.RequestsMock() as mock:
        mock.get(
            "https://messaging.twilio.com/v1/Services", status=302, headers={"Location": "https://twilio.example.net/"}
        )
        with pytest.raises(TwilioRequestError):
            list(account.services(client_of()))


def test_a_service_without_a_campaign_has_none_whether_twilio_says_404_or_sends_an_empty_list():
    twilio = TwilioAccount()
    empty, missing = twilio.add_service("Empty"), twilio.add_service("Missing", without_campaigns_is_404=True)
    with twilio.playing():
        assert account.campaigns(client_of(), empty) == account.campaigns(client_of(), missing) == ()


def test_credentials_never_show_their_secret():
    assert AUTH_TOKEN not in repr(Credentials(ACCOUNT_SID, ACCOUNT_SID, AUTH_TOKEN))


READERS = (
    answers.account, answers.number, answers.short_code, answers.messaging_service, answers.pool_number,
    answers.campaign, answers.brand, answers.toll_free_verification, answers.sent_text, answers.dialing_permission,
)  # fmt: skip
FIELDS = st.sampled_from(
    ("sid", "status", "phone_number", "capabilities", "voice_url", "trunk_sid", "errors", "error_code", "fields",
     "campaign_status", "mock", "date_created", "edit_expiration", "rejection_reasons", "body")
)  # fmt: skip
PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
ODD = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(FIELDS, inner, max_size=3), max_leaves=8
)


@settings(max_examples=500, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(FIELDS, ODD, max_size=8))
def test_mutated_answers_are_read_without_a_crash(record):
    """Ten readers times 500 examples: the 5,000 mutated answers of reliability.md T-46."""
    for reader in READERS:
        assert reader(record) is not None


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.binary(max_size=200) | st.dictionaries(FIELDS | st.just("services"), ODD).map(lambda d: json.dumps(d).encode())
)
def test_any_bytes_from_twilio_end_in_a_list_or_in_the_one_error(body):
    fixes = []
    with TwilioAccount(weather=[always(200, body)]).playing():
        try:
            list(account.services(client_of()))
        except TwilioRequestError as error:
            fixes.append(fix_of(error))
    assert all(fixes)
