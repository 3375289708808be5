"""Four roles, each with everything that the one before it may do."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    VIEWER = "viewer"
    OPERATOR = "operator"
    RELEASER = "releaser"
    ADMIN = "admin"

    def may_act_as(self, needed: Role) -> bool:
        return ORDER.index(self) >= ORDER.index(needed)

    @property
    def in_words(self) -> str:
        return WORDS[self]


ORDER = tuple(Role)
WORDS = {
    Role.VIEWER: "sees everything, changes nothing",
    Role.OPERATOR: "edits the sandbox and tests calls",
    Role.RELEASER: "also promotes to production and rolls back",
    Role.ADMIN: "also manages people, tokens and settings",
}
