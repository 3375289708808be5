"""Which thing a problem of the configuration is about, for pages that are not about that thing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for

from handoff_rules.problems import Problem
from webapp.console.asked import whole_number

WITH_PAGES = ("destinations", "rules", "hours")


@dataclass(frozen=True, slots=True)
class Place:
    """`name` is empty where the problem's own words say it; `url` leads to where it is mended, else it is empty."""

    name: str
    url: str


def place_of(problem: Problem, document: Mapping[str, Any]) -> Place:
    """`document` is that of the sandbox: there it is mended."""
    part, _, rest = problem.path.partition("/")
    if part not in WITH_PAGES:
        return Place("", "")
    things = document.get(part, ())
    index = whole_number(rest.partition("/")[0], below=len(things))
    if index is None:
        return Place("", url_for(f"console.{part}.index"))
    name, identifier = things[index]["name"], things[index]["id"]
    return Place("" if name in problem.message else name, url_for(f"console.{part}.edit", identifier=identifier))
