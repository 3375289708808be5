"""Why a server did not do what was asked, as its problem details tell it."""

from __future__ import annotations

from collections.abc import Sequence

from handoff_rules.problems import Problem


class RemoteRefusal(Exception):  # noqa: N818  # an answer that somebody reads, not a crash
    """`status` is the HTTP status; 0 when there was no answer at all. `problems` name the places."""

    def __init__(self, status: int, detail: str, problems: Sequence[Problem] = ()) -> None:
        self.status = status
        self.problems = tuple(problems)
        super().__init__(detail)
