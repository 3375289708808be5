"""docs/rules.md and docs/hours.md are true: each example is played, each row of its table compared."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from handoff_rules.check import check
from handoff_rules.configuration import read_configuration
from handoff_rules.decide import Facts, decide
from handoff_rules.hours import Hours
from handoff_rules.hours_open import compile_hours
from handoff_rules.hours_text import text_of, times_of
from handoff_rules.hours_text_reading import HoursTextError, read_text
from handoff_rules.operators import OPERATORS
from handoff_rules.problems import errors_in
from tests.documentation.examples import Example, examples_of, names_in
from tests.documentation.reading import PROJECT
from tests.simulator.terminal import Terminal
from webapp.configurations.document_file import read_document
from webapp.configurations.published import publish
from webapp.configurations.yaml_file import read_yaml
from webapp.simulator import AS_CONFIGURED, SimulatedCall, simulate
from webapp.simulator.saved_tests import run_saved_tests

RULES, HOURS = PROJECT / "docs" / "rules.md", PROJECT / "docs" / "hours.md"
NEW_YORK = ZoneInfo("America/New_York")
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=NEW_YORK)


def those_with(path: Any, heading: str) -> list[Any]:
    found = [example for example in examples_of(path) if heading in example.heading]
    return [pytest.param(example, id=f"line-{example.line}") for example in found]


def whole(part: dict[str, Any]) -> dict[str, Any]:
    """A piece of a configuration, with what it leaves out taken from the demo."""
    return {"schema": 1, "name": "Example", "time_zone": "America/New_York", "default_destination": "elsewhere",
            "destinations": destinations_for(part)} | part  # fmt: skip


def destinations_for(part: dict[str, Any]) -> list[dict[str, Any]]:
    wanted = dict.fromkeys(["elsewhere", *(rule["destination"] for rule in part.get("rules", ()))])
    return [{"id": one, "name": one, "method": "INVITE", "route": f"sip:{one}@pbx.example.com"} for one in wanted]


def moment(text: str) -> datetime:
    """`2026-11-20 12:00`, with or without the weekday before it, which must be right."""
    *weekday, day, clock = text.split()
    found = datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=NEW_YORK)
    assert weekday in ([], [f"{found:%a}"]), f"{text} is a {found:%A}"
    return found


@pytest.mark.parametrize("example", those_with(RULES, "decided by"))
def test_each_call_of_a_table_is_decided_by_the_rule_that_it_names(example: Example) -> None:
    published = publish(whole(example.part))
    assert not errors_in(check(published.compiled.configuration))
    for row in example.rows:
        told = dict(pair.split("=", 1) for pair in names_in(row[0]))
        assert told or row[0] == "nothing"
        at = moment(row[example.heading.index("when")]) if "when" in example.heading else NOON
        decided = decide(published.compiled, Facts(told, at)).rule
        expected = None if row[-1] == "default" else names_in(row[-1])[0]
        assert decided == expected, row


@pytest.mark.parametrize("example", those_with(RULES, "the far end"))
def test_each_ladder_of_a_table_rings_what_it_says(example: Example) -> None:
    published = publish(whole(example.part))
    for far_end, rings, ends in example.rows:
        call = SimulatedCall("+12125550123", "+14155550199", at=NOON)
        found = simulate(published, call, [word.strip() for word in far_end.split(",")], environment=AS_CONFIGURED)
        assert (found.path, found.ends.value) == (names_in(rings), ends), far_end


def test_the_saved_test_of_the_page_passes_with_the_demo_configuration() -> None:
    (example,) = [one for one in examples_of(RULES) if "tests" in one.part]
    demo = read_document((PROJECT / "handoff.example.yaml").read_bytes(), "handoff.example.yaml")
    (result,) = run_saved_tests(publish({**demo, "tests": example.part["tests"]}))
    assert result.passed, result.differences


def test_the_page_names_every_operator() -> None:
    text = RULES.read_text(encoding="utf-8")
    assert [name for name in OPERATORS if f"`{name}`" not in text] == []


@pytest.mark.parametrize("example", those_with(HOURS, "until"))
def test_each_moment_of_a_schedule_is_as_the_table_says(example: Example) -> None:
    (hours,) = [Hours.model_validate(one) for one in example.part["hours"]]
    schedule = compile_hours(hours, "UTC")
    for when, state, because, until in example.rows:
        answer = schedule.at(moment(when).astimezone(UTC))
        change = answer.next_change.astimezone(NEW_YORK) if answer.next_change else None
        told = f"{change:%Y-%m-%d %H:%M}" if change else "never"
        assert ("open" if answer.open else "closed", str(answer.because), told) == (state, because, until), when


@pytest.mark.parametrize("example", those_with(HOURS, "text"))
def test_each_text_of_a_table_is_what_the_page_says(example: Example) -> None:
    (hours,) = [Hours.model_validate(one) for one in example.part["hours"]]
    for cell, said in example.rows:
        (text,) = names_in(cell)
        if said == "how it is written":
            assert text == text_of(times_of(hours))
        elif said == "the same hours":
            assert read_text(text) == times_of(hours)
        elif said.startswith("other hours: "):
            assert text_of(read_text(text)) == names_in(said)[0]
        else:
            with pytest.raises(HoursTextError) as refused:
                read_text(text)
            assert said == f"refused: {refused.value}"


@pytest.mark.parametrize("path", [RULES, HOURS], ids=lambda path: path.stem)
def test_every_example_is_played(path: Any) -> None:
    """A block without a table would be a claim that nobody checks."""
    unchecked = [one.line for one in examples_of(path) if not one.rows and "tests" not in one.part]
    assert unchecked == []
    assert len(list(examples_of(path))) >= 6


def test_hours_of_the_page_are_valid_configurations() -> None:
    for example in examples_of(HOURS):
        read_configuration(whole(example.part))


CELL = re.compile(r"^\| .*`(\{[^`]*\})`", re.MULTILINE)
COMMANDS = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_each_condition_of_a_table_is_one() -> None:
    """The tables of operators have an example a row."""
    cells = CELL.findall(RULES.read_text(encoding="utf-8"))
    assert len(cells) >= 9
    office = {"id": "office-hours", "name": "Office", "weekly": {"mon": ["09:00-17:00"]}}
    for cell in cells:
        part = read_yaml(f"rules: [{{id: r, name: R, when: {cell}, destination: elsewhere}}]")
        assert not errors_in(check(read_configuration(whole(part | {"hours": [office]})))), cell


@pytest.mark.parametrize("path", [RULES, HOURS], ids=lambda path: path.stem)
def test_each_command_of_the_page_works_with_the_demo(path: Any, redis_url: str, tmp_path: Path) -> None:
    demo = str(PROJECT / "handoff.example.yaml")
    terminal = Terminal(tmp_path, REDIS_URL=redis_url, HANDOFF_CONFIG=demo)
    assert terminal.run("release").exit_code == 0
    lines = [line for block in COMMANDS.findall(path.read_text(encoding="utf-8")) for line in block.splitlines()]
    assert lines
    for line in lines:
        program, *arguments = line.replace("handoff.example.yaml", demo).split()
        result = terminal.run(*arguments)
        assert (program, result.exit_code) == ("handoff", 0), f"{line}: {result.output}"
        assert result.stdout
