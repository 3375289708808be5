"""docs/cli.md is what the commands say of themselves."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def test_the_page_is_the_help_of_the_commands() -> None:
    """In a process of its own: click remembers the help option of a command that another test has called alone."""
    made = subprocess.run([sys.executable, "-m", "webapp.cli_reference"], cwd=ROOT, capture_output=True, check=True)
    assert (ROOT / "docs" / "cli.md").read_text(encoding="utf-8") == made.stdout.decode("utf-8")
