"""`handoff deployment show|set`: which number meets which environment, who tests, and the caller ID of last resort."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from pydantic import TypeAdapter, ValidationError

from handoff_rules.problems import Problem
from handoff_rules.reading import place_in
from handoff_rules.wording import Fault, words_for
from webapp.commands._answers import (
    Exit,
    audit_note_option,
    author_or_token_option,
    give_json,
    json_option,
    say,
    say_problems,
)
from webapp.commands._installation import with_installation
from webapp.configurations.deployment import E164, Deployment
from webapp.configurations.document_file import read_file
from webapp.configurations.published import ENVIRONMENTS
from webapp.configurations.yaml_file import write_yaml
from webapp.installation.interface import Installation

Document = dict[str, Any]
NONE = "none"
_E164 = TypeAdapter(E164)


class Number(click.ParamType[str]):
    """A number in E.164; `none` where an option may take it away."""

    name = "+1…"

    def __init__(self, *, or_none: bool = False) -> None:
        self._or_none = or_none

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if self._or_none and value == NONE:
            return value
        try:
            return _E164.validate_python(value)
        except ValidationError:
            more = ", or none" if self._or_none else ""
            self.fail(f"{value!r} is not a number such as +14155550199{more}.", param, ctx)


class Assigned(click.ParamType[tuple[str, str]]):
    """`+1…=sandbox`, `+1…=production` or `+1…=none`."""

    name = "+1…=sandbox"

    def convert(
        self, value: str | tuple[str, str], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        if isinstance(value, tuple):
            return value
        number, _, environment = value.partition("=")
        if environment not in (*ENVIRONMENTS, NONE):
            self.fail(f"{value!r} ends neither with =sandbox nor with =production or =none.", param, ctx)
        return Number().convert(number, param, ctx), environment


@click.group("deployment")
def deployment_command() -> None:
    """Which number and which caller meets the sandbox. Not versioned: a change counts at once, and is audited."""


@deployment_command.command("show")
@with_installation
@json_option
def show(installation: Installation, as_json: bool) -> None:
    """Show numbers, test callers, sandbox phone and default caller ID, as YAML or JSON."""
    document, _ = installation.deployment.read()
    if as_json:
        give_json(document)
    elif document:
        click.echo(write_yaml(document, schema=None), nl=False)
    else:
        say("Nothing is set: every number meets production, and nobody tests.")


@deployment_command.command("set")
@click.option(
    "--number",
    "numbers",
    type=Assigned(),
    multiple=True,
    help="The environment that calls to this number meet; none: production, with no entry. Repeatable.",
)
@click.option(
    "--caller-id",
    "caller_ids",
    type=(Number(), Number(or_none=True)),
    multiple=True,
    metavar="+1… +1…",
    help="Called number, and the caller ID of its handoffs (or none). Repeatable.",
)
@click.option(
    "--test-caller", "testers", type=Number(), multiple=True, help="Meets the sandbox on any number. Repeatable."
)
@click.option("--no-test-caller", "no_testers", type=Number(), multiple=True, help="No test caller any more.")
@click.option("--sandbox-phone", type=Number(or_none=True), help="Every sandbox handoff rings this phone, or none.")
@click.option("--default-caller-id", type=Number(or_none=True), help="The caller ID of last resort, or none.")
@click.option(
    "--file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Replace the whole document by this YAML or JSON, as `show` prints it.",
)
@audit_note_option
@author_or_token_option
@with_installation
@json_option
def change(
    installation: Installation, file: Path | None, note: str, author: str, as_json: bool, **wanted: Any
) -> None:  # fmt: skip
    """Change what is named and leave the rest. When somebody else was first, nothing is changed (exit code 4).

    \b
    handoff deployment set --number +14155550199=sandbox --sandbox-phone +12125550123
    handoff deployment set --test-caller +12125550123 --default-caller-id none
    """
    if (file is None) == (not any(wanted.values())):
        raise click.UsageError("Say what to change, or name a --file with the whole document.")
    now, serial = installation.deployment.read()
    document = read_file(file) if file else changed(now, **wanted)
    saved = installation.deployment.save(_checked(document), expected=serial, author=author, note=note)
    if as_json:
        give_json(saved)
        return
    click.echo("Set. Every process follows within half a second.")
    if not saved["durable"]:
        say(saved["why"])
    say_problems(Problem(**problem) for problem in saved["problems"])


def changed(
    now: Mapping[str, Any], *, numbers: tuple[tuple[str, str], ...], caller_ids: tuple[tuple[str, str], ...],
    testers: tuple[str, ...], no_testers: tuple[str, ...], sandbox_phone: str | None, default_caller_id: str | None,
) -> Document:  # fmt: skip
    """The document with these changes. `none` takes a value away."""
    entries = {number: dict(entry) for number, entry in now.get("numbers", {}).items()}
    for number, environment in numbers:
        if environment == NONE:
            entries.pop(number, None)
        else:
            entries.setdefault(number, {})["environment"] = environment
    for number, caller_id in caller_ids:
        _put(entries.setdefault(number, {}), "caller_id", caller_id)
    callers = [one for one in now.get("test_callers", ()) if one not in no_testers]
    document = {**now, "numbers": entries, "test_callers": list(dict.fromkeys([*callers, *testers]))}
    for name, value in (("sandbox_phone", sandbox_phone), ("default_caller_id", default_caller_id)):
        if value is not None:
            _put(document, name, value)
    return document


def _put(document: Document, name: str, value: str) -> None:
    if value == NONE:
        document.pop(name, None)
    else:
        document[name] = value


def _checked(document: Mapping[str, Any]) -> Document:
    """Without the credentials, which no edit of this document touches; every fault is told at once."""
    plain = {name: value for name, value in document.items() if name != "twilio"}
    try:
        Deployment.read(plain)
    except ValidationError as error:
        say("Nothing was changed.")
        say_problems(_problem(one, plain) for one in error.errors())
        raise SystemExit(Exit.CHECK_FAILED) from error
    return plain


def _problem(error: Mapping[str, Any], document: Document) -> Problem:
    """In the words of a configuration's problems."""
    place, value = place_in(document, error["loc"], missing=error["type"] == "missing")
    fault = Fault(error["type"], error["msg"], error.get("ctx", {}), error["loc"], value, Deployment)
    return Problem("/".join(map(str, place)), *words_for(fault))
