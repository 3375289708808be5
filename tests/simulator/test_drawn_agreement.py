"""The simulator and the live webhooks agree to the byte, whatever the configuration and the call that are drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from tests.redis_server import RedisServer
from tests.simulator.agreement import Both, both
from tests.simulator.random_calls import random_case
from webapp.configurations.published import publish

QUICK = range(300)
ALL = range(300, 5_000)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    with RedisServer() as server, both(server.url, tmp_path_factory.mktemp("agreement")) as found:
        yield found


def disagreements(stage: Both, seeds: range) -> list[str]:
    """The first few; each begins with the seed that draws the same case again."""
    found: list[str] = []
    for seed in seeds:
        differences = stage.differences(random_case(seed))
        if differences:
            found.append("\n".join([f"case {seed}:", *differences]))
        if len(found) == 3:
            break
    return found


def test_300_drawn_calls_go_the_same_way_in_the_simulator_and_through_the_webhooks(stage: Both) -> None:
    found = disagreements(stage, QUICK)
    assert not found, "\n\n".join(found)


@pytest.mark.slow
def test_5000_drawn_calls_go_the_same_way_in_the_simulator_and_through_the_webhooks(stage: Both) -> None:
    found = disagreements(stage, ALL)
    assert not found, "\n\n".join(found)


def test_the_drawn_cases_carry_user_to_user_to_each_system_and_screen_in_both_ways() -> None:
    destinations = [one for seed in range(400) for one in random_case(seed).document["destinations"]]
    systems = {header.get("user_to_user") for one in destinations for header in one.get("headers", ())}
    assert systems == {None, "genesys", "talkdesk", "plain"}
    assert {one.get("screen") for one in destinations} == {None, "whisper", "accept"}


def test_the_drawn_cases_are_not_all_alike() -> None:
    """A property over cases that never leave the first destination would prove little."""
    cases = [random_case(seed) for seed in range(400)]
    assert len({publish(case.document).version for case in cases}) == 400
    kinds = Counter(case.document.get("intake", {}).get("kind", "none") for case in cases)
    assert set(kinds) == {"none", "menu", "conversation_relay", "stream", "sip_agent"}
    assert {case.call.over for case in cases} == {"phone", "sip", "client"}
    assert len({word for case in cases for word in case.far_end}) == 15


def test_the_drawn_cases_offer_texts_and_press_keys_for_them() -> None:
    cases = [random_case(seed) for seed in range(400)]
    offering = [case for case in cases if any("offer_text" in one for one in case.document["destinations"])]
    assert {case.digits for case in offering} == {"1", "9", ""}
