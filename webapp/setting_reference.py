"""`.env.example` and the table in `docs/configuration.md`, written from the settings model so that they cannot differ.

`python -m webapp.setting_reference` writes both anew.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from pydantic.fields import FieldInfo

from webapp.settings import Settings

PROJECT: Final = Path(__file__).resolve().parent.parent
EXAMPLE_FILE: Final = PROJECT / ".env.example"
DOCUMENT: Final = PROJECT / "docs" / "configuration.md"
BEGIN: Final = "<!-- settings: written by python -m webapp.setting_reference -->"
END: Final = "<!-- end of settings -->"


def _groups() -> dict[str, list[tuple[str, FieldInfo]]]:
    groups: dict[str, list[tuple[str, FieldInfo]]] = {}
    for name, field in Settings.model_fields.items():
        groups.setdefault(str(_extra(field)["group"]), []).append((name.upper(), field))
    return groups


def _extra(field: FieldInfo) -> dict[str, Any]:
    return dict(field.json_schema_extra) if isinstance(field.json_schema_extra, dict) else {}


def _default(field: FieldInfo) -> str:
    value = field.default.value if isinstance(field.default, StrEnum) else field.default
    return "" if value is None else str(value)


def env_example() -> str:
    """Every setting, commented out: a copy of this file changes nothing until somebody edits it."""
    lines = [
        "# Copy to .env and fill in what you need. Development works with none of these set.",
        "# Each name also exists as NAME_FILE: the path of a file that holds the value.",
    ]
    for group, settings in _groups().items():
        lines += ["", f"# --- {group} ---"]
        for name, field in settings:
            lines += ["", *_comment(field), f"#{name}={_extra(field)['example']}"]
    return "\n".join(lines) + "\n"


def _comment(field: FieldInfo) -> Iterator[str]:
    text = (field.description or "").replace("`", "")
    yield from (f"# {line}" for line in textwrap.wrap(text, 100))


def settings_table() -> str:
    """The reference of all settings as Markdown."""
    lines = [BEGIN]
    for group, settings in _groups().items():
        lines += ["", f"### {group}", "", "| setting | default | meaning |", "| --- | --- | --- |"]
        for name, field in settings:
            default = _default(field)
            lines.append(f"| `{name}` | {f'`{default}`' if default else ''} | {field.description} |")
    return "\n".join([*lines, "", END])


def document_with_table(document: str) -> str:
    head, _, rest = document.partition(BEGIN)
    return head + settings_table() + rest.partition(END)[2]


if __name__ == "__main__":
    EXAMPLE_FILE.write_text(env_example(), encoding="utf-8")
    DOCUMENT.write_text(document_with_table(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
