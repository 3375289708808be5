"""Texts and the registration over the API: who may be texted, and what is told of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.api.asking import Api
from tests.application import ACCOUNT_SID, AUTH_TOKEN, DOCUMENT
from tests.messaging.full_account import EXPECTED, full_account
from tests.messaging.rest_stand_in import NOW, TwilioAccount, sid
from tests.scenario_app import Stage, staged
from tests.stand_in import Call
from webapp.api.openapi import document
from webapp.api.routes import ENDPOINTS
from webapp.messaging.a2p.memory import RegistrationMemory
from webapp.messaging.a2p.report import refresh_report
from webapp.messaging.sightings import Sightings
from webapp.messaging.sms_log import TextLog
from webapp.people.roles import Role
from webapp.twilio_rest.client import Credentials, TwilioClient
from webapp.worker.outbox import Outbox

OURS, CALLER = "+14155550100", "+12125550123"
"""A number of the full account that may send texts, and somebody in New York."""
BODY = "Example Hotel: sorry that we missed your call."
CONFIGURATION = DOCUMENT | {
    "destinations": [DOCUMENT["destinations"][0], DOCUMENT["destinations"][1] | {"route": "+14155550132"}]
}


@pytest.fixture
def stage(redis_url: str, tmp_path: Path) -> Iterator[Stage]:
    with staged(CONFIGURATION, redis_url, tmp_path) as stage:
        yield stage


@pytest.fixture
def api(stage: Stage) -> Api:
    return Api(stage.application)


def read_account(stage: Stage) -> TwilioAccount:
    """As the worker reads it."""
    twilio = full_account()
    twilio.accepted = {(ACCOUNT_SID, AUTH_TOKEN)}
    client = TwilioClient(Credentials(ACCOUNT_SID, ACCOUNT_SID, AUTH_TOKEN), sleep=lambda _: None)
    with twilio.playing():
        refresh_report(client, memory_of(stage), NOW)
    return twilio


def memory_of(stage: Stage) -> RegistrationMemory:
    return RegistrationMemory(stage.application.services.configurations.store.client, ACCOUNT_SID)


def call_of(stage: Stage, **about: Any) -> str:
    sid = stage.play(Call(**({"from_": CALLER, "to": OURS, "at": NOW} | about))).require().call_sid
    stage.application.services.voice_store.flush()
    return sid


def text(api: Api, call_sid: str, **more: Any) -> Any:
    return api.ask("POST", "/messages", {"call_sid": call_sid, "body": BODY} | more)


def test_the_caller_of_a_call_from_the_phone_network_is_texted_once(stage: Stage, api: Api) -> None:
    read_account(stage)
    answer = text(api, call_of(stage))
    assert (answer.status_code, answer.json["waits"]) == (202, False)
    assert Outbox(stage.application.services.configurations.store.client).waiting() == 1


def test_the_caller_of_a_sip_call_is_not_texted_although_the_from_looks_like_a_number(stage: Stage, api: Api) -> None:
    read_account(stage)
    answer = text(api, call_of(stage, over="sip", from_=CALLER))
    assert (answer.status_code, answer.json["reason"]) == (409, "not_by_phone")


def test_a_request_cannot_name_whom_to_text(stage: Stage, api: Api) -> None:
    read_account(stage)
    answer = text(api, call_of(stage), body=BODY, to="+14155550190")
    assert answer.status_code == 422
    assert Outbox(stage.application.services.configurations.store.client).waiting() == 0


def test_a_text_about_a_call_that_nobody_knows_is_a_404(stage: Stage, api: Api) -> None:
    assert text(api, "CA" + "9" * 32).status_code == 404


def test_a_number_that_may_not_send_is_refused_with_the_code_that_the_text_would_meet(stage: Stage, api: Api) -> None:
    read_account(stage)
    answer = text(api, call_of(stage, to="+14155550103"))
    assert (answer.json["reason"], answer.json["twilio_code"]) == ("sender_blocked", "30034")


def test_the_registration_has_the_verdict_of_every_number_of_a_full_account(stage: Stage, api: Api) -> None:
    read_account(stage)
    told = api.get("/sms-registration")
    assert {one["sender"]: (one["readiness"], one["state"]) for one in told["verdicts"]} == EXPECTED


def test_a_registration_that_was_never_read_has_no_age_and_no_verdict(api: Api) -> None:
    told = api.get("/sms-registration")
    assert (told["checked_at"], told["verdicts"]) == (None, [])


def test_the_documentation_names_the_fields_of_a_verdict() -> None:
    schemas = document(ENDPOINTS)["components"]["schemas"]
    assert {"readiness", "reason", "next_step", "may_send", "twilio_value"} <= set(schemas["Verdict"]["properties"])


def refused_text(stage: Stage) -> None:
    log = TextLog(stage.application.services.configurations.store.client)
    log.sent(
        sid("SM", 1), {"to": CALLER, "from": OURS, "call_sid": sid("CA", 1), "purpose": "missed"}, NOW
    )  # fmt: skip
    log.heard(sid("SM", 1), "undelivered", "30034", NOW)


def test_the_list_of_texts_says_what_became_of_each_and_why(stage: Stage, api: Api) -> None:
    refused_text(stage)
    (told,) = api.get("/messages")["data"]
    assert (told["to"], told["status"], told["code"]) == (CALLER, "undelivered", "30034")
    assert told["explanation"]


def test_a_viewer_sees_the_recipient_of_a_text_masked(stage: Stage) -> None:
    refused_text(stage)
    (told,) = Api(stage.application, Role.VIEWER).get("/messages")["data"]
    assert CALLER not in str(told)


def test_a_code_comes_with_how_often_and_on_which_call_it_was_seen_here(stage: Stage, api: Api) -> None:
    Sightings(stage.application.services.configurations.store.client).note("13801", sid("CA", 7), NOW)
    seen = api.get("/errors/13801")["seen_here"]
    assert (seen["count"], seen["on"]) == (1, [sid("CA", 7)])


def test_a_sandbox_token_does_not_learn_on_which_calls_a_code_was_seen(stage: Stage) -> None:
    assert Api(stage.application, environment="sandbox").get("/errors/13801")["seen_here"] is None
