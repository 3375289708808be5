"""Telephony pages while the store is away."""

from __future__ import annotations

import re
from pathlib import Path

from tests.application import Application
from tests.console.conftest import person
from tests.console.document import DOCUMENT
from tests.console.telephony.conftest import ENVIRONMENT
from tests.console.telephony.helpers import seen_on
from tests.console.telephony_house import UNDOABLE
from tests.messaging.rest_stand_in import TwilioAccount
from tests.redis_server import RedisServer
from webapp.people.roles import Role


def test_with_the_store_away_every_page_renders_and_says_so(tmp_path: Path, twilio: TwilioAccount) -> None:
    with RedisServer() as redis, Application(redis.url, tmp_path, DOCUMENT, **ENVIRONMENT) as house:
        admin = person(house, Role.ADMIN)
        seen = seen_on(admin, f"/numbers/{UNDOABLE}")
        token = re.search(r'name="_token" value="([^"]+)"', admin.sees("/sms"))
        assert token is not None
        redis.kill()
        assert "Connecting waits" in admin.sees("/numbers")
        assert "555-0106" in admin.sees("/numbers")
        assert "does not answer" in admin.sees("/sms")
        assert "not known just now" in admin.sees("/errors")
        assert "Not known while the store does not answer" in admin.sees("/errors/13801")
        assert "Calls go on; edits are refused" in admin.sees("/doctor")
        admin.sees("/settings/twilio")
        answer = admin.client.post(
            f"/numbers/{UNDOABLE}/connect",
            data={"_token": token[1], "_seen": seen},
            base_url="https://handoff.example.com",
            headers={"Sec-Fetch-Site": "same-origin"},
        )
        assert answer.status_code == 503
        assert twilio.counted["update_number"] == 0
