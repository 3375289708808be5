"""`/readyz` says what keeps webhooks from being taken, and asks nobody for it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.application import Application
from webapp import create_app


def test_without_a_token_the_process_is_up_and_says_that_webhooks_are_refused(redis_url: str, tmp_path: Path) -> None:
    with Application(redis_url, tmp_path) as application:
        without = create_app(application.settings, replace(application.services, signing_keys=lambda: ()))
        answer = without.test_client().get("/readyz")
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["degraded"]
    assert any("TWILIO_AUTH_TOKEN" in reason for reason in answer.json["reasons"])
