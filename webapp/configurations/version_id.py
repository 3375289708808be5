"""The identity of a version as it travels in callback URLs, ETags and log lines: `12-a1b2c3d4`."""

from __future__ import annotations

import re
from dataclasses import dataclass

_WRITTEN = re.compile(r"(0|[1-9][0-9]{0,9})-([0-9a-f]{8})")


@dataclass(frozen=True, slots=True, order=True)
class VersionId:
    """`number` counts the saves of one store; `digest` tells a re-seeded version 1 from an earlier one.

    Number 0 is a configuration that no store has numbered: the shipped file, or the last resorts.
    """

    number: int
    digest: str

    def __str__(self) -> str:
        return f"{self.number}-{self.digest}"

    @classmethod
    def parse(cls, text: str) -> VersionId:
        """Read `12-a1b2c3d4`; anything else is a ValueError, because the text may come from a stranger."""
        written = _WRITTEN.fullmatch(text)
        if written is None:
            raise ValueError(f"{text[:40]!r} is not a version identity such as 12-a1b2c3d4.")
        return cls(number=int(written[1]), digest=written[2])
