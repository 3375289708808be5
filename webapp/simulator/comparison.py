"""Two simulations of one call side by side: what is different for the caller, and for whoever is rung."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from xml.etree import ElementTree as ET

from webapp.simulator.result import SimulatedStep, Simulation
from webapp.simulator.saved_tests import Difference

STATE = re.compile(r"\?s=1\.[^#\"]*")
"""The state of the call in our callback URLs (DESIGN section 4). It names the version, so it differs always."""
NAMELESS: Mapping[str, str] = {}


def compare_simulations(
    one: Simulation, other: Simulation, names: Mapping[str, str] = NAMELESS
) -> tuple[Difference, ...]:
    """None when both do exactly the same with the call. `expected` is what `one` does, `actual` what `other` does.

    `names` gives the name of each destination by its id. Where the ways part the comparison of steps ends: what
    follows is then another call, and the path has told it.
    """
    return tuple(_differences(one, other, names))


def without_state(text: str) -> str:
    """A document, or an attribute of one, without the state in its callback URLs."""
    return STATE.sub("", text)


def _differences(one: Simulation, other: Simulation, names: Mapping[str, str]) -> Iterator[Difference]:
    if one.path != other.path:
        yield Difference("path", *(" → ".join(names.get(step, step) for step in each.path) for each in (one, other)))
    if one.ends is not other.ends:
        yield Difference("ends", one.ends.value, other.ends.value)
    for before, after in zip_longest(one.steps, other.steps):
        if before is None or after is None or before.destination != after.destination:
            break
        yield from _in_a_step(before, after, names.get(before.destination or "", before.destination or "The caller"))
    yield from _unequal("text message", *(" ".join(text.body for text in each.texts) for each in (one, other)))


def _in_a_step(one: SimulatedStep, other: SimulatedStep, name: str) -> Iterator[Difference]:
    told = [
        *_unequal(f"{name} is reached by", one.verb, other.verb),
        *_unequal(name, _listed(one.rings), _listed(other.rings)),
        *_unequal(f"{name}: the caller hears", " ".join(one.caller_hears), " ".join(other.caller_hears)),
        *_unequal(
            f"{name}: whoever answers hears", " ".join(one.called_person_hears), " ".join(other.called_person_hears)
        ),
        *_of_headers(name, one.headers, other.headers),
    ]
    yield from told or _of_documents(name, one.document, other.document)


def _of_headers(name: str, one: Mapping[str, str], other: Mapping[str, str]) -> Iterator[Difference]:
    for header in dict.fromkeys((*one, *other)):
        yield from _unequal(f"{name}: header {header}", one.get(header, "not sent"), other.get(header, "not sent"))


def _of_documents(name: str, one: str, other: str) -> Iterator[Difference]:
    """Attribute by attribute where both are built alike, else the whole documents."""
    if without_state(one) == without_state(other):
        return
    pairs = list(zip_longest(ET.fromstring(one).iter(), ET.fromstring(other).iter()))  # noqa: S314  # our own
    if any(before is None or after is None or before.tag != after.tag for before, after in pairs):
        yield Difference(f"{name}: what Twilio is told", one, other)
        return
    for before, after in pairs:
        for key in sorted({*before.keys(), *after.keys()}):
            old, new = (without_state(each.get(key, "not given")) for each in (before, after))
            yield from _unequal(f"{name}: {before.tag} {key}", old, new)


def _unequal(what: str, one: str, other: str) -> Iterator[Difference]:
    if one != other:
        yield Difference(what, one or "nothing", other or "nothing")


def _listed(routes: Sequence[str]) -> str:
    return ", ".join(routes)
