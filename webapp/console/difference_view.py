"""The difference of two versions as a page shows it: in sentences, side by side or as YAML, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request, url_for

from webapp.configurations.published import Published
from webapp.configurations.records import Version
from webapp.console.pagination import Pager
from webapp.console.text_diff import Compared, side_by_side, yaml_lines
from webapp.console.version_difference import Difference, difference

VIEWS = {"": "Summary", "side": "Side by side", "yaml": "YAML"}
SIZES = {"": 30, "side": 15, "yaml": 15}
"""Things on one page: what a page can show in its time and weight when each of them is long."""


@dataclass(frozen=True, slots=True)
class Seen:
    """`pager` holds the things of this page; `compared` the same with their lines, in the two views that have lines."""

    view: str
    difference: Difference
    pager: Pager
    compared: Sequence[Compared]


def seen(before: Published | Version, after: Published | Version, endpoint: str) -> Seen:
    """`endpoint` is the page that the links to further things lead to."""
    view = request.args.get("view", "")
    view = view if view in VIEWS else ""
    found = difference(before, after)
    pager = Pager.of(found.things, request, SIZES[view], path=url_for(endpoint, **(request.view_args or {})))
    compare = {"side": side_by_side, "yaml": yaml_lines}.get(view)
    compared = compare(pager.shown, before.document, after.document) if compare else ()
    return Seen(view, found, pager, compared)
