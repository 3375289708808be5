"""`/readyz` says what keeps webhooks from being taken, and asks nobody for it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from redis import Redis

from tests.application import Application
from tests.redis_server import wait_until
from webapp import create_app


def test_without_a_token_the_process_is_up_and_says_that_webhooks_are_refused(redis_url: str, tmp_path: Path) -> None:
    with Application(redis_url, tmp_path) as application:
        without = create_app(application.settings, replace(application.services, signing_keys=lambda: ()))
        answer = without.test_client().get("/readyz")
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["degraded"]
    assert any("TWILIO_AUTH_TOKEN" in reason for reason in answer.json["reasons"])


def looked(app: Flask) -> Any:
    """The answer once the doctor has looked."""
    answers: list[Any] = []

    def has_looked() -> bool:
        answers.append(app.test_client().get("/readyz").json)
        return bool(answers[-1]["checks"])

    wait_until(has_looked)
    return answers[-1]


def test_the_doctors_checks_stand_in_the_answer(redis_url: str, tmp_path: Path) -> None:
    with Application(redis_url, tmp_path) as application:
        checks = looked(application.app)["checks"]
    assert {"python": "ok", "store": "ok", "production": "ok"}.items() <= checks.items()


def test_a_store_that_throws_the_configuration_away_is_a_reason(redis: Redis, redis_url: str, tmp_path: Path) -> None:
    redis.config_set("maxmemory-policy", "allkeys-lru")
    try:
        with Application(redis_url, tmp_path) as application:
            told = looked(application.app)
    finally:
        redis.config_set("maxmemory-policy", "noeviction")
    assert told["degraded"]
    assert [reason for reason in told["reasons"] if "eviction" in reason]


def test_a_store_that_takes_no_writes_is_why_edits_are_refused(redis: Redis, redis_url: str, tmp_path: Path) -> None:
    with Application(redis_url, tmp_path) as application:
        redis.replicaof("127.0.0.1", 1)
        try:
            seen: list[Any] = []

            def knows() -> bool:
                application.services.voice_store.later([("SET", "handoff:1:probe", "1", "EX", 60)])
                seen.append(application.app.test_client().get("/readyz").json)
                return bool(seen[-1]["store"]["writes"])

            wait_until(knows)
        finally:
            redis.execute_command("REPLICAOF", "NO", "ONE")
    assert seen[-1]["store"]["writes"] == "read_only"
    assert "read-only" in seen[-1]["configuration"]["edits_refused"]


@pytest.mark.parametrize("secret", ["secret_key", "token_rotation", "token_age"])
def test_strangers_learn_nothing_about_secrets(redis_url: str, tmp_path: Path, secret: str) -> None:
    with Application(redis_url, tmp_path) as application:
        assert secret not in looked(application.app)["checks"]
