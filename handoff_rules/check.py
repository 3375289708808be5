"""Problems found before a call is: the table of contents of every check that needs the whole configuration.

Errors block saving: what would be refused by Twilio, dial what must not be dialled, go round in circles, or tell a
secret. Warnings are shown: what is probably not meant.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from handoff_rules.check_dates import date_problems
from handoff_rules.check_destinations import destination_problems
from handoff_rules.check_hours import hours_problems
from handoff_rules.check_intake import intake_problems
from handoff_rules.check_ladders import ladder_problems
from handoff_rules.check_names import name_problems
from handoff_rules.check_policy import policy_problems
from handoff_rules.check_rules import rule_problems, trees_of, unreachable_in
from handoff_rules.check_tests import saved_test_problems
from handoff_rules.check_texts import text_problems
from handoff_rules.check_unpinned_tests import unpinned_test_problems
from handoff_rules.check_variables import variable_problems
from handoff_rules.configuration import Configuration
from handoff_rules.problems import Problem
from handoff_rules.references import reference_faults


def check(
    configuration: Configuration, *, own_numbers: Mapping[str, bool] | None = None, arrives_by_sip: bool | None = None,
    today: date | None = None,
) -> list[Problem]:  # fmt: skip
    """All problems of a configuration at once, errors first. Pure. Ten thousand rules of one or two conditions take
    a few seconds, of a dozen alternatives each ten times as long.

    `own_numbers`: the account's numbers in E.164, and whether the webhook of each is ours (a route to such a number
    is a loop). `arrives_by_sip`: False when calls do not arrive over SIP (REFER and BYE need one), None: not known.
    `today`: for schedules and rules whose days are all over.
    """
    references = reference_faults(configuration.to_document())
    judged = judge(configuration, own_numbers=own_numbers or {}, arrives_by_sip=arrives_by_sip, today=today)
    return [*references, *judged]


def judge(
    configuration: Configuration, *, own_numbers: Mapping[str, bool], arrives_by_sip: bool | None,
    today: date | None = None,
) -> list[Problem]:  # fmt: skip
    """Everything but missing names, which `read_configuration` has looked for already. Errors first."""
    trees = trees_of(configuration)
    unreachable = unreachable_in(configuration, trees)
    never = {found.position for found in unreachable}
    reachable = [(position, tree) for position, tree in trees if position not in never]
    problems = [
        *name_problems(configuration),
        *policy_problems(configuration),
        *destination_problems(configuration, own_numbers, arrives_by_sip),
        *ladder_problems(configuration, never),
        *rule_problems(configuration, unreachable),
        *date_problems(configuration, reachable, today),
        *[
            problem
            for index, hours in enumerate(configuration.hours)
            for problem in hours_problems(hours, f"hours/{index}", today)
        ],
        *intake_problems(configuration, own_numbers),
        *text_problems(configuration),
        *variable_problems(configuration),
        *saved_test_problems(configuration),
        *unpinned_test_problems(configuration, reachable, today),
    ]
    return sorted(problems, key=lambda problem: problem.severity != "error")
