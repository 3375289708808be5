"""YAML with strings only, read under limits and written with quotes, so that `+1415…`, `NO` and `22:30` survive.

The document is built from PyYAML's events, not from its nodes: anchors, aliases and tags are refused when they
appear, depth and number are counted on the way, and nothing is ever expanded.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml
from yaml import events

from webapp.configurations.strict_text import (
    MAXIMUM_DEPTH,
    MAXIMUM_VALUES,
    TextError,
    a_mapping,
    decoded,
    refuse_half_characters,
)

SCHEMA_FILE = "handoff.schema.json"
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NOT_TEXT = frozenset(["y", "n", "yes", "no", "true", "false", "on", "off", "null"])
"""Words that YAML 1.1 takes for something else (https://yaml.org/type/bool.html): as keys they get quotes too."""
_JSON_PAIR = re.compile(r"(?<!\\)((?:\\\\)*)(\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})")
"""Behind an even number of backslashes, which stand for themselves."""
_STRING_TAGS = (None, "!", "tag:yaml.org,2002:str")


def read_yaml(content: bytes | str) -> dict[str, Any]:
    """The document with every scalar as text. Raises TextError, with the line, for what is refused."""
    try:
        text = decoded(content)
        document = _Reader(_without_json_pairs(text)).document()
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        said = getattr(fault, "problem", None) or "a character that YAML does not allow"
        line = None if mark is None else mark.line + 1
        raise TextError(f"This is not YAML: {said}.", "Look at the indentation and the quotes there.", line) from fault
    refuse_half_characters(text, document)
    return a_mapping(document)


def _without_json_pairs(text: str) -> str:
    """JSON writes a character such as an emoji as two escapes (RFC 8259, 7), and programs do; YAML knows only one."""
    if not text.lstrip().startswith("{"):
        return text
    return _JSON_PAIR.sub(_as_one_escape, text)


def _as_one_escape(found: re.Match[str]) -> str:
    backslashes, pair = found.groups()
    character: str = json.loads(f'"{pair}"')
    return f"{backslashes}\\U{ord(character):08x}"


def write_yaml(document: Mapping[str, Any], *, schema: str | None = SCHEMA_FILE) -> str:
    """Keys in the document's order, each text in quotes, and a first line that gives editors the schema."""
    text: str = yaml.dump(
        document, Dumper=_QuotingDumper, sort_keys=False, allow_unicode=True, default_flow_style=False, width=120
    )
    return (f"# yaml-language-server: $schema={schema}\n" if schema else "") + text


class _Reader:
    """Recursive descent over the events of one document; the depth limit also bounds Python's own stack."""

    def __init__(self, text: str) -> None:
        self._events: Iterator[Any] = iter(yaml.parse(text, Loader=_LOADER))
        self._count = 0

    def document(self) -> Any:
        event = self._next()
        while isinstance(event, events.StreamStartEvent | events.DocumentStartEvent):
            event = self._next()
        if isinstance(event, events.StreamEndEvent):
            return None
        value = self._value(event, 1)
        self._next()
        if not isinstance(self._next(), events.StreamEndEvent):
            raise TextError("The file holds more than one document.", "Remove the `---` line and what follows it.")
        return value

    def _next(self) -> Any:
        self._count += 1
        if self._count > 2 * MAXIMUM_VALUES:
            raise TextError(f"The document has more than {MAXIMUM_VALUES:,} values.", "Split or shorten it.")
        return next(self._events)

    def _value(self, event: Any, depth: int) -> Any:
        line = event.start_mark.line + 1
        if isinstance(event, events.AliasEvent) or event.anchor:
            raise TextError("Anchors (&) and aliases (*) are not read.", "Write the value out.", line)
        if depth > MAXIMUM_DEPTH:
            raise TextError(f"It is nested more than {MAXIMUM_DEPTH} levels deep.", "Flatten it.", line)
        if isinstance(event, events.ScalarEvent):
            return _text(event, line)
        if event.tag is not None and not event.implicit:
            raise TextError("Tags (!) are not read.", "Remove the tag.", line)
        return self._mapping(depth) if isinstance(event, events.MappingStartEvent) else self._sequence(depth)

    def _sequence(self, depth: int) -> list[Any]:
        items = []
        while not isinstance(event := self._next(), events.SequenceEndEvent):
            items.append(self._value(event, depth + 1))
        return items

    def _mapping(self, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(event := self._next(), events.MappingEndEvent):
            line = event.start_mark.line + 1
            key = self._value(event, depth + 1)
            if not isinstance(key, str):
                raise TextError("A key is a list or a mapping.", "Use a plain word as the key.", line)
            if key == "<<" and not event.style:  # in quotes it is a key like any other, as we write it ourselves
                raise TextError("Merge keys (<<) are not read.", "Write the values out.", line)
            if key in found:
                raise TextError(f"The key {key[:60]!r} is there twice.", "Keep one of them.", line)
            found[key] = self._value(self._next(), depth + 1)
        return found


def _text(event: Any, line: int) -> str | None:
    if event.tag not in _STRING_TAGS:
        raise TextError("Tags (!) are not read.", "Remove the tag.", line)
    return None if event.value == "" and not event.style else str(event.value)


class _QuotingDumper(yaml.SafeDumper):
    """Block style with every text value in double quotes; keys stay plain where YAML would read them as text."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _mapping_node(dumper: _QuotingDumper, data: Mapping[str, Any]) -> yaml.MappingNode:
    pairs = [(_key_node(dumper, key), dumper.represent_data(value)) for key, value in data.items()]
    return yaml.MappingNode("tag:yaml.org,2002:map", pairs, flow_style=False)


def _key_node(dumper: _QuotingDumper, key: str) -> yaml.ScalarNode:
    word = key.replace("_", "")
    plain = word.isascii() and word.isalpha() and word.lower() not in _NOT_TEXT
    return yaml.ScalarNode("tag:yaml.org,2002:str", key, style=None if plain else '"')


def _sequence_node(dumper: _QuotingDumper, data: Sequence[Any]) -> yaml.SequenceNode:
    short = all(isinstance(item, str | int | bool) for item in data) and len(str(data)) < 90
    return yaml.SequenceNode("tag:yaml.org,2002:seq", [dumper.represent_data(i) for i in data], flow_style=short)


def _text_node(dumper: _QuotingDumper, text: str) -> yaml.ScalarNode:
    return yaml.ScalarNode("tag:yaml.org,2002:str", str(text), style='"')


def _nothing_node(dumper: _QuotingDumper, nothing: None) -> yaml.ScalarNode:
    """An empty value, because the reader takes `null` and `~` for text."""
    return yaml.ScalarNode("tag:yaml.org,2002:null", "")


_QuotingDumper.add_representer(dict, _mapping_node)
_QuotingDumper.add_representer(list, _sequence_node)
_QuotingDumper.add_representer(tuple, _sequence_node)
_QuotingDumper.add_representer(str, _text_node)
_QuotingDumper.add_representer(type(None), _nothing_node)
