"""Log lines: one JSON object each, whatever is logged; nothing personal and nothing secret in any of them."""

from __future__ import annotations

import io
import json
import logging
import random
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from pydantic import SecretStr
from redis.exceptions import ConnectionError as RedisConnectionError

from webapp.log_masking import Net, mask_personal
from webapp.logs import LibraryHandler, configure_logging

SECRETS = [SecretStr("canary-secret-7f3a9c"), SecretStr("0f1e2d3c4b5a69788796a5b4c3d2e1f0")]


class Lines:
    def __init__(self) -> None:
        self.stream = io.StringIO()
        configure_logging("DEBUG", secrets=SECRETS, stream=self.stream, pretty=False)

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    def all(self) -> list[dict[str, Any]]:
        assert self.text.endswith("\n")
        return [json.loads(line) for line in self.text[:-1].split("\n")]

    def last(self) -> dict[str, Any]:
        return self.all()[-1]


@pytest.fixture
def lines() -> Iterator[Lines]:
    root = logging.getLogger()
    level = root.level
    yield Lines()
    structlog.reset_defaults()
    root.setLevel(level)
    for handler in [*root.handlers]:
        if isinstance(handler, LibraryHandler):
            root.removeHandler(handler)


def test_a_line_holds_time_level_event_and_fields(lines: Lines) -> None:
    structlog.get_logger().info("call answered", call_sid="CA" + "0123456789abcdef" * 2, milliseconds=3.5, steps=2)
    line = lines.last()
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "level": "info",
        "event": "call answered",
        "call_sid": "CA" + "0123456789abcdef" * 2,
        "milliseconds": 3.5,
        "steps": 2,
    }


def test_libraries_and_our_own_code_take_the_same_way(lines: Lines) -> None:
    logging.getLogger("gunicorn.error").warning("worker %s exited", 17)
    assert lines.last()["event"] == "worker 17 exited"
    assert lines.last()["logger"] == "gunicorn.error"


def test_personal_fields_are_masked_at_any_depth(lines: Lines) -> None:
    structlog.get_logger().info(
        "variables",
        pii_from="+14155550123",
        pii_variables={"name": "Ada Lovelace", "pin": 42, "more": ["Ada", None]},
        nested={"pii_to": "+14155550199", "kept": "billing"},
    )
    line = lines.last()
    assert "Ada" not in lines.text
    assert "555" not in lines.text
    assert line["pii_from"] == "******23"
    assert line["nested"]["kept"] == "billing"


NUMBERS = [
    "+14155550123",
    "%2B14155550123",
    "14155550123",
    "4155550123",
    "(415) 555-0123",
    "415-555-0123",
    "415.555.0123",
    "+1 (415) 555-0123",
    "+44 20 7946 0958",
    "sip:+14155550123@pbx.example.com",
    "tel:+14155550123",
    "From=+14155550123&To=",
    '{"to": "+14155550123"}',
]


@pytest.mark.parametrize("number", NUMBERS)
def test_the_net_catches_numbers_wherever_they_stand(lines: Lines, number: str) -> None:
    log = structlog.get_logger()
    log.info("oddly named", value=f"x {number} y", inner=[{"deep": number}], **{f"key {number}": 1})
    log.info(f"a message that should have been static: {number}")
    logging.getLogger("somebody.else").info("GET /2010/%s", number)
    for digits in ("555", "7946"):
        assert digits not in lines.text
    assert len(lines.all()) == 3


def test_a_number_that_is_a_number_is_masked_too(lines: Lines) -> None:
    structlog.get_logger().info("x", value=14155550123, milliseconds=1234567)
    assert "5550123" not in lines.text
    assert lines.last()["milliseconds"] == 1234567


@pytest.mark.parametrize(
    "text",
    [
        "token canary-secret-7f3a9c ends",
        "canary-secret-7f3a9c",
        "X=0f1e2d3c4b5a69788796a5b4c3d2e1f0;",
        "redis://user:canary-of-a-url@redis.example.com:6379/0",
        "rediss://:canary-of-a-url@redis.example.com",
        "Authorization: Bearer canary-of-a-header-123",
        "Basic Y2FuYXJ5OnBhc3N3b3JkMTIz",
        "a 32 digit token: " + "a1b2c3d4" * 4,
    ],
)
def test_the_net_catches_secrets(lines: Lines, text: str) -> None:
    structlog.get_logger().info("x", value=text, deep={"list": [text]})
    for secret in ("canary", "0f1e2d3c", "Y2FuYXJ5", "a1b2c3d4"):
        assert secret not in lines.text


