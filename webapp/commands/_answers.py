"""How commands answer: data on stdout, talk on stderr, and exit codes that a script can tell apart."""

from __future__ import annotations

import getpass
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from enum import IntEnum
from errno import ENOTDIR
from pathlib import Path
from typing import Any, TypeVar

import click

from handoff_rules.configuration import Configuration
from handoff_rules.problems import ConfigurationError, Problem
from webapp.calls.reader import UnknownCallError
from webapp.commands._output import holds_every_character, is_full
from webapp.configurations.assembly import History, open_history
from webapp.configurations.backup import BackupError
from webapp.configurations.conflicts import (
    STORE_FAULTS,
    ConflictError,
    EditRefusedError,
    EditUncertainError,
    PromotionRefusedError,
    StoreEmptyError,
    StoreNotTrustedError,
    StoreRefusedError,
    VersionNotFoundError,
    in_words,
    reason_of,
)
from webapp.configurations.noting import note
from webapp.configurations.records import LONGEST_NOTE
from webapp.configurations.strict_text import TextError
from webapp.installation.refusal import RemoteRefusal
from webapp.settings import Settings, SettingsError, settings_of_this_process
from webapp.store.sealed import SealError, write_whole
from webapp.store.unavailable import Reason
from webapp.tokens.register import TokenNameError, TokenNotFoundError, TwoTokensError


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
    (StoreNotTrustedError, Exit.UPSTREAM),
    (EditRefusedError, Exit.CONFLICT),
    (UnknownCallError, Exit.NOT_FOUND),
    (TokenNotFoundError, Exit.NOT_FOUND),
    (TwoTokensError, Exit.CONFLICT),
    (TokenNameError, Exit.CHECK_FAILED),
    (TextError, Exit.CHECK_FAILED),
    (ConfigurationError, Exit.CHECK_FAILED),
    (SettingsError, Exit.USAGE),
    (SealError, Exit.UPSTREAM),
)
"""The first kind that fits counts."""
_LISTS = (
    (VersionNotFoundError, "handoff versions"), (TokenNotFoundError, "handoff tokens list"),
    (UnknownCallError, "handoff calls list"),
)  # fmt: skip
_STATUSES = {400: Exit.USAGE, 401: Exit.AUTH, 403: Exit.AUTH, 404: Exit.NOT_FOUND, 409: Exit.CONFLICT,
             429: Exit.UPSTREAM}  # fmt: skip
"""What a server refuses with, where it is not 4xx for a failed check and all else for a server that cannot."""

_NOT_RUNNING = (Reason.REFUSED, Reason.NOT_FOUND, Reason.CLOSED)

Command = TypeVar("Command", bound=Callable[..., Any])


def json_option(command: Command) -> Command:
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(command)


def author_option(command: Command) -> Command:
    return _author("Who does it, for the audit log.")(command)


def author_or_token_option(command: Command) -> Command:
    """For commands with `--server`."""
    return _author("Who does it, for the audit log. A server takes the name of the token.")(command)


def _author(words: str) -> Callable[[Command], Command]:
    return click.option("--author", default=_whoami, show_default="your login name", help=words)


def note_option(command: Command) -> Command:
    return _note("Why, for the list of versions.")(command)


def audit_note_option(command: Command) -> Command:
    """For what has no versions."""
    return _note("Why, for the audit log.")(command)


def _note(words: str) -> Callable[[Command], Command]:
    return click.option("-m", "--note", default="", callback=_short, help=words)


def _short(_: click.Context, __: click.Parameter, note: str) -> str:
    if len(note) > LONGEST_NOTE:
        raise click.BadParameter(f"A note has at most {LONGEST_NOTE} characters, this one {len(note)}.")
    return note


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
    except BrokenPipeError:
        raise  # whoever read our output has gone; click ends quietly
    except STORE_FAULTS as fault:
        if isinstance(fault, OSError) and fault.filename is not None:
            say(f"{fault.filename} cannot be used: {fault.strerror}.")
            raise SystemExit(Exit.USAGE) from fault
        if isinstance(fault, OSError) and is_full(fault):
            raise  # nothing of the store's: `webapp.cli` says that the output cannot be written
        say(f"Redis cannot be used. {_how_to_use_it(fault)}")
        raise SystemExit(Exit.UPSTREAM) from fault
    except RemoteRefusal as refusal:
        say(str(refusal))
        say_problems(refusal.problems)
        raise SystemExit(_exit_of(refusal.status)) from refusal
    except tuple(kind for kind, _ in _CODES) as fault:
        say(" ".join((str(fault), *(f"See: {command}" for kind, command in _LISTS if isinstance(fault, kind)))))
        if isinstance(fault, ConfigurationError):
            say_problems(fault.problems)
        raise SystemExit(next(code for kind, code in _CODES if isinstance(fault, kind))) from fault


