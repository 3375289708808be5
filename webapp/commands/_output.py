"""Where stdout and stderr lead to: which characters they can hold, and when nothing more fits."""

from __future__ import annotations

import sys
from errno import EDQUOT, EFBIG, EIO, ENOSPC
from io import TextIOWrapper

_FULL = (ENOSPC, EDQUOT, EFBIG, EIO)


def replace_strange_characters() -> None:
    """A terminal that has no tick gets a question mark in its place, not a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


def holds_every_character() -> bool:
    return (sys.stdout.encoding or "").lower().startswith("utf")


def is_full(fault: OSError) -> bool:
    """Of a device or a file; no socket says this."""
    return fault.errno in _FULL
