"""The list of calls as a file: every wanted call, its caller masked, and how long it rang and was talked in."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

from webapp.calls.reading import CallReader
from webapp.calls.wanted import Wanted
from webapp.console.export import safe_cell
from webapp.console.masking import hidden

COLUMNS = (
    "call_sid", "started", "environment", "version", "destination", "rule", "ends", "over", "from", "to",
    "ring_seconds", "talk_seconds",
)  # fmt: skip
AT_ONCE = 200
"""Calls whose timelines are read in one round trip."""


def json_lines(calls: CallReader, wanted: Wanted) -> Iterator[str]:
    """One array, a call on each line; seconds are numbers, or null where nothing said them."""
    begin = "["
    for call in _rows(calls, wanted):
        yield begin + json.dumps(call, ensure_ascii=True)
        begin = ",\n"
    yield "[]\n" if begin == "[" else "]\n"


def csv_lines(calls: CallReader, wanted: Wanted) -> Iterator[str]:
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for call in _rows(calls, wanted):
        writer.writerow([_cell(call[column]) for column in COLUMNS])
        yield lines.getvalue()
        lines.seek(0)
        lines.truncate()
    yield lines.getvalue()


def _rows(calls: CallReader, wanted: Wanted) -> Iterator[dict[str, Any]]:
    every = calls.every(wanted)
    while batch := list(islice(every, AT_ONCE)):
        lasting = calls.lasting([call.call_sid for call in batch])
        for call in batch:
            took = lasting[call.call_sid]
            yield {**hidden(call.to_plain()), "ring_seconds": took.ring, "talk_seconds": took.talk}


def _cell(value: str | float | None) -> str:
    """A number is written by us and is none of a stranger's, so only a text can be a formula."""
    if value is None:
        return ""
    return safe_cell(value) if isinstance(value, str) else f"{value:.10g}"
