"""The commands that script a configuration: their data, their words and their exit codes, on a real Redis."""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result
from pydantic import SecretStr

from tests.configurations.conftest import Server, server, shared_server  # noqa: F401  # the same fixtures
from webapp.configurations.assembly import open_history
from webapp.settings import Settings

FILE = """
schema: 1
name: Example Hotel
default_destination: front-desk
destinations:
  - {id: front-desk, name: Front desk, method: INVITE, route: +14155550100}
rules:
  - {id: night, name: Night, when: {hours: desk, is: closed}, destination: front-desk}
hours:
  - {id: desk, name: Desk, weekly: {mon-sun: ["08:00-20:00"]}}
"""
Handoff = Callable[..., Result]


@pytest.fixture
def handoff(server: Server, tmp_path: Path) -> Handoff:  # noqa: F811
    (tmp_path / "handoff.yaml").write_text(FILE)
    environment = {
        "REDIS_URL": server.url,
        "HANDOFF_DATA_DIR": str(tmp_path / "var"),
        "HANDOFF_CONFIG": str(tmp_path / "handoff.yaml"),
        "SECRET_KEY": "a-secret-key-of-the-tests-long-enough",
        "LOG_LEVEL": "ERROR",
    }

    def run(name: str, *arguments: str) -> Result:
        command = getattr(importlib.import_module(f"webapp.commands.{name}"), f"{name}_command")
        answer = CliRunner().invoke(command, arguments, env=environment, catch_exceptions=False)
        print(name, *arguments, answer.exit_code, answer.output)
        return answer

    return run


def changed(tmp_path: Path, content: str = FILE.replace("+14155550100", "+14155550199")) -> str:
    file = tmp_path / "changed.yaml"
    file.write_text(content)
    return str(file)


def test_a_change_goes_from_file_to_sandbox_to_production_and_back(handoff: Handoff, tmp_path: Path) -> None:
    assert "version 1 of sandbox and production" in handoff("release").stdout
    assert handoff("config", "import", changed(tmp_path), "-m", "New number").stdout.startswith("Saved as version 2")
    assert "Front desk" in handoff("diff").stdout
    assert handoff("promote").stdout.startswith("Version 2 is in production")
    assert handoff("rollback").stdout.startswith("Version 1 is in production again")
    assert handoff("promote", "1").stdout == "Version 1 is in production already.\n"
    listed = json.loads(handoff("versions", "--json").stdout)
    assert [(row["version"], row["environments"], row["note"]) for row in listed["data"]] == [
        (2, ["sandbox"], "New number"),
        (1, ["production"], "Shipped with the application as handoff.yaml"),
    ]
    assert handoff("release").stdout.startswith("handoff.yaml did not change")


def test_a_schedule_is_shown_with_what_it_says_now_and_on_the_next_fourteen_days(handoff: Handoff) -> None:
    handoff("release")
    shown = handoff("hours", "show", "desk").stdout
    assert re.match(r"# (Open now, until|Closed now. It opens next on) [A-Z][a-z]{2} 20..-..-.. (20|08):00\.", shown)
    assert "# As text: Mo-Su 08:00-20:00\n" in shown
    assert len(re.findall(r"^#   [A-Z][a-z]{2} 20..-..-..  08:00-20:00$", shown, re.MULTILINE)) == 14
    assert yaml.safe_load(shown)["id"] == "desk"


def test_the_state_of_a_schedule_is_there_for_programs_too(handoff: Handoff) -> None:
    handoff("release")
    shown = json.loads(handoff("hours", "show", "desk", "--json").stdout)
    state = shown["state"]
    assert shown["text"] == "Mo-Su 08:00-20:00"
    assert {day["open"][0] for day in state["days"]} == {"08:00-20:00"}
    assert (type(state["open"]), len(state["days"])) == (bool, 14)


def test_a_schedule_whose_public_holidays_nobody_knows_says_so_beside_its_state(
    handoff: Handoff, tmp_path: Path
) -> None:
    (tmp_path / "handoff.yaml").write_text(FILE.replace('"]}}', '"]}, holidays: {country: BV}}'))
    handoff("release")
    warning = re.compile(r"No public holidays of BV are known for 20.. and 20.., so none of them closes Desk\. Add")
    assert re.search(rf"^# {warning.pattern}", handoff("hours", "show", "desk").stdout, re.MULTILINE)
    (told,) = json.loads(handoff("hours", "show", "desk", "--json").stdout)["state"]["warnings"]
    assert warning.match(told)


def test_the_command_line_rolls_back_to_no_version_that_never_was_in_production(
    handoff: Handoff, tmp_path: Path
) -> None:
    handoff("release")
    handoff("config", "import", changed(tmp_path))
    refused = handoff("rollback", "2")
    assert refused.exit_code == 4
    assert "Version 2 was never in production" in refused.stderr


