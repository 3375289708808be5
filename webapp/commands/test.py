"""`handoff test`: play the saved tests of a version, for CI and before a promote."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from time import perf_counter

import click

from webapp.commands._answers import Exit, give_json, is_stdout, json_option, say, write_file
from webapp.commands._installation import with_installation
from webapp.commands._junit import in_words, junit
from webapp.commands._published import chosen, file_option, version_option
from webapp.installation.interface import Choice, Installation, Plain

MANY = 30


@click.command("test")
@version_option
@file_option
@click.option("--junit", "report", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
              help="Write a JUnit report here (`-`: stdout).")  # fmt: skip
@with_installation
@json_option
def test_command(
    installation: Installation, wanted: str | None, file: Path | None, report: Path | None, as_json: bool
) -> None:
    """Play the saved tests and show what differs. Exit code 1 when one fails."""
    if as_json and is_stdout(report):
        raise click.UsageError("JSON and the JUnit report cannot both be on stdout. Name a file: --junit report.xml")
    choice = chosen(installation, file, wanted)
    results, seconds = _timed(_played(installation, choice))
    if report is not None:
        write_file(report, junit(results, choice.name, seconds))
    if as_json:
        give_json({"version": choice.name, "passed": _passed(results), "tests": results})
    else:
        for line in _told(results):
            click.echo(line, err=is_stdout(report))
    if not results:
        say(f"{choice.name} has no saved tests.")
    if not _passed(results):
        raise SystemExit(Exit.CHECK_FAILED)


def _played(installation: Installation, choice: Choice) -> Iterator[Plain]:
    """With a progress bar on a terminal when there are many."""
    length = len(choice.document.get("tests", ()))
    results = installation.player.run_tests(choice)
    if length <= MANY or not sys.stderr.isatty():
        yield from results
        return
    with click.progressbar(results, length=length, label="Saved tests", file=sys.stderr) as bar:
        yield from bar


def _timed(results: Iterable[Plain]) -> tuple[list[Plain], list[float]]:
    """The results, and after how many seconds each came."""
    found: list[Plain] = []
    ends = [perf_counter()]
    for result in results:
        found.append(result)
        ends.append(perf_counter())
    return found, [end - start for start, end in pairwise(ends)]


def _passed(results: Sequence[Plain]) -> bool:
    return all(result["passed"] for result in results)


def _told(results: Sequence[Plain]) -> Iterator[str]:
    for result in results:
        yield f"{'✓' if result['passed'] else '✗'} {result['name']}{'' if result['required'] else ' (not required)'}"
        yield from (f"    {in_words(difference)}" for difference in result["differences"])
    failed = sum(not result["passed"] for result in results)
    yield f"{len(results)} saved tests: {len(results) - failed} passed, {failed} failed"
