"""Every command about configuration, versions, tokens and calls does the same here and on a server elsewhere."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from tests.application import DOCUMENT
from tests.installation.conftest import FAILING, SAVED_TEST, Edit, Sides

PORTER = {"id": "porter", "name": "Porter", "method": "INVITE", "route": "+14155550101"}
WITH_PORTER = [*DOCUMENT["destinations"], PORTER]


def test_versions_are_listed_the_same(sides: Sides, edit: Edit) -> None:
    for name in ("One", "Two", "Three"):
        edit(name=name)
    assert "v2" in sides.same("versions").stdout
    sides.same("versions", "--json")
    sides.same("versions", "--limit", "2", "--json")
    sides.same("versions", "--limit", "2", "--before", "3", "--json")


def test_a_difference_is_told_the_same(sides: Sides, edit: Edit) -> None:
    edit(destinations=WITH_PORTER)
    assert "Porter" in sides.same("diff").stdout
    sides.same("diff", "--yaml")
    sides.same("diff", "1", "sandbox", "--json")


@pytest.mark.parametrize(("part", "identity"), [("destinations", "billing"), ("rules", "billing-line")])
def test_named_things_are_listed_and_shown_the_same(sides: Sides, part: str, identity: str) -> None:
    assert identity in sides.same(part, "list").stdout
    sides.same(part, "list", "--version", "1", "--json")
    sides.same(part, "show", identity)
    assert sides.same(part, "show", "nobody").exit_code == 3


def test_an_export_is_the_same_file(sides: Sides) -> None:
    assert sides.same("config", "export").stdout.startswith("# yaml-language-server")
    assert json.loads(sides.same("config", "export", "--version", "1", "--json").stdout)["name"] == "Example Hotel"


def test_a_server_takes_a_file_as_a_new_version_by_the_tokens_name(sides: Sides) -> None:
    file = sides.file(DOCUMENT | {"tests": [SAVED_TEST], "name": "From elsewhere"})
    saved = sides.remote.ask("config", "import", file, "-m", "Over HTTP")
    newest = sides.local.ask("versions", "--limit", "1")["data"][0]
    assert (newest["version"], newest["note"]) == (saved["version"], "Over HTTP")
    assert newest["author"].startswith("elsewhere (API token hf_production_")


def test_a_dry_run_on_a_server_saves_nothing(sides: Sides) -> None:
    before = sides.local.ask("versions", "--limit", "1")
    answer = sides.remote.run("config", "import", sides.file(DOCUMENT), "--dry-run")
    assert "Nothing was changed" in answer.stderr
    assert sides.local.ask("versions", "--limit", "1") == before


def test_a_file_that_the_sandbox_holds_makes_no_version_on_either_side(sides: Sides, edit: Edit) -> None:
    newest = edit(name="Held")
    file = sides.file(DOCUMENT | {"tests": [SAVED_TEST], "name": "Held"})
    answer = sides.same("config", "import", file)
    assert answer.stdout == f"The sandbox holds just this already. Nothing was changed: it is version {newest}.\n"
    assert "holds just this already" in sides.same("config", "import", file, "--dry-run").stderr
    assert json.loads(sides.same("config", "import", file, "--json").stdout)["unchanged"] is True
    assert sides.local.ask("versions", "--limit", "1")["data"][0]["version"] == newest


def test_a_file_made_from_an_older_version_is_a_conflict_on_both_sides(sides: Sides, edit: Edit) -> None:
    older = str(edit(name="Older"))
    edit(name="Newer")
    for more in ((), ("--dry-run",)):
        answer = sides.same("config", "import", sides.file(DOCUMENT), "--expected", older, *more)
        assert answer.exit_code == 4
        assert "Compare both" in answer.stderr


def test_a_version_that_never_was_is_not_found_on_both_sides(sides: Sides) -> None:
    file = sides.file(DOCUMENT)
    asked = ("diff 1 9999", "promote 9999", "rollback 9999", "config export --version 9999")
    for arguments in (*(line.split() for line in asked), ["config", "import", file, "--expected", "9999"]):
        answer = sides.same(*arguments)
        assert (answer.exit_code, "There is no version 9999" in answer.stderr) == (3, True), answer.output


def test_faults_of_a_file_come_with_place_and_fix_from_a_server_too(sides: Sides) -> None:
    faulty = sides.file(DOCUMENT | {"default_destination": "nobody"})
    here, there = sides.local.run("config", "import", faulty), sides.remote.run("config", "import", faulty)
    assert here.exit_code == there.exit_code == 1
    assert "error: default_destination: " in there.stderr
    assert [line for line in here.stderr.splitlines() if line.startswith("error")] == [
        line for line in there.stderr.splitlines() if line.startswith("error")
    ]


def test_tokens_are_made_listed_and_revoked_on_a_server(sides: Sides) -> None:
    made = sides.remote.ask("tokens", "create", "made elsewhere", "--role", "viewer")
    assert made["token"].startswith("hf_sandbox_")
    listed = {one["id"] for one in sides.remote.ask("tokens", "list")}
    assert listed == {one["id"] for one in sides.local.ask("tokens", "list")}
    assert made["id"] in listed
    assert sides.remote.ask("tokens", "revoke", "made elsewhere") == {"id": made["id"], "everywhere": True}
    assert sides.remote.run("tokens", "revoke", "made elsewhere").exit_code == 3


@pytest.mark.parametrize("name", ["", "a\nb", " ", "x" * 81])
def test_a_name_that_is_none_makes_no_token_on_either_side(sides: Sides, name: str) -> None:
    before = sides.local.ask("tokens", "list")
    assert sides.same("tokens", "create", name).exit_code == 1
    assert len(sides.local.ask("tokens", "list")) == len(before)


def test_a_name_of_two_tokens_names_their_ids_on_both_sides(sides: Sides) -> None:
    ids = [sides.local.ask("tokens", "create", "twin")["id"] for _ in range(2)]
    answer = sides.same("tokens", "revoke", "twin")
    assert answer.exit_code == 4
    assert f"2 tokens have this name: {', '.join(sorted(ids))}" in answer.stderr


def test_the_deployment_document_is_shown_and_set_on_both_sides(sides: Sides) -> None:
    assert sides.local.run("deployment", "set", "--number", "+14155550199=sandbox", "--sandbox-phone", "+12125550123",
                           "-m", "Try it").exit_code == 0  # fmt: skip
    assert sides.remote.run("deployment", "set", "--test-caller", "+12125550199", "--caller-id", "+14155550199",
                            "+14155550177").exit_code == 0  # fmt: skip
    assert json.loads(sides.same("deployment", "show", "--json").stdout) == {
        "numbers": {"+14155550199": {"environment": "sandbox", "caller_id": "+14155550177"}},
        "test_callers": ["+12125550199"],
        "sandbox_phone": "+12125550123",
    }
    assert sides.remote.run("deployment", "set", "--number", "+14155550199=none", "--no-test-caller", "+12125550199",
                            "--sandbox-phone", "none").exit_code == 0  # fmt: skip
    assert sides.same("deployment", "show").stdout == ""


def test_a_number_that_is_a_route_already_is_told_when_it_is_entered(sides: Sides) -> None:
    for terminal in (sides.local, sides.remote):
        answer = terminal.run("deployment", "set", "--number", "+14155550100=production")
        assert answer.exit_code == 0
        assert "warning: numbers: In sandbox and production, Front desk: +14155550100 is a number" in answer.stderr


def test_a_deployment_file_replaces_the_whole_document(sides: Sides) -> None:
    sides.local.run("deployment", "set", "--test-caller", "+12125550199")
    file = sides.file("default_caller_id: +14155550177\n", "deployment.yaml")
    for terminal in (sides.local, sides.remote):
        assert terminal.run("deployment", "set", "--file", file).exit_code == 0
        assert terminal.ask("deployment", "show") == {"default_caller_id": "+14155550177"}


def test_a_faulty_deployment_file_changes_nothing_and_names_its_places(sides: Sides) -> None:
    before = sides.local.ask("deployment", "show")
    answer = sides.same("deployment", "set", "--file", sides.file("sandbox_phone: '5550100'\ncolour: red\n", "d.yaml"))
    assert answer.exit_code == 1
    assert "There is no key “colour” here." in answer.stderr
    assert "“5550100” is not a number in E.164. Write it as +14155550100." in answer.stderr
    assert sides.local.ask("deployment", "show") == before


def test_calls_are_listed_and_shown_the_same(sides: Sides) -> None:
    call_sid = sides.play("sip:503", "answered", over="sip", to="+14155550199")
    assert call_sid in sides.same("calls", "list").stdout
    sides.same("calls", "list", "--json", "--reveal")
    said = sides.same("calls", "show", call_sid).stdout
    assert "Handed off to Billing by SIP REFER" in said
    assert "So the rule billing-line sends the call to Billing." in said
    assert "+12125550123" not in said
    sides.same("calls", "show", call_sid, "--json", "--reveal")


def test_pages_of_calls_go_on_the_same(sides: Sides) -> None:
    for _ in range(3):
        sides.play("answered")
    first = json.loads(sides.same("calls", "list", "--limit", "2", "--json").stdout)
    assert len(first["data"]) == 2
    sides.same("calls", "list", "--limit", "1", "--cursor", first["next_cursor"], "--json")


def test_a_call_that_is_not_there_is_not_found_on_both_sides(sides: Sides) -> None:
    assert sides.same("calls", "show", "CA" + "0" * 32).exit_code == 3
    assert sides.same("calls", "show", "nonsense").exit_code == 3
    assert sides.same("calls", "list", "--cursor", "yesterday").exit_code == 2


WORKDAY = ("--at", "2026-11-20T15:00:00Z")
TO_THE_DESK = (*WORKDAY, "--to", "+14155550177")
"""No rule speaks of this number, so the default destination takes its calls."""


def test_a_call_is_simulated_the_same_on_both_sides(sides: Sides, edit: Edit) -> None:
    edit()
    call = (*WORKDAY, "--over", "sip", "--to", "+14155550199", "--var", "sip_x_customer_id=C-1", "--far-end", "sip:503")
    said = sides.same("simulate", *call, "--twiml").stdout
    assert said.startswith("Answered by Front desk. First it rang Billing.")
    assert "header X-Customer-ID: C-1" in said
    sides.same("simulate", *call, "--json")
    sides.same("simulate", *call, "--version", "1", "--json")


def test_a_file_is_simulated_on_a_server_without_being_saved(sides: Sides) -> None:
    file = sides.file(DOCUMENT | {"destinations": WITH_PORTER, "default_destination": "porter"})
    before = sides.local.ask("versions", "--limit", "1")
    assert json.loads(sides.same("simulate", *TO_THE_DESK, "--file", file, "--json").stdout)["path"] == ["porter"]
    assert sides.local.ask("versions", "--limit", "1") == before


def test_what_was_passed_over_is_told_by_a_server_too(sides: Sides, edit: Edit) -> None:
    desk = DOCUMENT["destinations"][1] | {"fallback": [{"destination": "porter"}]}
    shut = PORTER | {"hours": "never"}
    hours = [{"id": "never", "name": "Never", "weekly": {"mon": ["09:00-10:00"]}}]
    edit(destinations=[DOCUMENT["destinations"][0], desk, shut], hours=hours)
    assert "Porter was passed over" in sides.same("simulate", *TO_THE_DESK, "--far-end", "busy").stdout


def test_saved_tests_are_run_the_same_on_both_sides(sides: Sides, edit: Edit) -> None:
    edit()
    assert "1 saved tests: 1 passed, 0 failed" in sides.same("test").stdout
    edit(tests=[FAILING])
    report = sides.folder / "report.xml"
    failed = sides.same("test", "--junit", str(report))
    assert failed.exit_code == 1
    assert "ends: expected voicemail, got answered" in failed.stdout
    assert "ends: expected voicemail" in report.read_text()
    sides.same("test", "--json")


def test_a_stored_call_is_played_again_the_same_on_both_sides(sides: Sides, edit: Edit) -> None:
    edit()
    call_sid = sides.play("busy", to="+14155550177")
    assert "It goes the same way as it went." in sides.same("calls", "replay", call_sid, "--version", "1").stdout
    edit(destinations=[DOCUMENT["destinations"][0], DOCUMENT["destinations"][1] | {"fallback": [
        {"destination": "porter"}]}, PORTER])  # fmt: skip
    moved = sides.same("calls", "replay", call_sid)
    assert moved.exit_code == 1
    assert "path: then front-desk, now front-desk → porter" in moved.stdout
    sides.same("calls", "replay", call_sid, "--json")


def test_a_server_keeps_a_stored_call_as_a_saved_test(sides: Sides, edit: Edit) -> None:
    edit(tests=[])
    call_sid = sides.play("busy", to="+14155550177")
    assert sides.remote.run("calls", "replay", call_sid, "--save").exit_code == 0
    tests = sides.local.ask("config", "export")["tests"]
    assert [test["expect"]["path"] for test in tests] == [["front-desk"]]
    assert sides.remote.run("test").exit_code == 0


def test_a_test_that_is_there_already_is_not_saved_again_on_either_side(sides: Sides, edit: Edit) -> None:
    edit(tests=[])
    call_sid = sides.play("busy", to="+14155550177")
    assert sides.local.run("calls", "replay", call_sid, "--save").exit_code == 0
    before = sides.local.ask("versions", "--limit", "1")
    name = sides.local.ask("config", "export")["tests"][0]["name"]
    answer = sides.same("calls", "replay", call_sid, "--save")
    assert answer.exit_code == 0
    assert f"This test is there already, as “{name}”." in answer.stderr
    assert sides.local.ask("versions", "--limit", "1") == before


def test_the_impact_of_a_version_is_the_same_on_both_sides(sides: Sides, edit: Edit) -> None:
    edit()
    sides.play("answered", over="sip", to="+14155550199", at=datetime.now(UTC))
    edit(rules=[DOCUMENT["rules"][0] | {"destination": "front-desk"}])
    said = sides.same("calls", "impact").stdout
    assert "  ⇒  front-desk (answered)" in said  # what was before is what the tests before this one promoted
    sides.same("calls", "impact", "--json")


def test_a_call_that_is_not_there_is_not_replayed_on_either_side(sides: Sides) -> None:
    assert sides.same("calls", "replay", "CA" + "0" * 32).exit_code == 3


def test_a_call_on_a_server_is_told_by_tail_when_it_has_ended(sides: Sides) -> None:
    command = [sys.executable, "-m", "webapp.cli", "calls", "tail", "--count", "1", "--json"]
    environment = {"PATH": os.environ["PATH"], **sides.remote.environment}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as following:
        assert following.stdout is not None
        assert following.stderr is not None
        assert b"Waiting for calls" in following.stderr.readline()
        played: set[str] = set()
        while following.poll() is None and len(played) < 200:
            played.add(sides.play("busy"))
        lines = following.stdout.readlines()
    assert json.loads(lines[0])["call_sid"] in played
