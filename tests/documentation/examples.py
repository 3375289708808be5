"""The examples of a document: each YAML block with the table that says what must come of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from webapp.configurations.yaml_file import read_yaml

FENCE = re.compile(r"^```yaml\n(.*?)^```\n(.*?)(?=^```|^## |\Z)", re.MULTILINE | re.DOTALL)
RULE_OF_A_TABLE = re.compile(r"^\|[ :|-]+\|$")


@dataclass(frozen=True, slots=True)
class Example:
    """`part` is a piece of a configuration; `rows` are the cells of the table below it, without its heading."""

    line: int
    part: dict[str, Any]
    heading: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def examples_of(path: Path) -> Iterator[Example]:
    text = path.read_text(encoding="utf-8")
    for found in FENCE.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        table = list(_table(found[2]))
        yield Example(line, read_yaml(found[1]), table[0] if table else (), tuple(table[1:]))


def _table(text: str) -> Iterator[tuple[str, ...]]:
    """The first table that follows."""
    begun = False
    for line in text.splitlines():
        if line.startswith("|"):
            begun = True
            if not RULE_OF_A_TABLE.match(line):
                yield tuple(cell.strip() for cell in line.strip("|").split("|"))
        elif begun:
            return


def names_in(cell: str) -> tuple[str, ...]:
    """The texts between backticks."""
    return tuple(re.findall(r"`([^`]*)`", cell))
