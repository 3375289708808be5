"""The timeline says of each member of a ring group what became of it, also who declined and who was a machine."""

from __future__ import annotations

from pathlib import Path

from tests.scenario_app import staged
from tests.voice.posting import ABOUT, CALLER, CHILD, OTHER_CHILD, PARENT, post, told, url_in
from webapp import urls

ANNA, BEN = "+14155550101", "+14155550102"
CONFIGURATION = {
    "schema": 1, "name": "Two mobiles", "default_destination": "pair",
    "destinations": [
        {"id": "pair", "name": "Pair", "method": "INVITE", "route": [ANNA, BEN], "screen": "accept",
         "machine_detection": True, "fallback": [{"say": "Nobody."}]},
    ],
}  # fmt: skip


def test_whoever_declines_and_whoever_is_a_machine_is_named(redis_url: str, tmp_path: Path) -> None:
    with staged(CONFIGURATION, redis_url, tmp_path) as stage:
        document = post(stage, urls.CALL, CALLER | {"CallStatus": "ringing"})
        legs = [(CHILD, ANNA), (OTHER_CHILD, BEN)]
        for leg, to in legs:
            picked_up = ABOUT | {"CallSid": leg, "ParentCallSid": PARENT, "To": to, "CallStatus": "in-progress"}
            post(stage, url_in(document, "statusCallback"), picked_up)
        gate = post(stage, url_in(document, "url"), ABOUT | {"CallSid": CHILD, "ParentCallSid": PARENT, "To": ANNA})
        pressed = ABOUT | {"CallSid": CHILD, "ParentCallSid": PARENT, "To": ANNA, "Digits": "2"}
        post(stage, url_in(gate, "action"), pressed)
        machine = {"AccountSid": ABOUT["AccountSid"], "CallSid": OTHER_CHILD, "AnsweredBy": "machine_start"}
        post(stage, url_in(document, "amdStatusCallback"), machine)
        said = told(stage)
    assert f"{ANNA} declined the call" in said
    assert f"{BEN} was answered by a machine" in said


def test_a_machine_whose_leg_was_never_reported_is_told_all_the_same(redis_url: str, tmp_path: Path) -> None:
    with staged(CONFIGURATION, redis_url, tmp_path) as stage:
        document = post(stage, urls.CALL, CALLER | {"CallStatus": "ringing"})
        machine = {"AccountSid": ABOUT["AccountSid"], "CallSid": CHILD, "AnsweredBy": "fax"}
        post(stage, url_in(document, "amdStatusCallback"), machine)
        assert "The called side was answered by a machine" in told(stage)
