"""Where in the request the faults of a configuration are told: at what the client sent, never at what it did not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from handoff_rules.problems import ConfigurationError
from webapp.api.problem import ApiFault, Fault
from webapp.api.reading import pointer
from webapp.api.refusals import as_problem
from webapp.configurations.conflicts import PromotionRefusedError

Place = Callable[[Fault], Fault]
"""A fault that knows its `path` in the document, with its place in the request."""


@contextmanager
def told_at(place: Place) -> Iterator[None]:
    """Without it a fault has only its path in the document."""
    try:
        yield
    except (ConfigurationError, PromotionRefusedError) as error:
        fault = as_problem(error)
        assert fault is not None
        raise ApiFault(fault.code, fault.detail, [place(one) for one in fault.errors]) from error


def in_the_body(part: Callable[[], str] = lambda: "", *, under: str = "") -> Place:
    """`part`: where in the document the body stands (`rules/2`). `under`: the pointer to the document in the body."""

    def place(fault: Fault) -> Fault:
        path, below = fault.path or "", part()
        if below and path != below and not path.startswith(f"{below}/"):
            return fault
        inside = path[len(below) :].strip("/")
        return fault.model_copy(update={"pointer": under + (pointer(inside.split("/")) if inside else "")})

    return place


def at_field(name: str) -> Place:
    return lambda fault: fault.model_copy(update={"pointer": pointer((name,))})


def at_parameter(name: str) -> Place:
    return lambda fault: fault.model_copy(update={"parameter": name})
