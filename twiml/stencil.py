"""A document that many calls get: what is the same for all is written and checked once, the rest is filled in.

It is cut from an ordinary document whose varying places hold marks, so there is one writer and one set of checks.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from twiml.document import inspect_again
from twiml.errors import DocumentError

_FITS = re.compile(r"[A-Za-z0-9_.~%+=&?:;@-]*")
"""What a value may hold: it needs no escape but that of the ampersand, in attributes and in text alike."""


class Stencil:
    """`marks` are texts that stand nowhere in the document but where a value goes; none is part of another."""

    __slots__ = ("_pieces",)

    def __init__(self, document: str, marks: Collection[str]) -> None:
        self._pieces = re.split("(" + "|".join(map(re.escape, marks)) + ")", document)

    def filled(self, values: Mapping[str, str]) -> str:
        """The document with each mark replaced by its value. Raises DocumentError as `document` does."""
        if not _FITS.fullmatch("".join(values.values())):
            raise DocumentError("document", "has a value with a sign that nothing here holds unescaped")
        written = {mark: value.replace("&", "&amp;") for mark, value in values.items()}
        text = "".join([written.get(piece, piece) for piece in self._pieces])
        inspect_again(text)
        return text
