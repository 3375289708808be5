"""The code rules of the installed packages, asked in a process of their own.

Threads hold off a rule that is slow or faulty (`code_rules`). Nothing in this process could hold off one that keeps the
interpreter's lock, such as an expression that runs wild, or that ends its process: there it costs a caller the time
budget, and the calls of that moment its opinion.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Mapping
from concurrent.futures import TimeoutError as FutureTimeoutError
from functools import cache
from importlib.metadata import entry_points
from typing import Final

import structlog

from handoff_rules.decide import Vote
from webapp.voice.code_rule_process import CodeRuleProcess
from webapp.voice.code_rule_threads import CodeRuleEndedError
from webapp.voice.code_rules import BUDGET_SECONDS, GROUP, CodeRules, Votes

log = structlog.get_logger(__name__)

GRACE_SECONDS: Final = 0.25
"""Beyond the budget, which the rules' own process keeps: no answer by then means that it cannot answer any more."""
START_SECONDS: Final = 5.0
"""For Python and the packages; a server that starts waits so long for them."""
LOSSES_UNTIL_OFF: Final = 3
"""So many in a row, without an answer in between."""


@cache
def installed_code_rules() -> Votes:
    """Those of this process. Without an installed code rule nothing is started."""
    return InstalledCodeRules() if entry_points(group=GROUP) else CodeRules({})


class InstalledCodeRules:
    def __init__(self, environment: Mapping[str, str] = os.environ, budget_seconds: float = BUDGET_SECONDS) -> None:
        """Waits until the rules can be asked, or for 5 s."""
        level = logging.getLevelName(logging.getLogger().getEffectiveLevel())
        self._command = (sys.executable, "-m", "webapp.voice.code_rule_host", level)
        self._environment = environment
        self._budget = budget_seconds
        self._lock = threading.Lock()
        self.losses = 0
        self._process = CodeRuleProcess(self._command, environment)
        self._process.is_ready(START_SECONDS)

    @property
    def is_off(self) -> bool:
        return self.losses >= LOSSES_UNTIL_OFF

    def votes(self, variables: Mapping[str, str]) -> tuple[Vote, ...]:
        """What each function said about this call; "no opinion" is left out. Never raises."""
        process = self._process
        if self.is_off:
            return ()
        try:
            if not process.is_ready(self._budget):
                self._lose(process, "does not start", if_older_than=START_SECONDS)
                return ()
            told = process.ask(variables).result(timeout=self._budget + GRACE_SECONDS)
        except FutureTimeoutError:
            self._lose(process, "does not answer")
        except CodeRuleEndedError:
            self._lose(process, "has ended")
        else:
            self.losses = 0
            return tuple(Vote(**vote) for vote in told)
        return ()

    def close(self) -> None:
        self._process.end()

    def _lose(self, process: CodeRuleProcess, why: str, if_older_than: float = 0.0) -> None:
        """Ends this one and starts another, once for all calls that wait for it."""
        with self._lock:
            if process is not self._process or process.age < if_older_than:
                return
            self.losses += 1
            process.end()
            log.error("code rules lost their process", why=why, switched_off=self.is_off)
            if not self.is_off:
                self._process = CodeRuleProcess(self._command, self._environment)
