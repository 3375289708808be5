"""The page about versions names commands and options that exist."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import click

PAGE = Path(__file__).parents[2] / "docs" / "versions.md"


def test_every_command_and_option_on_the_page_exists() -> None:
    named = re.findall(r"handoff ([a-z]+)(?: ([a-z]+))?([^`\n]*)", PAGE.read_text(encoding="utf-8"))
    assert len(named) > 8
    for name, sub, rest in named:
        if name == "run":
            continue  # `handoff run` starts the app; it is not about versions
        command = getattr(importlib.import_module(f"webapp.commands.{name}"), f"{name}_command")
        if isinstance(command, click.Group):
            command = command.commands[sub]
        known = {option for parameter in command.params for option in parameter.opts}
        assert set(re.findall(r"(?<=\s)--?[a-z-]+", rest.split("#")[0])) <= known, name
