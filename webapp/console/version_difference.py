"""The difference of two versions, worked out once: versions never change, so it is kept for the latest pairs."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from handoff_rules.configuration import Configuration, read_configuration
from handoff_rules.diff import Change, diff
from handoff_rules.problems import ConfigurationError
from webapp.configurations.conflicts import EditRefusedError
from webapp.configurations.published import Published
from webapp.configurations.records import Version
from webapp.configurations.version_id import VersionId
from webapp.console.change_words import Thing, counted, things
from webapp.console.needs import needs

KEPT = 16


@dataclass(frozen=True, slots=True)
class Difference:
    """`changes` one by one, and as `things` with their names; `counted` is both in short: `2 changed, 1 added`."""

    changes: tuple[Change, ...]
    things: tuple[Thing, ...]
    counted: str


def difference(before: Published | Version, after: Published | Version) -> Difference:
    """Raises EditRefusedError when this release cannot read one of them."""
    pair = (before.version, after.version)
    known = _KNOWN.get(pair)
    if known is None:
        old, new = _configuration(before), _configuration(after)
        changes = tuple(diff(old, new))
        found = tuple(things(changes, old, new))
        known = _KNOWN[pair] = Difference(changes, found, counted(found))
        while len(_KNOWN) > KEPT:
            _KNOWN.popitem(last=False)
    return known


_KNOWN: OrderedDict[tuple[VersionId, VersionId], Difference] = OrderedDict()


def _configuration(version: Published | Version) -> Configuration:
    """What callers meet at the moment is read already."""
    if isinstance(version, Published):
        return version.compiled.configuration
    for held in (needs().live.environment("production"), needs().live.environment("sandbox")):
        if held.version == version.version:
            return held.compiled.configuration
    try:
        return read_configuration(version.document)
    except ConfigurationError as fault:
        raise EditRefusedError(f"v{version.number} cannot be read by this release: {fault}.") from fault
