"""The app with a Twilio account that is played in this process, and the same app without any account."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.application import Application
from tests.console.document import DOCUMENT
from tests.console.telephony_house import playing_account
from tests.messaging.rest_stand_in import ACCOUNT_SID, AUTH_TOKEN, TwilioAccount

ENVIRONMENT = {"TWILIO_ACCOUNT_SID": ACCOUNT_SID, "TWILIO_AUTH_TOKEN": AUTH_TOKEN}
NOWHERE = {"TWILIO_ACCOUNT_SID": "", "TWILIO_AUTH_TOKEN": "", "APP_ENV": "development"}
# Twilio's tokens are 32 hexadecimal signs; the account of these tests takes this one.
TYPED_TOKEN = "0123456789abcdef" * 2
NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)


@pytest.fixture
def twilio() -> Iterator[TwilioAccount]:
    with playing_account().playing() as account:
        yield account


@pytest.fixture
def house(redis_url: str, tmp_path: Path, twilio: TwilioAccount) -> Iterator[Application]:
    with Application(redis_url, tmp_path, DOCUMENT, **ENVIRONMENT) as application:
        application.at = NOW
        yield application


@pytest.fixture
def unconnected(redis_url: str, tmp_path: Path) -> Iterator[Application]:
    with Application(redis_url, tmp_path, DOCUMENT, **NOWHERE) as application:
        yield application
