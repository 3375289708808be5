"""`handoff config validate|import|export|schema`: the configuration as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from handoff_rules.problems import ConfigurationError
from webapp.commands._answers import (
    Exit,
    author_option,
    give_json,
    json_option,
    local_history,
    note_option,
    plain_problems,
    say,
    say_problems,
    told,
)
from webapp.commands._saved import tell_saved
from webapp.configurations.document_file import read_document
from webapp.configurations.editor_schema import schema
from webapp.configurations.polyai import Report, import_polyai, is_polyai
from webapp.configurations.strict_text import TextError
from webapp.configurations.versions import checked
from webapp.configurations.yaml_file import write_yaml

FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@click.group("config")
def config_command() -> None:
    """The configuration as a file: check it, bring it in, take it out."""


@config_command.command("validate")
@FILE
@json_option
def validate(file: Path, as_json: bool) -> None:
    """Check FILE and show every problem with its place and its fix. Needs no store."""
    try:
        _, problems = checked(read_document(file.read_bytes(), file.name))
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
@author_option
@click.option("--expected", type=int, help="The version that FILE was made from; a newer one is then a conflict.")
@click.option("--dry-run", is_flag=True, help="Check and report, save nothing.")
@json_option
def import_file(  # noqa: PLR0917  # click passes them by name
    file: Path, note: str, author: str, expected: int | None, dry_run: bool, as_json: bool
) -> None:
    """Save FILE (ours, or PolyAI's handoffs.yaml) as a new version in the sandbox."""
    with local_history() as history:
        document: dict[str, Any] = read_document(file.read_bytes(), file.name)
        if is_polyai(document):
            report = import_polyai(document, history.versions.get("sandbox").document)
            _tell_report(report)
            document = report.document
        if dry_run:
            _, warnings = checked(document)
            if as_json:
                give_json({"version": None, "problems": plain_problems(warnings)})
            else:
                say_problems(warnings)
            say("It would be saved. Nothing was changed.")
            return
        saved = history.versions.save(
            document, expected=expected, author=author, note=note or f"Imported from {file.name}"
        )
        tell_saved(
            saved,
            f"Saved as version {saved.version.number}, in the sandbox. Look at it with: handoff diff. "
            f"Put it in production with: handoff promote {saved.version.number}",
            as_json=as_json,
        )


@config_command.command("export")
@click.option("--version", "wanted", default="sandbox", show_default=True, help="sandbox, production or a number.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="A file instead of stdout.")
@json_option
def export(wanted: str, output: Path | None, as_json: bool) -> None:
    """Print a version as YAML (or JSON). Imported again, it gives the same document."""
    with local_history() as history:
        document = history.versions.get(wanted).document
    if as_json and output is None:
        give_json(document)
    elif output is None:
        click.echo(write_yaml(document), nl=False)
    else:
        output.write_text(write_yaml(document), encoding="utf-8")
        say(f"Written to {output}.")


@config_command.command("schema")
def schema_command() -> None:
    """Print the JSON Schema that editors check and complete a configuration file with."""
    with told():
        give_json(schema())


def _tell_report(report: Report) -> None:
    for heading, sentences in (
        ("Mapped", report.mapped),
        ("Changed", report.changed),
        ("Has no meaning here", report.without_meaning),
    ):
        for sentence in sentences:
            say(f"{heading}: {sentence}")
