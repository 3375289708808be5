"""While Twilio hangs, those who ask it hold a few threads of a web process and no more: callers need the others."""

from __future__ import annotations

import threading
import time
from contextlib import ExitStack

import pytest

from tests.redis_server import wait_until
from webapp.twilio_rest.client import Credentials, Hosts, Patience, TwilioClient
from webapp.twilio_rest.errors import TwilioRequestError
from webapp.twilio_rest.lines import SLOW_SECONDS, WAIT_SECONDS, Lines


class Clock:
    now = 0.0


@pytest.fixture
def clock() -> Clock:
    return Clock()


def refused_after(lines: Lines) -> float:
    """Seconds until somebody who asks is told that nothing can be asked."""
    began = time.monotonic()
    with pytest.raises(TwilioRequestError) as raised, lines.taken():
        raise AssertionError("a line was free")
    assert (raised.value.permanent, raised.value.ambiguous) == (False, False), "it may be asked again, nothing was done"
    return time.monotonic() - began


def hold(lines: Lines, release: threading.Event, count: int) -> list[threading.Thread]:
    def asks() -> None:
        with lines.taken():
            release.wait(10)

    people = [threading.Thread(target=asks) for _ in range(count)]
    for person in people:
        person.start()
    wait_until(lambda: len(lines._began) == count)
    return people


def test_when_all_lines_hang_the_next_one_is_told_at_once(clock: Clock) -> None:
    lines, release = Lines(2, clock=lambda: clock.now), threading.Event()
    people = hold(lines, release, 2)
    try:
        clock.now += SLOW_SECONDS + 0.1
        assert refused_after(lines) < WAIT_SECONDS / 2
    finally:
        release.set()
        for person in people:
            person.join()
    with lines.taken():
        pass


def test_while_twilio_answers_quickly_one_waits_for_a_line(clock: Clock) -> None:
    lines, release = Lines(1, clock=lambda: clock.now), threading.Event()
    people = hold(lines, release, 1)
    threading.Timer(0.05, release.set).start()
    with lines.taken():
        pass
    people[0].join()


def test_after_slow_answers_nobody_waits_until_a_quick_one_has_come(clock: Clock) -> None:
    lines = Lines(1, clock=lambda: clock.now)
    with lines.taken():
        clock.now += SLOW_SECONDS + 0.1
    with ExitStack() as held:
        held.enter_context(lines.taken())
        release = threading.Event()
        waited: list[float] = []
        other = threading.Thread(target=lambda: (waited.append(refused_after(lines)), release.set()))
        other.start()
        other.join()
        assert waited[0] < WAIT_SECONDS / 2


def test_a_request_takes_a_line_and_gives_it_back_whatever_happens() -> None:
    lines = Lines(1)
    client = TwilioClient(
        Credentials("AC" + "0" * 32, "AC" + "0" * 32, "secret"), hosts=Hosts(api="http://127.0.0.1:9"),
        patience=Patience(attempts=1), lines=lines,
    )  # fmt: skip
    for _ in range(3):
        with pytest.raises(TwilioRequestError, match="connection to Twilio failed"):
            client.get(f"{client.account_url}.json")
    with lines.taken(), pytest.raises(TwilioRequestError, match="enough of our requests"):
        asked_elsewhere(client)


def asked_elsewhere(client: TwilioClient) -> None:
    """In another thread, as another request of the web server would."""
    told: list[TwilioRequestError] = []

    def ask() -> None:
        try:
            client.get(f"{client.account_url}.json")
        except TwilioRequestError as error:
            told.append(error)

    other = threading.Thread(target=ask)
    other.start()
    other.join()
    raise told[0]
