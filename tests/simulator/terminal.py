"""Runs `handoff` commands in this process, as a terminal with an empty environment would."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from webapp.cli import main


class Terminal:
    """Settings come from what is given here alone: the data directory is the test's own."""

    def __init__(self, directory: Path, **settings: str) -> None:
        self.environment = {"HANDOFF_DATA_DIR": str(directory / "var"), "LOG_LEVEL": "ERROR"} | settings

    def run(self, *arguments: str) -> Result:
        return CliRunner().invoke(main, arguments, env=self.environment, catch_exceptions=False)

    def ask(self, *arguments: str) -> Any:
        """The JSON that a command prints."""
        result = self.run(*arguments, "--json")
        assert result.exit_code in (0, 1), result.output
        return json.loads(result.stdout)
