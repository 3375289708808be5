"""The documents as tests see them: their text, code fences, inline code, links and headings."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parents[2]

_FENCE = re.compile(r"^```(?P<kind>[a-z]*)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?P<target>[^)\s]+)\)")
_HEADING = re.compile(r"^#+ (?P<text>.+)$", re.MULTILINE)
_CODE = re.compile(r"`(?P<text>[^`\n]+)`")


@dataclass(frozen=True, slots=True)
class Document:
    path: Path

    @property
    def name(self) -> str:
        return str(self.path.relative_to(PROJECT))

    @property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @property
    def fences(self) -> list[tuple[str, str]]:
        """Language and text. A fence without a language holds commands (or a picture)."""
        return [(found["kind"], found["text"]) for found in _FENCE.finditer(self.text)]

    @property
    def prose(self) -> str:
        return _FENCE.sub("", self.text)

    @property
    def links(self) -> list[str]:
        return [found["target"] for found in _LINK.finditer(self.prose)]

    @property
    def anchors(self) -> set[str]:
        return {_anchor(found["text"]) for found in _HEADING.finditer(self.prose)}

    @property
    def inline_code(self) -> list[str]:
        return [found["text"] for found in _CODE.finditer(self.prose)]

    def commands(self) -> Iterator[str]:
        """What a reader may type: the lines of fences without a language, and inline code."""
        for kind, text in self.fences:
            if kind in ("", "text"):
                yield from (line.strip() for line in text.splitlines())
        yield from self.inline_code


def _anchor(heading: str) -> str:
    """As GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def documents() -> list[Document]:
    """Everything that people read before they read code."""
    files = [PROJECT / "README.md", PROJECT / "CONTRIBUTING.md", PROJECT / "CHANGELOG.md"]
    files += sorted((PROJECT / "docs").rglob("*.md")) + sorted((PROJECT / "webapp" / "docs").rglob("*.md"))
    return [Document(file) for file in files]


def words_of(command: str) -> list[str]:
    """The words of a command line, without its comment; empty when it is none."""
    try:
        return shlex.split(command, comments=True)
    except ValueError:
        return []
