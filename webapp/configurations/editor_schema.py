"""The JSON Schema that editors check a configuration file with, from the same models that read it."""

from __future__ import annotations

from typing import Any

from handoff_rules.configuration import Configuration


def schema() -> dict[str, Any]:
    """JSON Schema 2020-12. Numbers and switches may stand in quotes in YAML; an editor is told the plain form."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Configuration.model_json_schema(by_alias=True),
        "title": "Handoff configuration",
    }
