"""The command `handoff`: each file in `webapp/commands/` is one command, imported when it is called."""

from __future__ import annotations

import importlib
import pkgutil
from typing import cast

import click

from webapp import commands
from webapp.commands._output import is_full, replace_strange_characters
from webapp.version import VERSION

USAGE = click.UsageError.exit_code
"""As a file that cannot be written (`webapp.commands._answers.Exit`)."""


def command_names() -> list[str]:
    """`setup_link.py` holds `setup_link_command` and is called `handoff setup-link`."""
    names = [module.name for module in pkgutil.iter_modules(commands.__path__)]
    return sorted(name.replace("_", "-") for name in names if not name.startswith("_"))


class Commands(click.Group):
    """Commands are found by their file, so that starting one does not import all the others."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return command_names()

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in command_names():
            return None
        name = cmd_name.replace("-", "_")
        module = importlib.import_module(f"{commands.__name__}.{name}")
        return cast(click.Command, getattr(module, f"{name}_command"))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="handoff")
def main() -> None:
    """Handoff: the call-handoff layer for Twilio that you run yourself."""


def entry() -> None:
    """What the installed command and `python -m webapp.cli` call: logs go to stderr, because stdout is for data."""
    from webapp.logs import configure_logging

    configure_logging("WARNING")
    replace_strange_characters()
    try:
        main()
    except OSError as fault:
        if not is_full(fault):
            raise
        click.echo(f"The output cannot be written: {fault.strerror}.", err=True)
        raise SystemExit(USAGE) from None


if __name__ == "__main__":
    entry()
