"""The running console with a whole Twilio account behind it, played in this process: for browser tests and pictures."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from tests.console.browser import Running, sid_of
from tests.messaging.full_account import full_account
from tests.messaging.rest_stand_in import ACCOUNT_SID, AUTH_TOKEN, TwilioAccount
from tests.redis_server import RedisServer
from webapp.messaging.a2p.memory import RegistrationMemory
from webapp.messaging.a2p.report import refresh_report
from webapp.messaging.sightings import Sightings
from webapp.numbers.connecting import Numbers
from webapp.numbers.recommended import FRAGMENT
from webapp.twilio_rest.client import Credentials, TwilioClient

PUBLIC = "https://handoff.example.com"
CREDENTIALS = Credentials(ACCOUNT_SID, ACCOUNT_SID, AUTH_TOKEN)
CONNECTED, UNDOABLE, ELSEWHERE = "+14155550100", "+14155550101", "+14155550102"
TELEPHONY_PAGES = (
    "/numbers",
    "/numbers?state=attention&q=415",
    "/numbers?q=nothing-like-this",
    "/numbers/fallback?to=%2B14155550190",
    "/numbers/fallback?to=nobody",
    f"/numbers/{CONNECTED}",
    f"/numbers/{UNDOABLE}",
    f"/numbers/{ELSEWHERE}",
    "/sms",
    "/sms?readiness=BLOCKED",
    "/sms?q=nothing-like-this",
    "/errors",
    "/errors?q=busy",
    "/errors?q=no+such+words+anywhere",
    "/errors?area=sip",
    "/errors/13801",
    "/errors/30034",
    "/errors/sip:486",
    "/errors/99999",
    "/doctor",
    "/settings/twilio",
)


def playing_account() -> TwilioAccount:
    """Some numbers lead here, one elsewhere, others to what silently wins."""
    twilio = full_account()
    numbers = {number["phone_number"]: number for number in twilio.numbers}
    ours = {
        "voice_url": f"{PUBLIC}/voice/call#{FRAGMENT}",
        "voice_fallback_url": "https://handler.twilio.com/twiml/EH1",
        "status_callback": f"{PUBLIC}/voice/status",
    }
    numbers[CONNECTED] |= ours | {"friendly_name": "Front desk, New York"}
    numbers[UNDOABLE] |= {"voice_url": "https://old.example.com/voice", "voice_method": "GET"}
    numbers[ELSEWHERE] |= {"voice_url": "https://studio.example.com/flow?token=hunter2", "friendly_name": "Spa"}
    numbers["+14155550103"] |= ours | {"voice_application_sid": "AP" + "1" * 32}
    numbers["+14155550104"] |= ours | {"trunk_sid": "TK" + "1" * 32}
    numbers["+14155550105"] |= ours | {"voice_fallback_url": "", "voice_method": "GET"}
    return twilio


@contextmanager
def telephony_house(redis: RedisServer, directory: Path, **settings: str) -> Iterator[tuple[Running, TwilioAccount]]:
    own = {"PUBLIC_BASE_URL": PUBLIC, "TWILIO_ACCOUNT_SID": ACCOUNT_SID, "TWILIO_AUTH_TOKEN": AUTH_TOKEN}
    twilio = playing_account()
    with twilio.playing(), Running(redis.url, directory, None, **(own | settings)) as house:
        live(house)
        yield house, twilio


def live(house: Running) -> None:
    """The registration was read, one number connected, and some failures met."""
    house.live_a_little()
    client, store = TwilioClient(CREDENTIALS), house.needs.configurations.store.client
    refresh_report(client, RegistrationMemory(store, ACCOUNT_SID), datetime.now(UTC))
    numbers = Numbers(client, store)
    numbers.connect(numbers.plan_connect(UNDOABLE, PUBLIC))
    sightings = Sightings(store)
    for code, place in (("13801", 3), ("sip:486", 3), ("sip:486", 9)):
        sightings.note(code, sid_of(place), datetime.now(UTC))
    sightings.note("30034", "SM" + "0" * 32, datetime.now(UTC))
