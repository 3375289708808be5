"""The real application for a test: real Redis, a configuration of the test's own, and a clock that can be set."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask

from webapp import create_app
from webapp.calls.health import HealthBoard
from webapp.services import Services
from webapp.settings import Settings, load_settings
from webapp.wiring import default_services

ACCOUNT_SID = "AC" + "0123456789abcdef" * 2
AUTH_TOKEN = "twilio-signs-with-this"
BASE_URL = "https://handoff.example.com"

DOCUMENT: dict[str, Any] = {
    "schema": 1,
    "name": "Example Hotel",
    "default_destination": "front-desk",
    "sip_host": "pbx.example.com",
    "destinations": [
        {
            "id": "billing",
            "name": "Billing",
            "method": "REFER",
            "route": "sip:billing@pbx.example.com;transport=tls",
            "headers": [{"name": "X-Customer-ID", "value": "$sip_x_customer_id"}],
            "fallback": [{"destination": "front-desk", "on": ["busy", "failed"]}, {"voicemail": {}}],
        },
        {"id": "front-desk", "name": "Front desk", "method": "INVITE", "route": "+14155550100"},
    ],
    "rules": [
        {
            "id": "billing-line",
            "name": "The billing line",
            "when": {"variable": "called_number", "is": "+14155550199"},
            "destination": "billing",
            "reason": "billing",
        }
    ],
}


def settings_for(redis_url: str, directory: Path, document: Mapping[str, Any] | None = None, **more: str) -> Settings:
    """Settings of a production-like process whose shipped file holds `document`."""
    directory.mkdir(parents=True, exist_ok=True)
    file = directory / "handoff.yaml"
    file.write_text(json.dumps(document or DOCUMENT), encoding="utf-8")
    return load_settings(
        {
            "PUBLIC_BASE_URL": BASE_URL,
            "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
            "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
            "SECRET_KEY": "a-key-of-tests-that-is-long-enough-to-be-one",
            "REDIS_URL": redis_url,
            "HANDOFF_CONFIG": str(file),
            "HANDOFF_DATA_DIR": str(directory / "var"),
            "LOG_LEVEL": "ERROR",
        }
        | more
    )


class Application:
    """An app with its services; `at` pins the clock. Its numbers may text. Close it: it has threads."""

    def __init__(
        self, redis_url: str, directory: Path, document: Mapping[str, Any] | None = None, **settings: str
    ) -> None:
        self.at: datetime | None = None
        self.settings = settings_for(redis_url, directory, document, **settings)
        wired = default_services(self.settings)
        real_clock = wired.clock

        def clock() -> datetime:
            return self.at or real_clock()

        self.services: Services = replace(wired, clock=clock, health=HealthBoard(clock), may_text=lambda _: True)
        self.app: Flask = create_app(self.settings, self.services)

    def close(self) -> None:
        self.services.live.stop()
        self.services.tokens.stop()
        self.services.voice_store.close()
        self.services.configurations.store.client.close()

    def __enter__(self) -> Application:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
