"""The decision: where a call goes and why, from a configuration and facts. Pure; see README.md for its six laws."""

from handoff_rules.check import check
from handoff_rules.compiled import Compiled, compile_configuration
from handoff_rules.configuration import Configuration, read_configuration
from handoff_rules.decide import decide
from handoff_rules.decision import Decision
from handoff_rules.explain import explain
from handoff_rules.facts import Facts, Vote
from handoff_rules.problems import ConfigurationError, Problem
from handoff_rules.stored_facts import facts_from_store, facts_to_store
from handoff_rules.trace import Trace

__all__ = [
    "Compiled",
    "Configuration",
    "ConfigurationError",
    "Decision",
    "Facts",
    "Problem",
    "Trace",
    "Vote",
    "check",
    "compile_configuration",
    "decide",
    "explain",
    "facts_from_store",
    "facts_to_store",
    "read_configuration",
]
