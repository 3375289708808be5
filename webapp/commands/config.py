"""`handoff config validate|import|export|schema`: the configuration as a file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from handoff_rules.problems import ConfigurationError
from webapp.commands._answers import (
    Exit,
    author_or_token_option,
    give_json,
    in_json,
    is_stdout,
    json_option,
    note_option,
    say,
    say_problems,
    told,
    write_file,
)
from webapp.commands._installation import with_installation
from webapp.commands._saved import problems_of, tell_saved
from webapp.commands._whole_number import WholeNumber
from webapp.configurations.checking import checked
from webapp.configurations.document_file import read_file
from webapp.configurations.editor_schema import schema
from webapp.configurations.plain import plain_problems
from webapp.configurations.records import LONGEST_NOTE
from webapp.configurations.strict_text import TextError
from webapp.configurations.yaml_file import write_yaml
from webapp.installation.interface import Installation, Plain

UNCHANGED = "The sandbox holds just this already."
REPORT = {"mapped": "Mapped", "changed": "Changed", "without_meaning": "Has no meaning here"}
FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@click.group("config")
def config_command() -> None:
    """The configuration as a file: check it, bring it in, take it out."""


@config_command.command("validate")
@FILE
@json_option
def validate(file: Path, as_json: bool) -> None:
    """Check FILE and show every problem with its place and its fix. Needs no store.

    What only an installation knows, its own numbers and whether calls come in over SIP, is checked as well by:
    handoff config import --dry-run FILE
    """
    try:
        _, problems = checked(read_file(file), today=datetime.now(UTC).date())
        ok = True
    except ConfigurationError as fault:
        problems, ok = fault.problems, False
    except TextError as fault:
        if as_json:
            give_json(
                {
                    "ok": False,
                    "problems": [{"path": "", "line": fault.line, "message": fault.message, "fix": fault.fix}],
                }
            )
        say(str(fault))
        raise SystemExit(Exit.CHECK_FAILED) from fault
    if as_json:
        give_json({"ok": ok, "problems": plain_problems(problems)})
    else:
        say_problems(problems)
        errors = sum(problem.severity == "error" for problem in problems)
        click.echo(f"{file.name}: {errors} errors, {len(problems) - errors} warnings")
    if not ok:
        raise SystemExit(Exit.CHECK_FAILED)


@config_command.command("import")
@FILE
@note_option
@author_or_token_option
@click.option(
    "--expected", type=WholeNumber(0), help="The version that FILE was made from; a newer one is then a conflict."
)
@click.option("--dry-run", is_flag=True, help="Check and report, save nothing.")
@with_installation
@json_option
def import_file(  # noqa: PLR0917  # click passes them by name
    installation: Installation, file: Path, note: str, author: str, expected: int | None, dry_run: bool, as_json: bool
) -> None:
    """Save FILE as a new version in the sandbox, unless that holds it already.

    PolyAI's handoffs.yaml is merged into the sandbox by destination.
    """
    document = read_file(file)
    note = note or f"Imported from {file.name}"[:LONGEST_NOTE]
    brought = installation.versions.bring_in(document, expected=expected, author=author, note=note, dry_run=dry_run)
    _tell_report(brought)
    saved = brought["saved"]
    if as_json:
        give_json(saved | {name: brought[name] for name in ("format", *REPORT, "unchanged")})
    elif dry_run:
        say_problems(problems_of(saved["problems"]))
    if dry_run:
        say(f"{UNCHANGED if brought['unchanged'] else 'It would be saved.'} Nothing was changed.")
    elif not as_json:
        number = saved["version"]
        done = (
            f"{UNCHANGED} Nothing was changed: it is version {number}."
            if brought["unchanged"]
            else f"Saved as version {number}, in the sandbox. Look at it with: handoff diff. "
            f"Put it in production with: handoff promote {number}"
        )
        tell_saved(saved, done, as_json=False)


@config_command.command("export")
@click.option("--version", "wanted", default="sandbox", show_default=True, help="sandbox, production or a number.")
@click.option("-o", "--output", default="-", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
              help="A file instead of stdout.")  # fmt: skip
@with_installation
@json_option
def export(installation: Installation, wanted: str, output: Path, as_json: bool) -> None:
    """Print a version as YAML (or JSON). Imported again, it gives the same document."""
    document = installation.versions.whole(wanted)["document"]
    text = in_json(document) + "\n" if as_json else write_yaml(document)
    write_file(output, text)
    if not is_stdout(output):
        say(f"Written to {output}.")


@config_command.command("schema")
@json_option
def schema_command(as_json: bool) -> None:
    """Print the JSON Schema that editors check and complete a configuration file with, with --json or without."""
    with told():
        give_json(schema())


def _tell_report(brought: Plain) -> None:
    for name, heading in REPORT.items():
        for sentence in brought[name]:
            say(f"{heading}: {sentence}")
