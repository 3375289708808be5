"""`handoff rules list|show`."""

from __future__ import annotations

from webapp.commands._listing import listing

rules_command = listing(
    "rules", "rule", lambda rule: (f"-> {rule['destination']}", "" if rule.get("enabled", True) else "switched off")
)
