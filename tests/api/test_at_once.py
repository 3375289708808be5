"""Several programs that write at the same time: nobody's work is lost, and nobody is refused for another's."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from tests.api.asking import Api

NAMED = {"name": "Late desk", "method": "INVITE", "route": "+14155550177"}


def at_once(*requests: Any) -> list[Any]:
    with ThreadPoolExecutor(len(requests)) as threads:
        return [answer.result() for answer in [threads.submit(request) for request in requests]]


def test_things_of_one_name_get_ids_of_their_own(api: Api) -> None:
    answers = at_once(*[partial(api.ask, "POST", "/destinations", NAMED)] * 5)
    assert [answer.status_code for answer in answers] == [201] * 5
    made = {answer.headers["Location"].rpartition("/")[2] for answer in answers}
    assert made == {"late-desk", "late-desk-2", "late-desk-3", "late-desk-4", "late-desk-5"}
    assert made <= {one["id"] for one in api.get("/destinations")["data"]}


def test_one_request_that_comes_twice_is_told_when_to_ask_again(api: Api) -> None:
    answers = at_once(*[partial(api.ask, "POST", "/destinations", NAMED, Idempotency_Key="once")] * 4)
    refused = [answer for answer in answers if answer.status_code != 201]
    assert {(answer.status_code, answer.headers["Retry-After"]) for answer in refused} <= {(409, "1")}
    assert [one["name"] for one in api.get("/destinations")["data"]].count("Late desk") == 1


def test_of_many_who_replace_what_they_have_seen_one_does(api: Api) -> None:
    seen = api.ask("GET", "/destinations/front-desk")
    changes = [seen.json | {"description": f"Desk {number}"} for number in range(5)]
    answers = at_once(
        *(partial(api.ask, "PUT", "/destinations/front-desk", one, If_Match=seen.headers["ETag"]) for one in changes)
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409, 409]