def test_before_the_first_release_commands_say_what_to_do_and_exit_with_3(handoff: Handoff) -> None:
    answer = handoff("versions")
    assert (answer.exit_code, answer.stdout) == (3, "")
    assert "handoff release" in answer.stderr


def test_a_stale_import_exits_with_4(handoff: Handoff, tmp_path: Path) -> None:
    handoff("release")
    handoff("config", "import", changed(tmp_path))
    answer = handoff("config", "import", changed(tmp_path), "--expected", "1")
    assert (answer.exit_code, answer.stdout) == (4, "")
    assert "Compare both" in answer.stderr


def test_a_promote_that_expects_another_production_exits_with_4(handoff: Handoff) -> None:
    handoff("release")
    assert handoff("promote", "1", "--expected-production", "1").exit_code == 0
    assert handoff("promote", "7").exit_code == 3


def test_validate_shows_every_problem_with_its_path_and_exits_with_1(handoff: Handoff, tmp_path: Path) -> None:
    faulty = FILE.replace("destination: front-desk}", "destination: nobody}").replace("is: closed", "is: shut")
    answer = handoff("config", "validate", changed(tmp_path, faulty), "--json")
    assert answer.exit_code == 1
    paths = {problem["path"] for problem in json.loads(answer.stdout)["problems"]}
    assert {"rules/0/when/is", "rules/0/destination"} <= paths
    assert handoff("config", "validate", changed(tmp_path, "a: [")).exit_code == 1
    assert handoff("config", "validate", changed(tmp_path)).exit_code == 0


def test_a_file_of_any_size_is_refused_by_validate_and_import_in_the_same_words(
    handoff: Handoff, tmp_path: Path
) -> None:
    """A sparse file of a terabyte: whoever takes all of it into memory first runs out of it."""
    handoff("release")
    for name, size in (("longer.yaml", 2 * 1024 * 1024 + 1), ("endless.json", 1 << 40)):
        with (tmp_path / name).open("wb") as file:
            file.truncate(size)
        said = f"The document has {size:,} bytes; 2,097,152 are read. Split or shorten it.\n"
        for verb in ("validate", "import"):
            answer = handoff("config", verb, str(tmp_path / name))
            assert (answer.exit_code, answer.stdout, answer.stderr) == (1, "", said)


def test_an_export_is_imported_without_a_difference(handoff: Handoff, tmp_path: Path) -> None:
    handoff("release")
    exported = handoff("config", "export").stdout
    handoff("config", "import", changed(tmp_path))
    assert handoff("config", "import", changed(tmp_path, exported)).stdout.startswith("Saved as version 3")
    assert (handoff("diff", "1", "3").exit_code, handoff("diff", "1", "3").stdout) == (0, "")
    assert handoff("config", "export").stdout == exported