def _how_to_use_it(fault: Exception) -> str:
    """The usual case on a developer's machine: the private Redis lives as long as `handoff run`."""
    with suppress(SettingsError):
        if settings_of_this_process().has_own_store and reason_of(fault) in _NOT_RUNNING:
            return "The private one of this directory does not run. Start it with `handoff run`, or set REDIS_URL."
    return in_words(fault)


def _exit_of(status: int) -> Exit:
    return _STATUSES.get(status, Exit.CHECK_FAILED if 400 <= status < 500 else Exit.UPSTREAM)


def is_stdout(path: Path | None) -> bool:
    """`-` where a file is to be written, as in other commands of a shell."""
    return path is not None and os.fspath(path) == "-"


def write_file(path: Path, content: str | bytes) -> None:
    """A file whole or not at all, never one in place of a device such as /dev/null; what the disk refuses is said."""
    if is_stdout(path):
        click.echo(content, nl=False)
        return
    text = content.encode() if isinstance(content, str) else content
    try:
        if not path.parent.is_dir():
            raise NotADirectoryError(ENOTDIR, "There is no such directory")
        if path.exists() and not path.is_file():
            path.write_bytes(text)
        else:
            write_whole(path, text)
    except OSError as fault:
        say(f"{path} cannot be written: {fault.strerror}.")
        raise SystemExit(Exit.USAGE) from fault


@contextmanager
def local_history() -> Iterator[History]:
    """The store of this machine's settings (environment and .env), with known faults told."""
    with told():
        history = history_of(settings_of_this_machine())
        try:
            yield history
        finally:
            history.store.client.close()


def settings_of_this_machine() -> Settings:
    """For a command that has no --server: whoever set one must know that this does not go there."""
    server = os.environ.get("HANDOFF_SERVER")
    if server:
        say(f"This works on this machine, not on {server}.")
    return settings_of_this_process()


def history_of(settings: Settings) -> History:
    return open_history(settings, run_saved_tests=_promotion_gate)


def _promotion_gate(configuration: Configuration) -> Sequence[str]:
    from webapp.simulator.saved_tests import promotion_gate  # a promote alone needs the simulator

    return promotion_gate()(configuration)


def in_number(versions: int) -> str:
    return "1 version" if versions == 1 else f"{versions} versions"


def say(text: str) -> None:
    click.echo(text, err=True)


def note_here(settings: Settings, **entry: Any) -> None:
    """An audit entry for what a command did without a history; see `noting.note`."""
    history = history_of(settings)
    try:
        say_unnoted(note(history.editor, **entry))
    finally:
        history.store.client.connection_pool.disconnect()


def say_unnoted(why: str) -> None:
    """What was done stays done; whoever reads the audit log later must not believe that it was not."""
    if why:
        say(f"It was done, and is missing in the audit log. {why}")


def say_problems(problems: Iterable[Problem]) -> None:
    for problem in problems:
        say(f"{problem.severity}: {problem}")


def in_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def give_json(value: Any) -> None:
    """As written where stdout can hold every character, with JSON's own escapes where it cannot."""
    click.echo(json.dumps(value, ensure_ascii=not holds_every_character(), indent=2))


def give_json_line(value: Any) -> None:
    """One object a line, for a stream that never ends."""
    click.echo(json.dumps(value, ensure_ascii=not holds_every_character()))


def give_table(rows: Iterable[tuple[str, ...]]) -> None:
    """Columns as wide as their widest cell, two blanks apart."""
    table = list(rows)
    widths = [max(len(cell) for cell in column) for column in zip(*table, strict=True)] if table else []
    for row in table:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
