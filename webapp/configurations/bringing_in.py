"""A document from elsewhere, ours or PolyAI's, becomes a new version, unless the sandbox holds it already: the use case
of API and command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from handoff_rules.problems import Problem
from webapp.configurations.plain import plain_checked, plain_saved
from webapp.configurations.polyai import Report, import_polyai, is_polyai
from webapp.configurations.versions import Saved, Versions


@dataclass(frozen=True, slots=True)
class BroughtIn:
    """`saved` is None for a dry run; `problems` are warnings. `unchanged`: the sandbox holds just this already, and
    `saved` is that version."""

    format: Literal["handoff", "polyai"]
    report: Report
    saved: Saved | None
    problems: tuple[Problem, ...]
    unchanged: bool

    def to_plain(self) -> dict[str, Any]:
        return {
            "format": self.format,
            "mapped": self.report.mapped,
            "changed": self.report.changed,
            "without_meaning": self.report.without_meaning,
            "unchanged": self.unchanged,
            "saved": plain_saved(self.saved) if self.saved else plain_checked(self.problems),
        }


def bring_in(
    versions: Versions,
    document: Mapping[str, Any],
    *,
    expected: int | None,
    author: str,
    note: str,
    dry_run: bool,
    request: str = "",
) -> BroughtIn:
    """Raises what `Versions.save` raises."""
    foreign = is_polyai(document)
    kind: Literal["handoff", "polyai"] = "polyai" if foreign else "handoff"
    # A PolyAI file is merged into the version that its edit begins at, so a newer one is a conflict, not lost.
    base = versions.get("sandbox") if foreign else None
    report = import_polyai(document, base.document) if base else Report(document=dict(document))
    if dry_run:
        if expected is not None:
            versions.expect(expected, report.document)
        configuration, problems = versions.check(report.document)
        return BroughtIn(kind, report, None, problems, versions.holds(configuration.to_document()))
    newest = versions.pointers().newest
    saved = versions.save(
        report.document,
        expected=base.number if base and expected is None else expected,
        author=author,
        note=note or f"Imported from {'PolyAI' if foreign else 'a document'}",
        request=request,
        if_changed=True,
    )
    return BroughtIn(kind, report, saved, saved.problems, saved.version.number <= newest)
