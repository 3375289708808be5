"""Configurations with one thing to find in them, and what the check says of them."""

from __future__ import annotations

from typing import Any

from handoff_rules.check import check
from handoff_rules.configuration import read_configuration
from handoff_rules.problems import Problem

SIP = "sip:desk@pbx.example.com"
ERROR, WARNING = "error", "warning"
Case = tuple[dict[str, Any], str, str]
"""A document, the place of the problem that is found in it, and how severe it is."""


def desk(**more: Any) -> dict[str, Any]:
    """A second destination beside the default one."""
    return {"id": "desk", "name": "Desk", "method": "INVITE", "route": SIP} | more


def with_destination(destination: dict[str, Any], **more: Any) -> dict[str, Any]:
    main = {"id": "main", "name": "Main", "method": "INVITE", "route": "+14155550100"}
    rules = [{"id": "r", "name": "Rule", "destination": "desk", "when": {"variable": "digits", "is": "1"}}]
    return {
        "schema": 1,
        "name": "Test",
        "default_destination": "main",
        "destinations": [main, destination],
        "rules": rules,
    } | more


def header(name: str, value: str) -> dict[str, Any]:
    return {"headers": [{"name": name, "value": value}]}


def rules(*conditions: Any) -> dict[str, Any]:
    listed = [
        {"id": f"r{n}", "name": f"R{n}", "destination": "desk"} | ({"when": when} if when else {})
        for n, when in enumerate(conditions)
    ]
    return with_destination(desk(), rules=listed)


def problems_in(document: dict[str, Any], **surroundings: Any) -> list[Problem]:
    document = {key: value for key, value in document.items() if value is not None}
    return check(read_configuration(document), **surroundings)


def assert_found(case: Case) -> None:
    document, path, severity = case
    found = {problem.path: problem for problem in problems_in(document)}
    assert found[path].severity == severity
    assert found[path].message
    assert found[path].fix