@pytest.mark.parametrize(
    "text",
    [
        "CA" + "0123456789" * 3 + "01",
        "12-a1b2c3d4",
        "12-12345678",
        "2026-11-21T01:45:41.123+00:00",
        "front-desk",
        "sip:billing@pbx.example.com",
        "rules/2/when/all/0/variable",
        "127.0.0.1:8000",
        "DialCallStatus=no-answer",
    ],
)
def test_what_operators_need_stays_readable(lines: Lines, text: str) -> None:
    structlog.get_logger().info("x", value=text)
    assert lines.last()["value"] == text


def test_an_exception_of_a_client_is_logged_by_its_type_alone(lines: Lines) -> None:
    try:
        raise RedisConnectionError("Error connecting to redis://:hidden-password@host for +14155550123")
    except RedisConnectionError:
        structlog.get_logger().exception("the store is away", part="calls")
    line = lines.last()
    assert line["exception"]["type"] == "redis.exceptions.ConnectionError"
    assert "hidden" not in lines.text
    assert any("test_logs.py" in place for place in line["exception"]["at"])


def test_a_fault_of_our_own_is_logged_with_its_text_and_place(lines: Lines) -> None:
    try:
        {}["destination"]
    except KeyError as error:
        structlog.get_logger().error("fault", exc_info=error)
    assert lines.last()["exception"]["text"] == "'destination'"


def test_the_twilio_client_does_not_log_its_requests(lines: Lines) -> None:
    logging.getLogger("twilio.http_client").info("POST Request: https://api.twilio.com/x?To=+14155550123")
    assert lines.text == ""
    logging.getLogger("twilio.http_client").warning("slow")
    assert lines.last()["event"] == "slow"


def test_what_cannot_be_told_does_not_break_the_line(lines: Lines) -> None:
    class Broken:
        def __str__(self) -> str:
            raise RuntimeError("no text")

    loop: list[Any] = []
    loop.append(loop)
    structlog.get_logger().info(
        "x", broken=Broken(), loop=loop, bytes_=b"\xff", many=list(range(5000)), long="x" * 9999
    )
    line = lines.last()
    assert line["broken"] == "<Broken: RuntimeError>"
    assert len(line["many"]) == 100
    assert len(line["long"]) <= 2001
    assert len(lines.text) < 6000


def test_a_log_that_cannot_be_written_fails_no_call() -> None:
    closed = io.StringIO()
    configure_logging("INFO", stream=closed, pretty=False)
    closed.close()
    structlog.get_logger().info("nobody reads this")
    structlog.reset_defaults()


PIECES = [
    "\n",
    "\r",
    "\x1b[31m",
    "\x00",
    "\x07",
    "\u2028",
    "\u202e",
    "\x85",
    '"',
    "\\",
    "{",
    "}",
    ",",
    "é",
    "😀",
    "\ud800",
    "a",
    "7",
    "+",
    "@",
]


@pytest.mark.slow
def test_a_hundred_thousand_hostile_values_make_sound_lines_only(lines: Lines) -> None:
    chance = random.Random(15)
    log = structlog.get_logger()
    count = 20_000
    for _ in range(count):
        values = ["".join(chance.choices(PIECES, k=chance.randint(0, 20))) for _ in range(4)]
        log.info("hostile", value=values[0], inner=values[1:3], **{values[3][:5] or "key": values[3]})
    text = lines.text
    assert text.count("\n") == count
    assert "\r" not in text
    assert "\x1b" not in text
    assert text.isascii()
    assert sum(1 for line in text[:-1].split("\n") if json.loads(line)["event"]) == count


def test_a_terminal_is_steered_by_no_value() -> None:
    stream = io.StringIO()
    configure_logging("INFO", stream=stream, pretty=True)
    structlog.get_logger().warning("bell \x07 and\nline", value="\x1b[2J\u202e", pii_from="+14155550123")
    structlog.reset_defaults()
    text = stream.getvalue()
    assert text.count("\n") == 1
    assert text[:-1].isprintable()
    assert "555" not in text


def test_five_hundred_canary_numbers_do_not_get_through() -> None:
    chance = random.Random(37)
    net = Net()
    for _ in range(500):
        digits = f"{chance.randint(2, 9)}{chance.randint(0, 10**9 - 1):09d}"
        for form in (f"+1{digits}", f"1{digits}", digits, f"({digits[:3]}) {digits[3:6]}-{digits[6:]}"):
            for frame in ("{}", "to={}", "x {} y", '"{}"', "a,{},b", "<{}>"):
                assert digits[3:8] not in net.clean_text(frame.format(form)), form


def test_masking_keeps_two_callers_apart_and_no_more() -> None:
    assert mask_personal("+14155550123") != mask_personal("+14155550124")
    assert mask_personal("4242") == mask_personal("1111") == mask_personal(None) == "******"
