"""First rules to begin with: what people ask for most, each with the condition filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from webapp.console.condition_form import group_draft
from webapp.console.forms import Draft
from webapp.console.rule_form import blank_draft


@dataclass(frozen=True, slots=True)
class Template:
    name: str
    when: Mapping[str, Any] | None
    enabled: bool = True


TEMPLATES: Mapping[str, Template] = {
    "after-hours": Template("After hours", {"hours": "", "is": "closed"}),
    "vip": Template("VIP callers", {"variable": "caller_id", "is_one_of": ["+12125550123"]}),
    "language": Template("Spanish speakers", {"variable": "language", "is": "es"}),
    "topic": Template("Billing questions", {"variable": "intent", "is": "billing"}),
    "overflow": Template("A tenth of the calls", {"share": 10}),
    "closure": Template("Emergency closure", None, enabled=False),
}


def draft_from(name: str, destination: str, first_hours: str) -> Draft:
    """The draft of this template; a blank one when there is no such template."""
    draft, template = blank_draft(destination), TEMPLATES.get(name)
    if template is None:
        return draft
    when = dict(template.when) if template.when else None
    if when and "hours" in when:
        when["hours"] = first_hours
    return draft | {
        "name": template.name,
        "when": group_draft(when),
        "enabled": "true" if template.enabled else "",
    }
