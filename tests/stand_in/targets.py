"""Which targets a configuration may dial, and whose a dialled target is, read from the plain text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.stand_in.transcript import Attempt


@dataclass(frozen=True, slots=True)
class Targets:
    """`forms` holds, for each destination, every way in which one of its routes may stand on the wire."""

    forms: Mapping[str, frozenset[str]]
    everything: frozenset[str]

    @classmethod
    def of(cls, configuration: Mapping[str, Any]) -> Targets:
        host = configuration.get("sip_host", "")
        forms = {
            destination["id"]: frozenset(form for route in routes_of(destination) for form in forms_of(route, host))
            for destination in configuration["destinations"]
        }
        agent = configuration.get("intake", {})
        if "route" in agent:
            forms["agent"] = frozenset(forms_of(agent["route"], host))
        return cls(forms, frozenset().union(*forms.values()))

    def name_of(self, attempt: Attempt) -> str:
        """The destination that has all targets of the attempt; the targets themselves when there is none."""
        for name, forms in self.forms.items():
            if forms.issuperset(attempt.targets):
                return name
        return " ".join(attempt.targets)


def routes_of(destination: Mapping[str, Any]) -> list[str]:
    route = destination.get("route", [])
    return [route] if isinstance(route, str) else list(route)


def forms_of(route: str, host: str) -> list[str]:
    """An extension is completed by the SIP host; a phone number may become a SIP address for a REFER."""
    if route.startswith("+"):
        return [route, f"sip:{route}@{host};user=phone"] if host else [route]
    return [route] if ":" in route else [f"sip:{route}@{host}"]
