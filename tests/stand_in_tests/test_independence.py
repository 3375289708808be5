"""The stand-in judges the product, so it knows nothing of it, nor of the Twilio library that the product uses."""

from __future__ import annotations

import ast
from pathlib import Path


def test_the_stand_in_imports_only_itself_and_the_standard_library() -> None:
    folder = Path(__file__).parent.parent / "stand_in"
    files = sorted(folder.glob("*.py"))
    assert len(files) > 20
    for file in files:
        assert outside(file) == set(), file.name


def outside(file: Path) -> set[str]:
    imported: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add(node.module or "")
    ours = {"handoff_rules", "twiml", "webapp", "twilio", "flask", "werkzeug", "pydantic", "redis"}
    tests = {name for name in imported if name.startswith("tests.") and not name.startswith("tests.stand_in")}
    return {name for name in imported if name.partition(".")[0] in ours} | tests
