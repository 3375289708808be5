"""Versions as people remember them: what one person saved in one sitting is one group of versions."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from webapp.configurations.records import About
from webapp.configurations.version_id import VersionId

TOGETHER = timedelta(minutes=15)
"""The longest pause between two saves of one sitting."""


@dataclass(frozen=True, slots=True)
class Group:
    """`earlier` saves of the same person stand behind the `newest` one, newest first.

    `is_open`: one of the earlier ones was in production, so that the way back to it must be in sight.
    """

    newest: About
    earlier: tuple[About, ...]
    is_open: bool

    @property
    def oldest(self) -> About:
        return self.earlier[-1] if self.earlier else self.newest


def grouped(versions: Sequence[About], produced: Container[VersionId]) -> list[Group]:
    """`versions` are newest first, and so are the groups."""
    sittings: list[list[About]] = []
    for version in versions:
        if sittings and _belong_together(version, sittings[-1][-1]):
            sittings[-1].append(version)
        else:
            sittings.append([version])
    return [
        Group(newest, tuple(earlier), any(one.version in produced for one in earlier)) for newest, *earlier in sittings
    ]


def _belong_together(older: About, newer: About) -> bool:
    pause = datetime.fromisoformat(newer.at) - datetime.fromisoformat(older.at)
    return older.author == newer.author and pause <= TOGETHER
