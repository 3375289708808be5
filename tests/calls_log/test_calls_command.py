"""`handoff calls` tells what happened to real calls, hides numbers, plays a call again and counts what would move."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests.application import ACCOUNT_SID, AUTH_TOKEN, BASE_URL, DOCUMENT, Application
from tests.redis_server import wait_until
from tests.simulator.terminal import Terminal
from tests.stand_in import Call, Twilio
from tests.stand_in.call import START
from tests.stand_in.far_end import Answer
from tests.stand_in.transport import WsgiTransport
from webapp.calls.reader import CallReader

CALLER = "+12125550123"


@dataclass
class Stage:
    """An application with Twilio before it, and a terminal beside it."""

    application: Application
    twilio: Twilio
    terminal: Terminal
    file: Path

    def play(self, *far_end: str, over: Any = "phone", to: str = "+14155550177", **more: Any) -> str:
        call = Call(from_=CALLER, to=to, over=over, far_end=tuple(Answer(word) for word in far_end), at=START, **more)
        finished = self.twilio.place_call(call)
        reader = CallReader(self.application.services.configurations.store.client)
        wait_until(lambda: (found := reader.get(finished.call_sid)) is not None and found.ends is not None)
        return finished.call_sid

    def edit(self, **parts: Any) -> None:
        """The next version, in the sandbox. The application stands still, so that its log is not in our output."""
        self.application.services.live.stop()
        self.file.write_text(json.dumps(DOCUMENT | parts), encoding="utf-8")
        assert self.terminal.run("config", "import", str(self.file)).exit_code == 0


@pytest.fixture
def stage(redis_url: str, tmp_path: Path) -> Iterator[Stage]:
    with stage_of(redis_url, tmp_path, DOCUMENT) as stage:
        yield stage


@contextmanager
def stage_of(redis_url: str, tmp_path: Path, document: Mapping[str, Any]) -> Iterator[Stage]:
    with Application(redis_url, tmp_path, document) as application:
        application.at = START
        settings = application.settings
        assert settings.secret_key is not None
        terminal = Terminal(
            tmp_path, REDIS_URL=redis_url, SECRET_KEY=settings.secret_key.get_secret_value(),
            HANDOFF_CONFIG=str(tmp_path / "handoff.yaml"),
        )  # fmt: skip
        twilio = Twilio(WsgiTransport(application.app), ACCOUNT_SID, AUTH_TOKEN, BASE_URL)
        yield Stage(application, twilio, terminal, tmp_path / "next.yaml")


def test_calls_are_listed_newest_first_with_where_they_went(stage: Stage) -> None:
    first = stage.play("answered")
    second = stage.play("sip:503", "busy", over="sip", to="+14155550199")
    listed = stage.terminal.ask("calls", "list")["data"]
    assert {call["call_sid"] for call in listed} == {first, second}
    ways = {call["call_sid"]: (call["path"], call["ends"]) for call in listed}
    assert ways == {first: (["front-desk"], "answered"), second: (["billing", "front-desk"], "voicemail")}
    assert "billing → front-desk" in stage.terminal.run("calls", "list").stdout


def test_pages_go_on_where_the_one_before_ended(stage: Stage) -> None:
    sids = {stage.play("answered") for _ in range(5)}
    first = stage.terminal.ask("calls", "list", "--limit", "3")
    rest = stage.terminal.ask("calls", "list", "--limit", "3", "--cursor", first["next_cursor"])
    assert len(first["data"]) == 3
    assert {call["call_sid"] for call in first["data"] + rest["data"]} == sids
    assert rest["next_cursor"] is None


def test_numbers_are_masked_unless_they_are_asked_for(stage: Stage) -> None:
    call_sid = stage.play("busy")
    for arguments in (("list",), ("show", call_sid), ("list", "--json"), ("show", call_sid, "--json")):
        hidden = stage.terminal.run("calls", *arguments).stdout
        assert CALLER not in hidden
        assert CALLER.lstrip("+") not in hidden
        assert CALLER in stage.terminal.run("calls", *arguments, "--reveal").stdout


def test_a_call_is_shown_with_its_timeline_codes_and_reasons(stage: Stage) -> None:
    call_sid = stage.play("sip:503", "answered", over="sip", to="+14155550199")
    said = stage.terminal.run("calls", "show", call_sid).stdout
    assert "Handed off to Billing by SIP REFER" in said
    assert "NotifySipResponseCode 503" in said
    assert "So the rule billing-line sends the call to Billing." in said
    shown = stage.terminal.ask("calls", "show", call_sid)
    assert [attempt["outcome"] for attempt in shown["attempts"]] == ["failed", "answered"]
    assert shown["timeline"][0]["kind"] == "decided"


def test_a_message_is_shown_with_its_length_and_where_it_can_be_heard(stage: Stage) -> None:
    shown = stage.terminal.run("calls", "show", stage.play("sip:503", "busy", over="sip", to="+14155550199")).stdout
    assert re.search(
        r"  A message was recorded, 12 s  .*  https://api\.twilio\.com/\S+/Recordings/RE[0-9a-f]{32}\n", shown
    )


def test_a_handoff_that_never_left_says_why(stage: Stage) -> None:
    needed = {"name": "X-Customer-ID", "value": "$customer_id", "if_missing": "fail"}
    billing = DOCUMENT["destinations"][0] | {"headers": [needed]}
    versions = stage.application.services.configurations.versions
    saved = versions.save(DOCUMENT | {"destinations": [billing, DOCUMENT["destinations"][1]]}, expected=1, author="t")
    versions.promote(saved.version.number, expected_production=1, author="t")
    stage.application.services.live.refresh()
    shown = stage.terminal.run("calls", "show", stage.play("answered", over="sip", to="+14155550199")).stdout
    assert "  Billing could not be reached  [Handoff X-Customer-ID: $customer_id is missing]\n" in shown


def test_a_line_about_the_caller_id_says_what_it_is_about(stage: Stage) -> None:
    call_sid = stage.play("busy", "answered", over="sip", to="+14155550199")
    shown = stage.terminal.run("calls", "show", call_sid).stdout
    assert "  Caller ID: the caller's number may not be shown" in shown


def test_the_call_id_of_a_sip_call_is_shown_as_the_pbx_wrote_it(stage: Stage) -> None:
    call_sid = stage.play("answered", over="sip", to="+14155550199")
    assert "@" in stage.terminal.ask("calls", "show", call_sid)["variables"]["sip_call_id"]


@pytest.mark.parametrize("call_sid", ["CA" + "0" * 32, "nonsense", "CA*"])
def test_a_call_that_is_not_there_is_exit_code_3(stage: Stage, call_sid: str) -> None:
    for verb in ("show", "replay"):
        result = stage.terminal.run("calls", verb, call_sid)
        assert result.exit_code == 3
        assert "There is no call" in result.stderr


def test_a_cursor_that_is_none_is_a_usage_error(stage: Stage) -> None:
    assert stage.terminal.run("calls", "list", "--cursor", "yesterday").exit_code == 2


def test_tail_tells_a_call_when_it_has_ended(stage: Stage) -> None:
    lines: list[str] = []

    def follow() -> None:
        lines.extend(stage.terminal.run("calls", "tail", "--count", "1", "--json").stdout.splitlines())

    before = stage.play("answered")
    following = threading.Thread(target=follow)
    following.start()
    played = set()
    while following.is_alive() and len(played) < 200:
        played.add(stage.play("busy"))
        following.join(0.05)
    following.join(20)
    told = json.loads(lines[0])
    assert told["call_sid"] in played
    assert told["call_sid"] != before


@pytest.mark.parametrize(
    ("far_end", "over", "to"),
    [
        (("answered",), "phone", "+14155550177"),
        (("busy",), "phone", "+14155550177"),
        (("sip:503", "busy"), "sip", "+14155550199"),
        (("unconfirmed",), "sip", "+14155550199"),
        (("referred",), "sip", "+14155550199"),
        (("caller_hung_up",), "phone", "+14155550199"),
    ],
)
def test_a_replay_against_the_same_version_goes_the_same_way(
    stage: Stage, far_end: tuple[str, ...], over: str, to: str
) -> None:
    call_sid = stage.play(*far_end, over=over, to=to)
    result = stage.terminal.run("calls", "replay", call_sid, "--version", "production")
    assert result.exit_code == 0, result.output
    assert "It goes the same way as it went." in result.stdout


def test_a_replay_says_what_another_version_would_do(stage: Stage) -> None:
    call_sid = stage.play("busy")
    porter = {"id": "porter", "name": "Porter", "method": "INVITE", "route": "+14155550101"}
    desk = DOCUMENT["destinations"][1] | {"fallback": [{"destination": "porter"}]}
    stage.edit(destinations=[DOCUMENT["destinations"][0], desk, porter])
    result = stage.terminal.run("calls", "replay", call_sid)
    assert result.exit_code == 1
    assert "path: then front-desk, now front-desk → porter" in result.stdout
    assert "ends: then message, now answered" in result.stdout


def test_a_real_call_becomes_a_saved_test_of_the_sandbox(stage: Stage) -> None:
    call_sid = stage.play("sip:503", "busy", over="sip", to="+14155550199", sip_headers={"X-Customer-ID": "C-9"})
    assert stage.terminal.run("calls", "replay", call_sid, "--save").exit_code == 0
    tests = stage.terminal.ask("config", "export", "--version", "sandbox")["tests"]
    assert [test["expect"]["path"] for test in tests] == [["billing", "front-desk"]]
    assert tests[0]["call"]["variables"]["sip_x_customer_id"] == "C-9"
    assert stage.terminal.run("test", "--version", "sandbox").exit_code == 0


def test_the_impact_of_a_version_counts_the_calls_that_would_move(stage: Stage) -> None:
    stage.application.at = None
    moving = [stage.play("answered", over="sip", to="+14155550199") for _ in range(3)]
    for _ in range(4):
        stage.play("busy")
    rule = DOCUMENT["rules"][0] | {"destination": "front-desk"}
    stage.edit(rules=[rule])
    said = stage.terminal.run("calls", "impact").stdout
    assert said.splitlines()[0] == "3 of 7 would go somewhere else."
    assert "billing (referred)  ⇒  front-desk (answered)" in said
    found = stage.terminal.ask("calls", "impact")
    assert {moved["call_sid"] for moved in found["moved"]} == set(moving)
    assert stage.terminal.run("calls", "impact", "--after", "production").stdout == "0 of 7 would go somewhere else.\n"


def test_the_impact_tells_the_numbers_when_a_destination_has_only_moved_to_another_one(stage: Stage) -> None:
    stage.application.at = None
    stage.play("busy", "answered", over="phone")
    front_desk = DOCUMENT["destinations"][1] | {"route": "+14155550177"}
    stage.edit(destinations=[DOCUMENT["destinations"][0], front_desk])
    said = stage.terminal.run("calls", "impact").stdout
    assert "front-desk (message) at +14155550100  ⇒  +14155550177" in said


def test_a_secret_is_replayed_by_what_its_conditions_said(redis_url: str, tmp_path: Path) -> None:
    """The value was never stored, and still the rule that asked for it decides the same."""
    rule = {"id": "card", "name": "Card", "when": {"variable": "sip_x_card", "is": "4242"}, "destination": "billing"}
    document = DOCUMENT | {"variables": {"sip_x_card": {"secret": True}}, "rules": [rule]}
    with Application(redis_url, tmp_path, document) as application:
        twilio = Twilio(WsgiTransport(application.app), ACCOUNT_SID, AUTH_TOKEN, BASE_URL)
        call = replace(Call(over="sip", far_end=(Answer("referred"),)), sip_headers={"X-Card": "4242"})
        call_sid = twilio.place_call(call).call_sid
        reader = CallReader(application.services.configurations.store.client)
        wait_until(lambda: (found := reader.get(call_sid)) is not None and found.ends is not None)
        assert application.settings.secret_key is not None
        key = application.settings.secret_key.get_secret_value()
        terminal = Terminal(tmp_path, REDIS_URL=redis_url, SECRET_KEY=key)
        result = terminal.run("calls", "replay", call_sid, "--version", "production")
        assert result.exit_code == 0, result.output
        assert "4242" not in terminal.run("calls", "show", call_sid, "--reveal").stdout.replace(call_sid, "")
        kept = terminal.run("calls", "replay", call_sid, "--save")
        assert kept.exit_code == 1
        assert "Not saved" in kept.stderr
        assert terminal.ask("config", "export", "--version", "sandbox").get("tests", []) == []
