"""docs/cli.md is what the commands say of themselves."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from webapp.api.replays import MOST_HOURS

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "docs" / "cli.md"


def test_the_page_is_the_help_of_the_commands() -> None:
    """In a process of its own: click remembers the help option of a command that another test has called alone."""
    made = subprocess.run([sys.executable, "-m", "webapp.cli_reference"], cwd=ROOT, capture_output=True, check=True)
    assert PAGE.read_text(encoding="utf-8") == made.stdout.decode("utf-8")


def test_the_help_names_the_hours_that_a_server_looks_at() -> None:
    assert f"a server looks at {MOST_HOURS} at most" in PAGE.read_text(encoding="utf-8")
