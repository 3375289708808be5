"""`handoff test`: play the saved tests of a version, for CI and before a promote."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from webapp.commands._answers import Exit, give_json, json_option, say, write_file
from webapp.commands._junit import junit
from webapp.commands._published import Chosen, chosen, file_option, version_option
from webapp.simulator.saved_tests import TestResult, run_saved_tests
from webapp.voice.code_rules import CodeRules

MANY = 30


@click.command("test")
@version_option
@file_option
@click.option("--junit", "report", type=click.Path(dir_okay=False, path_type=Path), help="Write a JUnit report here.")
@json_option
def test_command(wanted: str | None, file: Path | None, report: Path | None, as_json: bool) -> None:
    """Play the saved tests and show what differs. Exit code 1 when one fails."""
    version = chosen(file, wanted)
    results = list(_played(version))
    if report is not None:
        write_file(report, junit(results, version.name))
    if as_json:
        give_json({"version": version.name, "passed": _passed(results), "tests": [_plain(one) for one in results]})
    else:
        for line in _told(results):
            click.echo(line)
    if not results:
        say(f"{version.name} has no saved tests.")
    if not _passed(results):
        raise SystemExit(Exit.CHECK_FAILED)


def _played(version: Chosen) -> Iterator[TestResult]:
    """With a progress bar on a terminal when there are many."""
    tests = version.published.compiled.configuration.tests
    results = run_saved_tests(version.published, deployment=version.deployment, code_rules=CodeRules.installed())
    if len(tests) <= MANY or not sys.stderr.isatty():
        yield from results
        return
    with click.progressbar(results, length=len(tests), label="Saved tests", file=sys.stderr) as bar:
        yield from bar


def _passed(results: Sequence[TestResult]) -> bool:
    return all(result.passed for result in results)


def _told(results: Sequence[TestResult]) -> Iterator[str]:
    for result in results:
        yield f"{'✓' if result.passed else '✗'} {result.name}{'' if result.required else ' (not required)'}"
        yield from (f"    {difference}" for difference in result.differences)
    failed = sum(not result.passed for result in results)
    yield f"{len(results)} saved tests: {len(results) - failed} passed, {failed} failed"


def _plain(result: TestResult) -> dict[str, Any]:
    return {
        "name": result.name,
        "required": result.required,
        "passed": result.passed,
        "differences": [
            {"what": one.what, "expected": one.expected, "actual": one.actual} for one in result.differences
        ],
        "path": list(result.simulation.path),
        "ends": result.simulation.ends.value,
    }
