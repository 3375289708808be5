"""The configuration: one versioned document, the same in file, API, Redis and console."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, ValidationError

from handoff_rules.destinations import Destination, Ending
from handoff_rules.hours import Hours
from handoff_rules.intake import Intake, NoIntake
from handoff_rules.model import Model, Name, SchemaOne, Slug, TimeZone, Value, VariableName, Whole
from handoff_rules.problems import ConfigurationError, Problem
from handoff_rules.reading import MAX_PROBLEMS, bounds_faults, faults_of
from handoff_rules.references import reference_faults
from handoff_rules.rules import Rule
from handoff_rules.salvage import errors_at_their_places, filled, is_item_around, part_with, place_before, without
from handoff_rules.saved_tests import SavedTest
from handoff_rules.texts import TextBack

MOST_ROUNDS = 5
"""How often more is left out of a faulty document until the rest can be looked at: an exception, its schedule, …"""

Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
NumberType = Literal[
    "fixed_line", "mobile", "fixed_line_or_mobile", "toll_free", "voip", "shared_cost", "premium_rate",
    "personal_number", "pager", "uan", "voicemail", "unknown",
]  # fmt: skip


class Variable(Model):
    """A declared call variable: a sample for previews, and whether its value is a secret."""

    sample: Value = ""
    secret: bool = False
    description: str = ""


class Policy(Model):
    """Which numbers may be dialled (by numbering-plan region and type, never by prefix) and how many steps."""

    allowed_regions: tuple[Country, ...] | None = None
    allowed_number_types: tuple[NumberType, ...] = (
        "fixed_line", "mobile", "fixed_line_or_mobile", "toll_free", "voip",
    )  # fmt: skip
    max_steps: Whole = Field(default=8, ge=1, le=20)


class Configuration(Model):
    """Shapes and single values are checked here; what needs the whole document is in `check`."""

    schema_: SchemaOne = Field(alias="schema")
    name: Name
    time_zone: TimeZone = "UTC"
    country: Country = "US"
    default_destination: Slug
    ending: Ending = Ending(say="We are sorry that nobody could take your call. Please try again later.")
    sip_host: str | None = None
    variables: dict[VariableName, Variable] = Field(default={}, max_length=1000)
    destinations: Annotated[tuple[Destination, ...], Field(min_length=1, max_length=2000)]
    rules: Annotated[tuple[Rule, ...], Field(max_length=10_000)] = ()
    hours: Annotated[tuple[Hours, ...], Field(max_length=500)] = ()
    intake: Intake = NoIntake()
    text_back: TextBack | None = None
    policy: Policy = Policy()
    tests: Annotated[tuple[SavedTest, ...], Field(max_length=5000)] = ()

    @cached_property
    def destination_by_id(self) -> dict[str, Destination]:
        return {destination.id: destination for destination in self.destinations}

    @cached_property
    def rule_by_id(self) -> dict[str, Rule]:
        return {rule.id: rule for rule in self.rules}

    @cached_property
    def secret_variables(self) -> frozenset[str]:
        return frozenset(name for name, variable in self.variables.items() if variable.secret)

    @cached_property
    def allowed_regions(self) -> tuple[str, ...]:
        return self.policy.allowed_regions or (self.country,)

    def to_document(self) -> dict[str, Any]:
        """The plain document again, without what only repeats a default."""
        return self.model_dump(mode="json", by_alias=True, exclude_defaults=True) | {"schema": 1}


def read_configuration(document: Mapping[str, Any]) -> Configuration:
    """The configuration that a plain document (from YAML, JSON or Redis) describes.

    Raises `ConfigurationError` with every fault at once and nothing else, whatever the document holds: shapes, single
    values, names that nothing has, and then also the errors that `check` finds in the parts without a fault. What needs
    judgement in a sound document (routes, policy, loops, reach) is left to `check`.
    """
    if faults := bounds_faults(document):
        raise ConfigurationError(faults)
    try:
        configuration = Configuration.model_validate(document)
    except ValidationError as error:
        faults = faults_of(error, Configuration, document)
    else:
        faults = []
    reported = {fault.path for fault in faults}
    faults += [fault for fault in reference_faults(document) if fault.path not in reported]
    if faults:
        raise ConfigurationError([*faults, *_errors_in_the_rest(document, faults)])
    return configuration


def _errors_in_the_rest(document: Mapping[str, Any], faults: Sequence[Problem]) -> list[Problem]:
    """What `check` finds in the parts that have no fault; not asked where there are too many already."""
    if len(faults) >= MAX_PROBLEMS:
        return []
    from handoff_rules.check import judge  # it needs the models of this file

    reported = {fault.path for fault in faults}
    document, made_up = filled(document, sorted(reported))
    dropped = {part_with(path.split("/"), document, as_little_as_possible=True) for path in reported - made_up}
    for _ in range(MOST_ROUNDS):
        kept, places = without(document, dropped)
        try:
            configuration = Configuration.model_validate(kept)
        except ValidationError as error:  # what is left of an entry may be none: then more of it goes
            before = [place_before(fault.path.split("/"), places) for fault in faults_of(error, Configuration, kept)]
            dropped |= {part_with(place, document) for place in before if place}
            continue
        found = errors_at_their_places(judge(configuration, own_numbers={}, arrives_by_sip=None), places)
        return [one for one in found if one.path not in reported and not is_item_around(one.path, reported)]
    return []
