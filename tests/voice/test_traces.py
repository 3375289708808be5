"""What a whole call leaves behind: keys that expire under one hash tag, and logs without numbers or secrets."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from redis import Redis

from tests.application import AUTH_TOKEN
from tests.scenario_app import staged
from tests.stand_in import Answer, Call, Message
from webapp.logs import configure_logging
from webapp.store import keys

CARD = "4929-canary-4242"
DOCUMENT = {
    "schema": 1,
    "name": "Canaries",
    "default_destination": "desk",
    "sip_host": "pbx.example.com",
    "variables": {"sip_x_card": {"sample": "4242", "secret": True}},
    "destinations": [
        {"id": "desk", "name": "Desk", "route": "sip:desk@pbx.example.com",
         "headers": [{"name": "X-Case", "value": "$sip_x_case"}],
         "fallback": [{"destination": "second"}, {"voicemail": {}}]},
        {"id": "second", "name": "Second", "method": "INVITE", "route": "+14155550100"},
    ],
}  # fmt: skip
CALLS = (
    Call(far_end=(Answer("busy"), Answer("failed")), message=Message(9, "key"), caller_name="Canary Jones"),
    Call(over="sip", from_="sip:+12125550123@pbx.example.com", to="sip:help@example.sip.twilio.com",
         sip_headers={"X-Card": CARD, "X-Case": "C-1"}, far_end=(Answer("unconfirmed"), Answer("no_answer"))),
    Call(far_end=(Answer("caller_hung_up"),)),
)  # fmt: skip


def test_every_key_of_a_call_expires_and_carries_its_hash_tag(redis: Redis, redis_url: str, tmp_path: Path) -> None:
    with staged(DOCUMENT, redis_url, tmp_path) as stage:
        configuration = set(redis.scan_iter())
        sids = [stage.play(call).require().call_sid for call in CALLS]
        assert stage.application.services.voice_store.flush(5)
    of_calls = {key for key in set(redis.scan_iter()) - configuration if "{configuration}" not in key}
    shared = {keys.calls(), keys.probe(), keys.counters(), keys.error_sightings(), keys.webhooks()}
    for key in of_calls - shared:
        assert any(f"{{{sid}}}" in key for sid in sids), key
        assert redis.ttl(key) > 0, key
    assert len(of_calls - shared) >= 3 * len(CALLS)


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """Everything that is logged, at DEBUG, as production writes it."""
    before, root = structlog.get_config(), logging.getLogger()
    handlers, level = [*root.handlers], root.level
    stream = io.StringIO()
    configure_logging("DEBUG", stream=stream, pretty=False)
    yield stream
    structlog.configure(**before)
    root.handlers[:] = handlers
    root.setLevel(level)


def test_no_number_name_or_secret_of_a_whole_call_is_in_the_logs(
    written: io.StringIO, redis_url: str, tmp_path: Path
) -> None:
    with staged(
        DOCUMENT,
        redis_url,
        tmp_path,
    ) as stage:
        for call in CALLS:
            stage.play(call).require()
        stage.application.services.voice_store.flush(5)
        structlog.get_logger().debug("the end", pii_caller="+12125550123")
    text = written.getvalue()
    assert "the end" in text
    for canary in (CARD, "2125550123", "4155550199", "4155550100", "Jones", AUTH_TOKEN, "tests-that-is-long"):
        assert canary not in text
