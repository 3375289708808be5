"""What a decision says: the destination, who chose it, and what is changed about it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from handoff_rules.destinations import Header


class Decision(NamedTuple):
    """`rule` and `vote` say who chose: a rule's id, a code rule's name, or neither (the default destination).

    `reason` is the vote's, the rule's or the destination's, else empty. `utterance` and `headers` are overrides: None
    leaves the destination's own. `set_variables` are added to the call's variables.
    """

    destination: str
    rule: str | None = None
    reason: str = ""
    utterance: str | None = None
    headers: tuple[Header, ...] | None = None
    set_variables: Mapping[str, str] = MappingProxyType({})
    vote: str | None = None
