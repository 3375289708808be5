"""A code rule may be slow, faulty or stuck: the call goes on as if it had said nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from handoff_rules.facts import Vote
from tests.application import ACCOUNT_SID, AUTH_TOKEN, BASE_URL, DOCUMENT, Application
from tests.stand_in import Call, Twilio
from tests.stand_in.transport import WsgiTransport
from webapp import create_app
from webapp.voice.code_rule_threads import MOST_AT_ONCE
from webapp.voice.code_rules import TIME_OUTS_UNTIL_OFF, CodeRules, Votes, read_vote

PROJECT = Path(__file__).resolve().parents[2]
EXAMPLE = PROJECT / "docs" / "code-rules"
Said = Mapping[str, str]


def good(variables: Said) -> str:
    return "front-desk"


def raising(variables: Said) -> str:
    raise LookupError("no such guest")


def leaving(variables: Said) -> str:
    sys.exit(3)


@contextmanager
def stuck() -> Iterator[Any]:
    """A function that hangs until the test is over, and counts who is inside."""
    over, inside = threading.Event(), []

    def hang(variables: Said) -> str:
        inside.append(threading.current_thread())
        over.wait(30)
        return "front-desk"

    hang.inside = inside  # type: ignore[attr-defined]
    yield hang
    over.set()


def test_votes_come_in_the_order_of_the_names() -> None:
    rules = CodeRules({"b": good, "a": lambda variables: {"reason": variables["intent"]}})
    assert rules.votes({"intent": "billing"}) == (Vote("a", reason="billing"), Vote("b", destination="front-desk"))


@pytest.mark.parametrize("faulty", [raising, leaving, lambda v: 7, lambda v: ["a"], lambda v: {"reason": 7}])
def test_a_faulty_rule_is_no_opinion_and_the_others_count(faulty: Any) -> None:
    rules = CodeRules({"a": faulty, "b": good})
    for _ in range(10):
        assert rules.votes({}) == (Vote("b", destination="front-desk"),)
    assert rules.switched_off == []


def test_a_slow_rule_costs_no_more_than_the_budget() -> None:
    with stuck() as hang:
        rules = CodeRules({"slow": hang, "good": good}, budget_seconds=0.2)
        began = monotonic()
        assert rules.votes({}) == (Vote("good", destination="front-desk"),)
        assert monotonic() - began < 2


def test_a_rule_that_is_slow_again_and_again_is_switched_off() -> None:
    with stuck() as hang:
        rules = CodeRules({"slow": hang, "good": good}, budget_seconds=0.4)
        for _ in range(TIME_OUTS_UNTIL_OFF):
            rules.votes({})
        assert rules.switched_off == ["slow"]
        began = monotonic()
        for _ in range(50):
            assert rules.votes({}) == (Vote("good", destination="front-desk"),)
        assert monotonic() - began < 2
        assert len(hang.inside) == TIME_OUTS_UNTIL_OFF


def test_a_single_slow_answer_is_forgiven() -> None:
    slow = threading.Event()

    def sometimes(variables: Said) -> str:
        if variables.get("slow"):
            slow.wait(30)
        return "front-desk"

    rules = CodeRules({"sometimes": sometimes}, budget_seconds=0.2)
    for _ in range(2 * TIME_OUTS_UNTIL_OFF):
        rules.votes({"slow": "yes"} if not slow.is_set() else {})
        slow.set()
        assert rules.votes({}) == (Vote("sometimes", destination="front-desk"),)
    assert rules.switched_off == []


def test_a_hanging_rule_holds_no_more_threads_than_its_own() -> None:
    with stuck() as hang:
        rules = CodeRules({"slow": hang, "good": good}, budget_seconds=0.2)
        callers = [threading.Thread(target=rules.votes, args=({},)) for _ in range(4 * MOST_AT_ONCE)]
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join(20)
        assert len(hang.inside) <= MOST_AT_ONCE
        assert rules.votes({}) == (Vote("good", destination="front-desk"),)


def test_a_rule_changes_nothing_for_the_others() -> None:
    def meddling(variables: Any) -> None:
        variables.clear()

    rules = CodeRules({"a": meddling, "b": lambda variables: variables.get("intent")})
    assert rules.votes({"intent": "front-desk"}) == (Vote("b", destination="front-desk"),)


def test_a_vote_is_cleaned_and_may_not_say_what_only_twilio_says() -> None:
    answer = {
        "destination": "desk", "reason": "a\r\nb\u202e", "utterance": "x" * 5000,
        "set": {"room": 7, "caller_id": "+19005550199", "sip_x_a": "1", "attempt": "9", "No name": "x", 4: "x"},
    }  # fmt: skip
    vote = read_vote("code", answer)
    assert vote is not None
    assert (vote.reason, len(vote.utterance or ""), vote.set) == ("ab", 1000, {"room": "7"})


@pytest.mark.parametrize(
    "function", [raising, leaving, lambda v: "nowhere", lambda v: 7, lambda v: {"utterance": "x" * 9_999}]
)
def test_no_faulty_rule_loses_a_call(redis_url: str, tmp_path: Path, function: Any) -> None:
    assert path_of_a_call(redis_url, tmp_path, CodeRules({"faulty": function})) == [("+14155550100",)]


def test_a_hanging_rule_loses_no_call(redis_url: str, tmp_path: Path) -> None:
    with stuck() as hang:
        assert path_of_a_call(redis_url, tmp_path, CodeRules({"hang": hang}, 0.05)) == [("+14155550100",)]


def test_a_vote_decides_a_call_and_is_stored_with_it(redis_url: str, tmp_path: Path) -> None:
    rules = CodeRules({"to_billing": lambda variables: {"destination": "billing", "reason": "said_so"}})
    assert path_of_a_call(redis_url, tmp_path, rules) == [("sip:billing@pbx.example.com;transport=tls",)]


class SlowText:
    """A value whose text takes its time, or ends the thread."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def __str__(self) -> str:
        if not self.seconds:
            raise SystemExit
        threading.Event().wait(self.seconds)
        return "late"


