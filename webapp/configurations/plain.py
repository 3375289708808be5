"""Versions, differences and what a save made, as plain data: the same in the API and on the command line."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from handoff_rules.problems import Problem
from webapp.configurations.differences import Difference
from webapp.configurations.published import ENVIRONMENTS
from webapp.configurations.records import About, Pointers
from webapp.configurations.versions import Saved


def plain_about(about: About, pointers: Pointers) -> dict[str, Any]:
    identity = str(about.version)
    return {
        "version": about.number, "digest": about.digest,
        "environments": [name for name in ENVIRONMENTS if str(pointers.of(name)) == identity],
        "author": about.author, "at": about.at, "note": about.note, "parent": about.parent,
    }  # fmt: skip


def plain_difference(before: About, after: About, found: Difference) -> dict[str, Any]:
    changes = [change.to_plain() for change in found.changes]
    return {"before": before.number, "after": after.number, "changes": changes, "yaml": found.yaml}


def plain_saved(saved: Saved) -> dict[str, Any]:
    """What a write made; `durable` false: `why` says how it could still be lost. `problems` are warnings."""
    return {
        "version": saved.version.number, "digest": saved.version.digest, "durable": saved.durable, "why": saved.why,
        "dry_run": False, "problems": plain_problems(saved.problems),
    }  # fmt: skip


def plain_checked(problems: Iterable[Problem]) -> dict[str, Any]:
    """Of a dry run, in the same shape."""
    return {
        "version": None, "digest": None, "durable": False, "why": "", "dry_run": True,
        "problems": plain_problems(problems),
    }  # fmt: skip


def plain_problems(problems: Iterable[Problem]) -> list[dict[str, str]]:
    return [
        {"path": problem.path, "message": problem.message, "fix": problem.fix, "severity": problem.severity}
        for problem in problems
    ]
