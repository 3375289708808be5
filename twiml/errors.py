"""The one error of this leaf."""

from __future__ import annotations


class DocumentError(ValueError):
    """A value that must not become TwiML. `where` names the slot, `why` the rule that it breaks.

    The message never repeats the value: it may be a phone number, a header or a password, and messages end up in logs.
    """

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where}: {why}")
        self.where = where
        self.why = why
