"""What is looked up in the background never keeps anybody waiting, and is never lost by a look that fails."""

from __future__ import annotations

from threading import Event

from tests.redis_server import wait_until
from webapp.numbers.followed import Followed


def test_whoever_asks_has_an_answer_while_the_look_hangs() -> None:
    goes_on = Event()

    def hangs() -> str:
        goes_on.wait(10)
        return "looked up"

    followed = Followed("test", hangs, "first", seconds=60)
    assert followed() == "first"
    goes_on.set()
    wait_until(lambda: followed() == "looked up")


def test_a_look_that_fails_keeps_the_value_from_before() -> None:
    failed = Event()

    def fails() -> str:
        failed.set()
        raise OSError

    followed = Followed("test", fails, "first", seconds=60)
    followed()
    assert failed.wait(10)
    assert followed() == "first"
