"""Saved tests that pin no time, although their call goes one way now and another way later."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from handoff_rules import ladder
from handoff_rules.atoms import Atom, DateAtom, DayAtom, HoursAtom, ShareAtom, VariableAtom
from handoff_rules.check_dates import is_over
from handoff_rules.check_hours import last_open_day
from handoff_rules.check_rules import constant_schedules
from handoff_rules.configuration import Configuration
from handoff_rules.decision import Decision
from handoff_rules.destinations import Destination, Method
from handoff_rules.hours_grid import WEEKDAYS
from handoff_rules.intake import MenuIntake
from handoff_rules.known_variables import fault_of_told
from handoff_rules.outcomes import Outcome
from handoff_rules.problems import Problem
from handoff_rules.saved_tests import CALL_SID, Expectation, SavedTest, TestCall
from handoff_rules.share import call_number, draw
from handoff_rules.tree import Trees, surely

WORK_LIMIT = 200_000
"""Conditions and steps that are looked at, for all tests of a configuration: less than a second. What is left then is
not told."""

REFUSED = (Outcome.BUSY, Outcome.NO_ANSWER, Outcome.FAILED, Outcome.DECLINED)
POSSIBLE: Mapping[str, tuple[Outcome, ...]] = {
    "declined": (Outcome.DECLINED, Outcome.BUSY, Outcome.NO_ANSWER),
    "machine": (Outcome.MACHINE, Outcome.DECLINED, Outcome.ANSWERED),
    "unconfirmed": (Outcome.UNCONFIRMED, Outcome.FAILED),
}
"""Words of the far end that mean one or the other: how the destination is rung decides it."""


def unpinned_test_problems(configuration: Configuration, trees: Trees, today: date | None) -> Iterator[Problem]:
    """`trees`: of the rules that a call can reach. Code rules are not asked."""
    unpinned = [(index, test) for index, test in enumerate(configuration.tests) if test.call.at is None]
    if not unpinned:
        return
    clock = _Clock(configuration, trees, today)
    for index, test in unpinned:
        why = clock.read_by(test)
        if clock.is_spent:
            return
        if why:
            message = f"“{test.name}” names no time, and its way depends on it: {why}."
            fix = 'Add `at` to its call, such as "2026-11-20T15:00:00-05:00".'
            yield Problem(f"tests/{index}/call", message, fix, "warning")


class _Clock:
    """What looks at the time on the way of a call."""

    def __init__(self, configuration: Configuration, trees: Trees, today: date | None) -> None:
        self._configuration = configuration
        self._trees = trees
        self._today = today
        self._schedules = constant_schedules(configuration)
        for hours in configuration.hours:
            last = last_open_day(hours)
            if hours.closed_now or (last is not None and is_over(last, today)):
                self._schedules[hours.id] = "closed"
        self._left = WORK_LIMIT

    @property
    def is_spent(self) -> bool:
        return self._left < 0

    def read_by(self, test: SavedTest) -> str | None:
        """The first thing that does, in words; None when the call goes the same way at every time."""
        if named := self._configuration.destination_by_id.get(test.call.asked_for or ""):
            return self._read_on_the_ladder(test, named.id)
        *doubtful, last = self._possible(test.call)
        for decision in doubtful:
            if decision.rule and _compared(decision, test.expect) != _compared(last, test.expect):
                return f"the rule “{self._configuration.rule_by_id[decision.rule].name}” looks at the clock"
        return self._read_on_the_ladder(test, last.destination)

    def _possible(self, call: TestCall) -> list[Decision]:
        """What may be decided, by the time; the last one is left when no other comes."""
        truth = self._truth_for(call)
        found: list[Decision] = []
        for position, tree in self._trees:
            self._left -= 1
            if self.is_spent:
                break
            answer = surely(tree, truth)
            if answer is not False:
                rule = self._configuration.rules[position]
                found.append(Decision(
                    rule.destination, rule.id, rule.reason or "", rule.utterance, rule.headers, rule.set
                ))  # fmt: skip
            if answer:
                return found
        return [*found, Decision(self._configuration.default_destination)]

    def _truth_for(self, call: TestCall) -> Callable[[Atom], bool | None]:
        known, number = _known(self._configuration, call), call_number(call.call_sid or CALL_SID)

        def truth(atom: Atom) -> bool | None:
            match atom:
                case VariableAtom():
                    value = known.get(atom.variable)
                    return atom.operator == "is_missing" if value is None else atom.test(value)
                case ShareAtom():
                    return draw(number, atom.salt) < atom.percent
                case HoursAtom():
                    state = self._schedules.get(atom.hours)
                    return None if state is None else (state == "open") is atom.open
                case DayAtom():
                    return True if set(atom.days) >= set(WEEKDAYS) else None
                case DateAtom():
                    return False if is_over(atom.last, self._today) else None

        return truth

    def _read_on_the_ladder(self, test: SavedTest, destination: str) -> str | None:
        asked: list[Destination] = []

        def unavailable(one: Destination) -> Outcome | None:
            state = self._schedules.get(one.hours) if one.hours else "open"
            if state is None:
                asked.append(one)
            if state == "closed":
                return Outcome.CLOSED
            fails = one.skip_when_failing and one.id in test.call.failing
            return Outcome.FAILED if fails or _cannot_be_given_back(one, test.call) else None

        def leads_to_hours(move: ladder.Move, attempt: int) -> bool:
            """Whatever of the possible outcomes comes."""
            self._left -= 1
            if asked or self.is_spent or not isinstance(move.action, ladder.Ring):
                return bool(asked)
            if self._configuration.destination_by_id[move.action.destination].method is Method.BYE:
                return False
            word = test.far_end[attempt] if attempt < len(test.far_end) else "answered"
            for outcome in _outcomes_of(word):
                asked.clear()
                following = ladder.next_step(self._configuration, move.progress, outcome, unavailable)
                if following is None or not leads_to_hours(following, attempt + 1):
                    return False
            return True

        first = ladder.first_step(self._configuration, destination, unavailable)
        return f"{asked[0].name} has hours" if leads_to_hours(first, 0) else None


def _compared(decision: Decision, expect: Expectation) -> tuple[object, ...]:
    """The destination, and whatever else of a decision the test looks at."""
    return (
        decision.destination,
        decision.rule if expect.rule else None,
        decision.reason if expect.reason else None,
        (decision.headers, decision.set_variables) if expect.headers else None,
        (decision.utterance, decision.set_variables) if expect.says else None,
    )


def _cannot_be_given_back(destination: Destination, call: TestCall) -> bool:
    """BYE on another leg than SIP would only hang up (DESIGN section 3)."""
    return destination.method is Method.BYE and call.over != "sip"


def _outcomes_of(word: str) -> Sequence[Outcome]:
    if word.startswith("sip:"):
        return REFUSED
    return POSSIBLE.get(word) or (Outcome(word),)


def _known(configuration: Configuration, call: TestCall) -> Mapping[str, str]:
    """The variables with which the call is decided."""
    told = {name: text for name, text in call.variables.items() if fault_of_told(name, call.over) is None}
    said = {
        "call_sid": call.call_sid or CALL_SID, "caller_id": call.from_, "called_number": call.to,
        "direction": "inbound", "arrived_over": call.over,
    }  # fmt: skip
    chosen: Mapping[str, str] = {}
    if isinstance(configuration.intake, MenuIntake):
        said["digits"], said["speech"] = configuration.intake.takes(call.digits, call.speech)
        chosen = configuration.intake.choices.get(said["digits"], {})
    return {**told, **{name: text for name, text in said.items() if text}, **chosen}
