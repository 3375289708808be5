"""`handoff destinations list|show`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from webapp.commands._listing import listing


def _columns(destination: Mapping[str, Any]) -> tuple[str, ...]:
    route = destination.get("route") or "-"
    return (
        destination.get("method", "REFER"),
        route if isinstance(route, str) else ", ".join(route),
        "" if destination.get("enabled", True) else "switched off",
    )


destinations_command = listing("destinations", "destination", _columns)
