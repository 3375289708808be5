"""Read a document from a file of either kind: JSON when it begins like JSON or is named so, else YAML."""

from __future__ import annotations

from typing import Any

from webapp.configurations.json_file import read_json
from webapp.configurations.yaml_file import read_yaml


def read_document(content: bytes | str, name: str = "") -> dict[str, Any]:
    """The plain document. Raises TextError with the line and a fix."""
    return read_json(content) if name.lower().endswith(".json") else read_yaml(content)
