"""How commands answer: data on stdout, talk on stderr, and exit codes that a script can tell apart."""

from __future__ import annotations

import getpass
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import IntEnum
from typing import Any, TypeVar

import click

from handoff_rules.configuration import Configuration
from handoff_rules.problems import ConfigurationError, Problem
from webapp.configurations.assembly import History, open_history
from webapp.configurations.backup import BackupError
from webapp.configurations.conflicts import (
    STORE_FAULTS,
    ConflictError,
    EditRefusedError,
    EditUncertainError,
    PromotionRefusedError,
    StoreEmptyError,
    StoreRefusedError,
    VersionNotFoundError,
)
from webapp.configurations.strict_text import TextError
from webapp.settings import SettingsError, settings_of_this_process
from webapp.store.sealed import SealError


class Exit(IntEnum):
    OK = 0
    CHECK_FAILED = 1
    USAGE = 2
    NOT_FOUND = 3
    CONFLICT = 4
    AUTH = 5
    UPSTREAM = 6


_CODES: tuple[tuple[type[Exception], Exit], ...] = (
    (ConflictError, Exit.CONFLICT),
    (VersionNotFoundError, Exit.NOT_FOUND),
    (StoreEmptyError, Exit.NOT_FOUND),
    (PromotionRefusedError, Exit.CHECK_FAILED),
    (BackupError, Exit.CHECK_FAILED),
    (EditUncertainError, Exit.UPSTREAM),
    (StoreRefusedError, Exit.UPSTREAM),
    (EditRefusedError, Exit.CHECK_FAILED),
    (TextError, Exit.CHECK_FAILED),
    (ConfigurationError, Exit.CHECK_FAILED),
    (SettingsError, Exit.USAGE),
    (SealError, Exit.UPSTREAM),
)

Command = TypeVar("Command", bound=Callable[..., Any])


def json_option(command: Command) -> Command:
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(command)


def author_option(command: Command) -> Command:
    return click.option(
        "--author", default=_whoami, show_default="your login name", help="Who does it, for the audit log."
    )(command)


def note_option(command: Command) -> Command:
    return click.option("-m", "--note", default="", help="Why, for the list of versions.")(command)


def _whoami() -> str:
    try:
        return f"{getpass.getuser()} (command line)"
    except (KeyError, OSError):
        return "command line"


@contextmanager
def told() -> Iterator[None]:
    """Known faults become sentences on stderr and the exit code of their kind; anything else is a fault of ours."""
    try:
        yield
    except STORE_FAULTS as fault:
        say(f"Redis cannot be used: {fault or type(fault).__name__}")
        raise SystemExit(Exit.UPSTREAM) from fault
    except tuple(kind for kind, _ in _CODES) as fault:
        say(str(fault))
        if isinstance(fault, ConfigurationError):
            say_problems(fault.problems)
        raise SystemExit(next(code for kind, code in _CODES if isinstance(fault, kind))) from fault


@contextmanager
def local_history() -> Iterator[History]:
    """The store of this machine's settings (environment and .env), with known faults told."""
    with told():
        history = open_history(settings_of_this_process(), run_saved_tests=_promotion_gate)
        try:
            yield history
        finally:
            history.store.client.close()


def _promotion_gate(configuration: Configuration) -> Sequence[str]:
    from webapp.simulator.saved_tests import promotion_gate  # a promote alone needs the simulator

    return promotion_gate()(configuration)


def say(text: str) -> None:
    click.echo(text, err=True)


def say_problems(problems: Iterable[Problem]) -> None:
    for problem in problems:
        say(f"{problem.severity}: {problem}")


def give_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def plain_problems(problems: Iterable[Problem]) -> list[Mapping[str, str]]:
    return [
        {"path": problem.path, "message": problem.message, "fix": problem.fix, "severity": problem.severity}
        for problem in problems
    ]


def give_table(rows: Iterable[tuple[str, ...]]) -> None:
    """Columns as wide as their widest cell, two blanks apart."""
    table = list(rows)
    widths = [max(len(cell) for cell in column) for column in zip(*table, strict=True)] if table else []
    for row in table:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