@pytest.mark.parametrize("seconds", [0, 30])
def test_an_answer_with_code_in_it_costs_no_more_than_the_budget(seconds: float) -> None:
    rules = CodeRules({"a": lambda variables: {"set": {"room": SlowText(seconds)}}, "b": good}, 0.2)
    began = monotonic()
    assert rules.votes({}) == (Vote("b", destination="front-desk"),)
    assert monotonic() - began < 2


def test_before_a_menu_no_code_rule_is_asked(redis_url: str, tmp_path: Path) -> None:
    menu = {"kind": "menu", "prompt": "Press 1.", "choices": {"1": {"intent": "billing"}}}
    asked: list[Said] = []
    with Application(redis_url, tmp_path, DOCUMENT | {"intake": menu}) as application:
        services = replace(application.services, code_rules=CodeRules({"listening": asked.append}))
        twilio = Twilio(WsgiTransport(create_app(application.settings, services)), ACCOUNT_SID, AUTH_TOKEN, BASE_URL)
        twilio.place_call(Call(digits=("1",))).require()
    assert [variables.get("intent") for variables in asked] == ["billing"]


def path_of_a_call(redis_url: str, directory: Path, rules: Votes) -> list[tuple[str, ...]]:
    with Application(redis_url, directory) as application:
        app = create_app(application.settings, replace(application.services, code_rules=rules))
        twilio = Twilio(WsgiTransport(app), ACCOUNT_SID, AUTH_TOKEN, BASE_URL)
        return twilio.place_call(Call(to="+14155550177")).require().path


def test_the_example_package_is_found_by_its_entry_points(tmp_path: Path) -> None:
    """Installed the way that pip does it: a directory with the metadata beside the package."""
    project = tomllib.loads((EXAMPLE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    info = tmp_path / "example_hotel_rules-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n")
    points = project["entry-points"]["handoff.rules"].items()
    (info / "entry_points.txt").write_text("[handoff.rules]\n" + "".join(f"{name} = {at}\n" for name, at in points))
    told = {"customer_id": "C-1042", "intent": "booking", "caller_id": "+12125550123"}
    program = f"from webapp.voice.code_rules import CodeRules; print(CodeRules.installed().votes({told!r}))"
    path = os.pathsep.join(map(str, (tmp_path, EXAMPLE, PROJECT)))
    asked = subprocess.run([sys.executable, "-c", program], env=os.environ | {"PYTHONPATH": path}, capture_output=True,
                           text=True, check=True)  # fmt: skip
    assert "reason='suite_guest'" in asked.stdout
    assert "source='round_the_desks'" in asked.stdout


def test_a_rule_that_hangs_does_not_keep_the_process_from_ending(tmp_path: Path) -> None:
    program = (
        "import threading; from webapp.voice.code_rules import CodeRules\n"
        "print(CodeRules({'hang': lambda v: threading.Event().wait()}, 0.05).votes({}))"
    )
    ended = subprocess.run([sys.executable, "-c", program], env=os.environ | {"PYTHONPATH": str(PROJECT)},
                           capture_output=True, text=True, timeout=60, check=False)  # fmt: skip
    assert ended.returncode == 0, ended.stderr
