"""The program that asks the installed code rules, in a process of its own (`installed_code_rules` starts it).

A line in is a JSON list of a number and the call variables; a line out has the same number and what `CodeRules.votes`
says, as plain values. The first line out has the number 0: the rules are loaded. The end of the input is the end.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from time import sleep
from typing import BinaryIO, Final

from webapp.logs import configure_logging
from webapp.voice.code_rules import CodeRules

MOST_CALLS_AT_ONCE: Final = 16
STUCK_SECONDS: Final = 10.0
"""So long may a rule hold the interpreter's lock when nobody is left who would end this process."""


def main(level: str, stuck_seconds: float = STUCK_SECONDS) -> None:
    asked, told = _private_pipes()
    threading.Thread(target=_end_when_stuck, args=(stuck_seconds,), daemon=True).start()
    configure_logging(level)
    rules, lock = CodeRules.installed(), threading.Lock()

    def tell(number: int, variables: Mapping[str, str] | None) -> None:
        votes = () if variables is None else rules.votes(variables)
        line = json.dumps([number, [asdict(vote) for vote in votes]]).encode() + b"\n"
        with lock:
            told.write(line)
            told.flush()

    calls = ThreadPoolExecutor(MOST_CALLS_AT_ONCE)
    tell(0, None)
    for line in asked:
        calls.submit(tell, *json.loads(line))
    os._exit(0)  # a rule that hangs would hold up a polite end


def _private_pipes() -> tuple[BinaryIO, BinaryIO]:
    """The two of this conversation, out of reach of what a rule reads and prints."""
    asked, told = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    return os.fdopen(asked, "rb"), os.fdopen(told, "wb")


def _end_when_stuck(seconds: float) -> None:
    """The system ends this process when nobody puts the alarm off: it needs no interpreter for that."""
    while True:
        signal.setitimer(signal.ITIMER_REAL, seconds)
        sleep(seconds / 4)


if __name__ == "__main__":
    main(sys.argv[1])