def test_an_export_to_a_dash_is_the_export_on_stdout(
    handoff: Handoff, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    handoff("release")
    monkeypatch.chdir(tmp_path)
    answer = handoff("config", "export", "-o", "-")
    assert (answer.stdout, answer.stderr) == (handoff("config", "export").stdout, "")
    assert not (tmp_path / "-").exists()


def test_a_dry_run_saves_nothing(handoff: Handoff, tmp_path: Path) -> None:
    handoff("release")
    assert "Nothing was changed" in handoff("config", "import", changed(tmp_path), "--dry-run").stderr
    assert len(json.loads(handoff("versions", "--json").stdout)["data"]) == 1


def test_polyais_file_is_imported_with_its_report_on_stderr(handoff: Handoff, tmp_path: Path) -> None:
    handoff("release")
    theirs = (
        "handoffs:\n- {name: Front desk, is_default: true, sip_config: {method: invite, phone_number: +14155550111}}\n"
    )
    answer = handoff("config", "import", changed(tmp_path, theirs))
    assert answer.stdout.startswith("Saved as version 2")
    assert "Mapped: Destination 'Front desk'" in answer.stderr
    assert handoff("rules", "list").stdout.startswith("night")


@pytest.mark.parametrize(("part", "identity"), [("destinations", "front-desk"), ("rules", "night"), ("hours", "desk")])
def test_the_named_things_are_listed_and_shown(handoff: Handoff, part: str, identity: str) -> None:
    handoff("release")
    assert handoff(part, "list").stdout.startswith(identity)
    assert json.loads(handoff(part, "show", identity, "--json").stdout)["id"] == identity
    missing = handoff(part, "show", "nobody")
    assert (missing.exit_code, missing.stdout) == (3, "")


def test_the_list_of_schedules_has_their_text(handoff: Handoff) -> None:
    handoff("release")
    assert handoff("hours", "list").stdout.rstrip().endswith("Mo-Su 08:00-20:00")


def test_a_list_without_anything_says_so_and_a_mistyped_id_is_guessed(handoff: Handoff, tmp_path: Path) -> None:
    handoff("release")
    answer = handoff("destinations", "show", "frontdesk")
    assert answer.exit_code == 3
    assert answer.stderr.rstrip().endswith("in version sandbox. Did you mean front-desk?")
    bare = FILE[: FILE.index("rules:")]
    handoff("config", "import", changed(tmp_path, bare))
    assert (handoff("rules", "list").stdout, handoff("rules", "list").stderr) == ("", "This version has no rules.\n")
    assert json.loads(handoff("rules", "list", "--json").stdout) == []


def test_a_backup_brings_back_an_emptied_store(handoff: Handoff, server: Server, tmp_path: Path) -> None:  # noqa: F811
    handoff("release")
    first, second = str(tmp_path / "first"), str(tmp_path / "second")
    handoff("backup", first)
    server.client().flushall()
    assert handoff("restore", first).stdout.startswith("Restored 1 version;")
    handoff("backup", second)
    assert Path(first).read_bytes() == Path(second).read_bytes()
    assert handoff("restore", first).exit_code == 1
    assert handoff("restore", first, "--over").exit_code == 0
    assert handoff("restore").exit_code == 2
    assert handoff("restore", changed(tmp_path), "--over").exit_code == 1


def test_after_a_restore_over_later_versions_the_newest_that_exist_are_listed(handoff: Handoff, tmp_path: Path) -> None:
    handoff("release")
    backup = str(tmp_path / "backup")
    handoff("config", "import", changed(tmp_path))
    handoff("backup", backup)
    for number in range(3, 7):
        handoff("config", "import", changed(tmp_path, FILE.replace("Example", f"Example {number}")))
    assert "4 of its 6 versions are not in this backup: v6, v5, v4, v3." in handoff("restore", backup).stderr
    restored = handoff("restore", backup, "--over")
    assert (restored.exit_code, "Gone from the list: v6, v5, v4, v3." in restored.stderr) == (0, True)
    for limit, numbers, following in (("1", [2], 2), ("2", [2, 1], None)):
        listed = json.loads(handoff("versions", "--limit", limit, "--json").stdout)
        assert ([row["version"] for row in listed["data"]], listed["next_before"]) == (numbers, following)
    assert handoff("config", "import", changed(tmp_path, FILE), "--expected", "2").stdout.startswith(
        "Saved as version 7"
    )
    listed = json.loads(handoff("versions", "--limit", "2", "--json").stdout)
    assert [row["version"] for row in listed["data"]] == [7, 2]
    assert (listed["lost"], listed["next_before"]) == ([6, 5, 4, 3], 2)
    assert "No longer kept: v6 to v3." in handoff("versions").stderr
    assert handoff("test", "--version", "2").exit_code == 0
    for command in (("test", "--version", "4"), ("diff", "2", "4"), ("promote", "4")):
        assert "There is no version 4" in handoff(*command).stderr, command


def test_redis_away_exits_with_6_and_says_so(handoff: Handoff, tmp_path: Path) -> None:
    from webapp.commands.versions import versions_command

    environment = {
        "REDIS_URL": f"unix://{tmp_path}/nowhere",
        "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz-ABCD",
        "HANDOFF_DATA_DIR": str(tmp_path / "var"),
    }
    answer = CliRunner().invoke(versions_command, [], env=environment)
    assert (answer.exit_code, answer.stdout) == (6, "")
    assert "Redis cannot be used. The address of Redis is not known. Correct the host" in answer.stderr


def test_the_schema_is_json(handoff: Handoff) -> None:
    assert json.loads(handoff("config", "schema").stdout)["title"] == "Handoff configuration"


def test_the_command_line_refuses_a_route_to_a_number_whose_calls_come_here(
    handoff: Handoff,
    server: Server,  # noqa: F811
    tmp_path: Path,
) -> None:
    handoff("release")
    settings = Settings(  # what the commands of `handoff` are given
        redis_url=server.url, handoff_data_dir=tmp_path / "var", handoff_config=tmp_path / "handoff.yaml",
        secret_key=SecretStr("a-secret-key-of-the-tests-long-enough"),
    )  # fmt: skip
    open_history(settings).deployments.save({"numbers": {"+14155550199": {}}}, expected=None, author="t")
    refused = handoff("config", "import", changed(tmp_path))
    assert refused.exit_code == 1
    assert "the call would come back in a loop" in refused.output
