"""`handoff hours list|show`."""

from __future__ import annotations

from webapp.commands._listing import listing

hours_command = listing(
    "hours",
    "schedule",
    lambda hours: (hours.get("time_zone", ""), "closed by hand" if hours.get("closed_now") else ""),
)
