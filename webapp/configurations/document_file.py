"""Read a document from a file of either kind: JSON when it begins like JSON or is named so, else YAML."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from webapp.configurations.json_file import read_json
from webapp.configurations.strict_text import MAXIMUM_BYTES, refuse_long
from webapp.configurations.yaml_file import read_yaml


def read_file(file: Path) -> dict[str, Any]:
    """The plain document of a file; of a longer one no more than the limit is taken into memory.

    Raises TextError and OSError.
    """
    with file.open("rb") as stream:
        content = stream.read(MAXIMUM_BYTES + 1)
        refuse_long(max(len(content), os.fstat(stream.fileno()).st_size))
    return read_document(content, file.name)


def read_document(content: bytes | str, name: str = "") -> dict[str, Any]:
    """The plain document. Raises TextError with the line and a fix."""
    return read_json(content) if name.lower().endswith(".json") else read_yaml(content)
