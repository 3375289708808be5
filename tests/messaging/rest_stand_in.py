"""A Twilio account over REST: documented paths and parameters alone, real paging, and bad weather on demand.

`TwilioAccount.answer` is the account; `playing` lets `responses` put it behind every request of a test.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import responses

from tests.messaging.rest_documented import DOCUMENTED
from tests.messaging.rest_paging import page_2010, page_v1

ACCOUNT_SID = "AC" + "0" * 31 + "1"
AUTH_TOKEN = "stand-in-auth-token"
API_KEY_SID = "SK" + "0" * 31 + "1"
API_KEY_SECRET = "stand-in-key-secret"
NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)

Answer = tuple[int, dict[str, Any] | bytes]
Weather = Callable[[str, str, int], Answer | Exception | None]


def sid(prefix: str, number: int) -> str:
    return f"{prefix}{number:032x}"


@dataclass
class TwilioAccount:
    status: str = "active"
    type: str = "Full"
    numbers: list[dict[str, Any]] = field(default_factory=list)
    short_codes: list[dict[str, Any]] = field(default_factory=list)
    services: dict[str, dict[str, Any]] = field(default_factory=dict)
    pools: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    campaigns: dict[str, list[dict[str, Any]] | None] = field(default_factory=dict)
    brands: list[dict[str, Any]] = field(default_factory=list)
    verifications: list[dict[str, Any]] = field(default_factory=list)
    countries: list[dict[str, Any]] = field(default_factory=list)
    profiles: list[dict[str, Any]] = field(default_factory=list)
    messages: list[dict[str, Any]] = field(default_factory=list)
    weather: list[Weather] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    accepted: set[tuple[str, str]] = field(
        default_factory=lambda: {(ACCOUNT_SID, AUTH_TOKEN), (API_KEY_SID, API_KEY_SECRET)}
    )

    # -- what a test puts into the account

    def add_number(self, e164: str, *, service: str = "", joined: datetime = NOW, **changes: Any) -> str:
        number_sid = sid("PN", len(self.numbers) + 1)
        self.numbers.append(
            {
                "sid": number_sid, "account_sid": ACCOUNT_SID, "phone_number": e164, "friendly_name": e164,
                "capabilities": {"voice": True, "sms": True, "mms": True}, "voice_url": "", "voice_method": "POST",
                "voice_fallback_url": "", "voice_fallback_method": "POST", "status_callback": "",
                "status_callback_method": "POST", "voice_application_sid": "", "trunk_sid": None, "sms_url": "",
                "sms_method": "POST", "sms_application_sid": "", "origin": "twilio", "status": "in-use", "type": None,
            }
            | changes
        )  # fmt: skip
        if service:
            self.pools[service].append(
                {
                    "sid": number_sid, "service_sid": service, "phone_number": e164, "country_code": "US",
                    "capabilities": ["SMS"], "date_created": _iso(joined), "date_updated": _iso(joined),
                }
            )  # fmt: skip
        return number_sid

    def add_service(self, name: str, *campaigns: dict[str, Any], without_campaigns_is_404: bool = False) -> str:
        service = sid("MG", len(self.services) + 1)
        self.services[service] = {
            "sid": service, "friendly_name": name, "use_inbound_webhook_on_number": False, "inbound_request_url": None,
            "inbound_method": "POST",
            "us_app_to_person_registered": any(c["campaign_status"] == "VERIFIED" for c in campaigns),
        }  # fmt: skip
        self.pools[service] = []
        self.campaigns[service] = (
            None if without_campaigns_is_404 else [c | {"messaging_service_sid": service} for c in campaigns]
        )
        return service

    def add_brand(self, status: str = "APPROVED", identity_status: str | None = "VERIFIED", **changes: Any) -> str:
        brand = sid("BN", len(self.brands) + 1)
        self.brands.append(
            {
                "sid": brand, "status": status, "identity_status": identity_status, "brand_type": "STANDARD",
                "mock": False, "errors": [], "date_updated": _iso(NOW),
            }
            | changes
        )  # fmt: skip
        return brand

    def add_profile(self, status: str) -> None:
        self.profiles.append(
            {"sid": sid("BU", len(self.profiles) + 1), "status": status, "date_updated": _iso(NOW - timedelta(days=3))}
        )

    def add_verification(self, number_sid: str, status: str, **changes: Any) -> None:
        self.verifications.append(
            {
                "sid": sid("HH", len(self.verifications) + 1), "tollfree_phone_number_sid": number_sid,
                "status": status, "rejection_reason": None, "error_code": None, "edit_allowed": None,
                "edit_expiration": None, "date_created": _iso(NOW - timedelta(days=10)),
            }
            | changes
        )  # fmt: skip

    # -- the account itself

    def answer(self, verb: str, url: str, parameters: dict[str, str], user: str, password: str) -> Answer | Exception:
        plain = url.partition("?")[0]
        for name, documented_verb, path, documented in DOCUMENTED:
            match = re.fullmatch(path, plain)
            if match is None or verb != documented_verb:
                continue
            if strange := set(parameters) - documented:
                self.faults.append(f"{verb} {plain} with undocumented {sorted(strange)}")
            self.asked.append(name)
            return self._weathered(name, plain) or self._checked(name, match, plain, parameters, (user, password))
        self.faults.append(f"{verb} {plain} is not documented")
        return 404, problem(20404, 404, "not found")

    def _weathered(self, name: str, url: str) -> Answer | Exception | None:
        return next((met for weather in self.weather if (met := weather(name, url, len(self.asked)))), None)

    def _checked(
        self, name: str, match: re.Match[str], url: str, parameters: dict[str, str], user: tuple[str, str]
    ) -> Answer:
        if user not in self.accepted:
            return 401, problem(20003, 401, "Authenticate")
        if name == "account":
            if user[0] == API_KEY_SID:
                return 401, problem(20003, 401, "Authenticate")
            return 200, {"sid": ACCOUNT_SID, "status": self.status, "type": self.type, "friendly_name": "Example Hotel"}
        groups = match.groupdict()
        if name in {"pool", "campaigns"} and groups["service"] not in self.services:
            return 404, problem(20404, 404, "not found")
        handler: Callable[[dict[str, Any], str, dict[str, str]], Answer] = getattr(self, f"_{name}")
        return handler(groups, url, parameters)

    def _numbers(self, _: dict[str, Any], url: str, parameters: dict[str, str]) -> Answer:
        wanted = parameters.get("PhoneNumber", "")
        return page_2010(url, parameters, "incoming_phone_numbers",
                          [n for n in self.numbers if wanted in n["phone_number"]])  # fmt: skip

    def _update_number(self, groups: dict[str, Any], _: str, parameters: dict[str, str]) -> Answer:
        number = next((n for n in self.numbers if n["sid"] == groups["sid"]), None)
        if number is None:
            return 404, problem(20404, 404, "not found")
        number.update({_snake(name): value for name, value in parameters.items()})
        return 200, number

    def _short_codes(self, _: dict[str, Any], url: str, parameters: dict[str, str]) -> Answer:
        return page_2010(url, parameters, "short_codes", self.short_codes)

    def _messages(self, _: dict[str, Any], url: str, parameters: dict[str, str]) -> Answer:
        found = [m for m in self.messages if m["to"] == parameters["To"] and m["from"] == parameters["From"]]
        return page_2010(url, parameters, "messages", found)

    def _send(self, _: dict[str, Any], __: str, parameters: dict[str, str]) -> Answer:
        message = {
            "sid": sid("SM", len(self.messages) + 1), "to": parameters["To"], "from": parameters.get("From", ""),
            "body": parameters["Body"], "status": "queued", "error_code": None,
            "date_created": format_datetime(self.clock()), "status_callback": parameters.get("StatusCallback"),
        }  # fmt: skip
        self.messages.append(message)
        return 201, message

    def _services(self, _: dict[str, Any], url: str, parameters: dict[str, str]) -> Answer:
        return page_v1(url, parameters, "services", list(self.services.values()))

    def _pool(self, groups: dict[str, Any], url: str, parameters: dict[str, str]) -> Answer:
        return page_v1(url, parameters, "phone_numbers", self.pools[groups["service"]])

    def _campaigns(self, groups: dict[str, Any], url: str, parameters: dict[str, str]) -> Answer:
        found = self.campaigns[groups["service"]]
        return (404, problem(20404, 404, "none")) if found is None else page_v1(url, parameters, "compliance", found)

    def _brands(self, _: dict[str, Any], url: str, parameters: dict[str, str]) -> Answer:
        return page_v1(url, parameters, "data", self.brands)

    def _verifications(self, _: dict[str, Any], url: str, parameters: dict[str, str]) -> Answer:
        return page_v1(url, parameters, "verifications", self.verifications)

    def _profiles(self, _: dict[str, Any], url: str, parameters: dict[str, str]) -> Answer:
        return page_v1(url, parameters, "results", self.profiles)

    def _countries(self, _: dict[str, Any], url: str, parameters: dict[str, str]) -> Answer:
        return page_v1(url, parameters, "content", self.countries)

    # -- how it is reached

    @contextmanager
    def playing(self) -> Iterator["TwilioAccount"]:
        with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
            for verb in (responses.GET, responses.POST, responses.DELETE):
                mock.add_callback(verb, re.compile(r"https://[a-z]+\.twilio\.com/.*"), callback=self._play)
            yield self
        assert self.faults == []

    def _play(self, request: Any) -> tuple[int, dict[str, str], bytes]:
        user, _, password = _basic(request.headers["Authorization"])
        query = request.body if request.method == "POST" else urlsplit(request.url).query
        parameters = dict(parse_qsl(query or "", keep_blank_values=True))
        if request.headers["Accept"] != "application/json":
            self.faults.append("no Accept header")
        answer = self.answer(request.method, request.url, parameters, user, password)
        if isinstance(answer, Exception):
            raise answer
        status, body = answer
        return status, {}, body if isinstance(body, bytes) else json.dumps(body).encode()

    @property
    def counted(self) -> Counter[str]:
        return Counter(self.asked)


def campaign(status: str = "VERIFIED", *, brand: str = sid("BN", 1), **changes: Any) -> dict[str, Any]:
    return {
        "sid": "QE2c6890da8086d771620e9b13fadeba0b", "brand_registration_sid": brand, "campaign_status": status,
        "us_app_to_person_usecase": "CUSTOMER_CARE", "campaign_id": "CEXAMPLE", "mock": False, "errors": [],
        "is_externally_registered": False, "date_created": _iso(NOW - timedelta(days=30)), "rate_limits": None,
    } | changes  # fmt: skip


def problem(code: int, status: int, message: str) -> dict[str, Any]:
    return {
        "code": code,
        "message": message,
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "status": status,
    }


def always(*answer: Any, on: str = "") -> Weather:
    """The same bad answer every time, for one resource or for all: a status with a body, or an exception to raise."""
    given: Answer | Exception = answer[0] if isinstance(answer[0], Exception) else (answer[0], answer[1])
    return lambda name, url, count: given if on in ("", name) else None


def once(*answer: Any, on: str = "") -> Weather:
    """The bad answer the first time; then the sun shines."""
    left = [always(*answer, on=on)]

    def weather(name: str, url: str, count: int) -> Answer | Exception | None:
        met = left[0](name, url, count) if left else None
        if met is not None:
            left.clear()
        return met

    return weather


def _basic(header: str) -> tuple[str, str, str]:
    import base64

    return base64.b64decode(header.removeprefix("Basic ")).decode().partition(":")


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def _iso(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")
