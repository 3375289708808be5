"""What differs between two versions: as sentences, and as unified YAML for people who read files."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from handoff_rules.configuration import read_configuration
from handoff_rules.diff import Change, diff
from webapp.configurations.records import Version
from webapp.configurations.yaml_file import write_yaml


def unified_yaml(before: Mapping[str, Any], after: Mapping[str, Any], names: tuple[str, str]) -> str:
    """The difference as `diff -u` prints it; empty when there is none."""
    old, new = (write_yaml(document, schema=None).splitlines(keepends=True) for document in (before, after))
    return "".join(difflib.unified_diff(old, new, *names))


@dataclass(frozen=True, slots=True)
class Difference:
    """The same difference twice: as changes that make sentences, and as unified YAML."""

    changes: tuple[Change, ...]
    yaml: str


def difference(before: Version, after: Version) -> Difference:
    """Raises ConfigurationError when this release cannot read one of them."""
    changes = diff(read_configuration(before.document), read_configuration(after.document))
    names = (f"version {before.number}", f"version {after.number}")
    return Difference(tuple(changes), unified_yaml(before.document, after.document, names))
