"""A simulation over the API: which descriptions of a call it refuses, and where it says so."""

from __future__ import annotations

from tests.api.asking import Api


def test_a_caller_that_no_phone_call_has_is_refused_at_its_place(api: Api) -> None:
    refused = api.ask("POST", "/simulations", {"call": {"from": "abc", "to": "+14155550199"}})
    assert refused.status_code == 422
    (fault,) = refused.json["errors"]
    assert (fault["pointer"], "anonymous for a caller who hides it" in fault["fix"]) == ("/call/from", True)
    for call in ({"from": "anonymous"}, {"from": "client:alice", "over": "client"}):
        assert api.ask("POST", "/simulations", {"call": call | {"to": "+14155550199"}}).status_code == 200
