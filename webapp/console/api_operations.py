"""The operations of our OpenAPI document, as a page shows them: parameters, fields, answers, and how each is called."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

JSON = "application/json"
DEEPEST = 3
"""Fields of fields of fields: below that the document itself is the better reading."""
Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Value:
    """One parameter or field. `kind` says type and bounds in a few words."""

    name: str
    where: str
    required: bool
    kind: str
    text: str


@dataclass(frozen=True)
class Operation:
    """One method on one path. `schemas` are the named ones of the document."""

    method: str
    path: str
    content: Schema
    schemas: Mapping[str, Schema]

    @property
    def name(self) -> str:
        return str(self.content["operationId"])

    @property
    def group(self) -> str:
        return str(self.content["tags"][0])

    @property
    def summary(self) -> str:
        return str(self.content["summary"])

    @property
    def needs(self) -> str:
        return str(self.content["description"])

    @cached_property
    def parameters(self) -> list[Value]:
        return [
            Value(each["name"], each["in"], each["required"], kind_of(each["schema"], self.schemas),
                  each.get("description") or each["schema"].get("description", ""))
            for each in self.content["parameters"]
        ]  # fmt: skip

    @cached_property
    def body(self) -> list[Value]:
        return list(_fields(self._body_schema, self.schemas)) if self._body_schema else []

    @property
    def answers(self) -> list[tuple[str, str]]:
        return [(status, str(answer["description"])) for status, answer in self.content["responses"].items()]

    @property
    def _body_schema(self) -> Schema | None:
        content = self.content.get("requestBody", {}).get("content", {})
        return next((each["schema"] for kind, each in content.items() if kind == JSON), None)

    @property
    def _required_body(self) -> dict[str, Any]:
        return {value.name: _sample(value.kind) for value in self.body if value.required and "." not in value.name}

    def curl(self, base_url: str) -> str:
        lines = ["curl" if self.method == "GET" else f"curl -X {self.method}", '-H "Authorization: Bearer $TOKEN"']
        if self._body_schema:
            lines += [f"-H 'Content-Type: {JSON}'", f"-d '{json.dumps(self._required_body)}'"]
        lines.append(f"'{base_url}/api/v1{self.path}'")
        return " \\\n  ".join(lines)

    def python(self, base_url: str) -> str:
        lines = [
            "import os, requests", "",
            f"answer = requests.{self.method.lower()}(",
            f'    "{base_url}/api/v1{self.path}",',
            '    headers={"Authorization": f"Bearer {os.environ[\'TOKEN\']}"},',
            *([f"    json={self._required_body!r},"] if self._body_schema else []),
            "    timeout=10,", ")", "answer.raise_for_status()",
        ]  # fmt: skip
        return "\n".join(lines)


def operations(document: Schema) -> list[Operation]:
    schemas = document["components"]["schemas"]
    return [
        Operation(method.upper(), path, content, schemas)
        for path, methods in document["paths"].items()
        for method, content in methods.items()
    ]


def kind_of(schema: Schema, schemas: Mapping[str, Schema]) -> str:
    """`text, 1 to 80 characters`, `one of sandbox, production`, `list of text`: a schema in a few words."""
    schema = _resolved(schema, schemas)
    if choices := schema.get("enum"):
        return "one of " + ", ".join(str(choice) for choice in choices)
    if "const" in schema:
        return str(schema["const"])
    if variants := schema.get("anyOf") or schema.get("oneOf"):
        return " or ".join(dict.fromkeys(kind_of(each, schemas) for each in variants if each.get("type") != "null"))
    kind = schema.get("type", "any")
    if kind == "array":
        return f"list of {kind_of(schema.get('items', {}), schemas)}"
    plain = {"string": "text", "integer": "whole number", "boolean": "true or false", "object": "object"}
    return plain.get(kind, str(kind)) + _bounds(schema)


def _bounds(schema: Schema) -> str:
    least = schema.get("minimum", schema.get("minLength"))
    most = schema.get("maximum", schema.get("maxLength"))
    what = " characters" if schema.get("type") == "string" else ""
    if least is not None and most is not None:
        return f", {least} to {most}{what}"
    return f", at most {most}{what}" if most is not None else ""


def _fields(schema: Schema, schemas: Mapping[str, Schema], before: str = "", deep: int = 1) -> Iterator[Value]:
    schema = _resolved(schema, schemas)
    for name, described in schema.get("properties", {}).items():
        required = name in schema.get("required", ())
        text = described.get("description", "")
        yield Value(f"{before}{name}", "body", required, kind_of(described, schemas), text)
        if deep < DEEPEST:
            yield from _fields(described, schemas, f"{before}{name}.", deep + 1)


def _resolved(schema: Schema, schemas: Mapping[str, Schema]) -> Schema:
    reference = str(schema.get("$ref", ""))
    return schemas.get(reference.rpartition("/")[2], {}) if reference else schema


def _sample(kind: str) -> Any:
    """Something of the right type for an example."""
    if kind.startswith("one of "):
        return kind.removeprefix("one of ").split(", ")[0]
    starts = {"whole number": 1, "true": True, "list": [], "object": {}}
    return next((value for start, value in starts.items() if kind.startswith(start)), "…")
