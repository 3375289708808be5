"""How the commands that write a version or move production tell what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from handoff_rules.problems import Problem
from webapp.commands._answers import give_json, say, say_problems


def tell_saved(saved: Mapping[str, Any], sentence: str, *, as_json: bool) -> None:
    """The sentence on stdout, warnings and what is not durable on stderr; or all of it as JSON."""
    if as_json:
        give_json(saved)
        return
    print(sentence)
    say_problems(problems_of(saved["problems"]))
    if not saved["durable"]:
        say(saved["why"])


def problems_of(plain: Iterable[Mapping[str, Any]]) -> list[Problem]:
    return [Problem(one["path"], one["message"], one["fix"], one["severity"]) for one in plain]
