"""A code rule whose answer, module or threads are hostile: no call is lost, and no server stays away."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, NoReturn

import pytest

from handoff_rules.facts import Vote
from tests.application import DOCUMENT
from webapp.configurations.published import publish
from webapp.simulator import AS_CONFIGURED, SimulatedCall, simulate
from webapp.voice.code_rules import CodeRules, read_vote
from webapp.voice.variables import LONGEST_VALUE

PROJECT = Path(__file__).resolve().parents[2]


class Trap(str):
    """A text with code of its own, which would run where the call is answered."""

    def __hash__(self) -> int:
        raise RuntimeError("never asked")

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("never asked")

    def __str__(self) -> str:
        return self


@pytest.mark.parametrize("answer", [Trap("front-desk"), {"destination": Trap("front-desk")}, {"reason": Trap("why")}])
def test_a_text_with_code_in_it_costs_no_call(answer: Any) -> None:
    rules = CodeRules({"trap": lambda variables: answer})
    call = SimulatedCall("+12125550123", "+14155550177")
    assert simulate(publish(DOCUMENT), call, environment=AS_CONFIGURED, code_rules=rules).path == ("front-desk",)


def test_names_and_values_that_a_vote_sets_are_plain_texts() -> None:
    class Name(str):
        """Hashes like any other text, and still is not one."""

    vote = read_vote("code", {"set": {Name("room"): Name("7")}})
    assert vote is not None
    assert [(type(name), type(value)) for name, value in vote.set.items()] == [(str, str)]


def test_a_bare_destination_is_cleaned_and_cut_like_any_other_text() -> None:
    vote = read_vote("code", "front-desk\r\n\ud800" + "x" * 10_000)
    assert vote is not None
    assert vote.destination is not None
    assert vote.destination.startswith("front-deskx")
    assert len(vote.destination) == LONGEST_VALUE


def test_a_variable_that_is_none_is_left_alone() -> None:
    assert read_vote("code", {"reason": "why", "set": {"room": None}}) == Vote("code", reason="why")


def test_a_key_that_says_nothing_is_a_faulty_answer_and_not_an_empty_one() -> None:
    with pytest.raises(TypeError, match="a key that says nothing"):
        read_vote("code", {"destinaton": "front-desk"})


def test_where_the_system_gives_no_thread_a_code_rule_has_no_opinion(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: threading.Thread) -> NoReturn:
        raise RuntimeError("can't start new thread")

    rules = CodeRules({"good": lambda variables: "front-desk"}, budget_seconds=10)
    with monkeypatch.context() as full:
        full.setattr(threading.Thread, "start", refuse)
        assert rules.votes({}) == ()
    assert rules.votes({}) == (Vote("good", destination="front-desk"),)


def installed(folder: Path, module: str, *points: str) -> str:
    """What an installation says of the packages in `folder`, in a process of its own."""
    (folder / "odd_rules.py").write_text(module)
    for number, point in enumerate(points):
        info = folder / f"odd_rules_{number}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: odd-rules-{number}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[handoff.rules]\n{point}\n")
    program = "from webapp.voice.code_rules import CodeRules; print('names', list(CodeRules.installed().names))"
    path = os.pathsep.join(map(str, (folder, PROJECT)))
    asked = subprocess.run([sys.executable, "-c", program], env=os.environ | {"PYTHONPATH": path}, text=True,
                           capture_output=True, check=True)  # fmt: skip
    return asked.stdout


def test_a_package_that_ends_the_process_at_its_import_is_left_out(tmp_path: Path) -> None:
    told = installed(tmp_path, "import sys\nsys.exit(5)\n", "odd = odd_rules:rule")
    assert "names []" in told
    assert "code rule cannot be imported" in told


def test_of_two_packages_with_one_name_the_log_tells_which_is_left_out(tmp_path: Path) -> None:
    module = "def one(variables): ...\ndef two(variables): ...\n"
    told = installed(tmp_path, module, "odd = odd_rules:one", "odd = odd_rules:two")
    assert "names ['odd']" in told
    assert "code rule has the name of another" in told


@pytest.mark.parametrize("asked_for", [None, "billing"])
def test_a_simulated_call_asks_a_code_rule_as_often_as_a_real_one(asked_for: str | None) -> None:
    """Not before the menu, as `test_before_a_menu_no_code_rule_is_asked` says of real calls."""
    asked: list[Any] = []
    menu = {"kind": "menu", "prompt": "Press 1.", "choices": {"1": {"intent": "billing"}}}
    call = SimulatedCall("+12125550123", "+14155550177", digits="1", asked_for=asked_for)
    rules = CodeRules({"listening": asked.append})
    simulate(publish(DOCUMENT | {"intake": menu}), call, environment=AS_CONFIGURED, code_rules=rules)
    assert len(asked) == 1
