"""The OpenAPI 3.1 document, made from the table of endpoints and the models: there is no second description."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter

from handoff_rules.model import E164
from handoff_rules.saved_tests import SID_OF_A_CALL
from webapp.api.endpoint import JSON, Endpoint
from webapp.api.problem import KINDS, PROBLEM_TYPE, RETRY_AFTER, ProblemDetails
from webapp.version import VERSION

REFERENCE = "#/components/schemas/{model}"
ALWAYS = ("malformed", "unauthenticated", "forbidden", "too_many_requests", "internal", "store_away")
WITH_BODY = ("too_large", "unsupported_media_type", "invalid")
PATH_PARTS: Mapping[str, tuple[str, dict[str, Any]]] = {
    "id": ("The id of the item", {"type": "string", "minLength": 1, "maxLength": 100}),
    "name": ("The name of the saved test", {"type": "string", "minLength": 1, "maxLength": 100}),
    "version": ("sandbox, production or a number", {"type": "string", "minLength": 1, "maxLength": 20}),
    "call_sid": ("The CallSid", {"type": "string", "pattern": rf"^{SID_OF_A_CALL}$"}),
    "e164": ("A number of the account", {"type": "string", "pattern": rf"^{E164}$"}),
    "code": ("`13801`, `sip:486`, `refer:202`", {"type": "string", "minLength": 1, "maxLength": 40}),
    "token_id": ("The id of the token", {"type": "string", "minLength": 1, "maxLength": 80}),
}
INTRODUCTION = (
    "Everything that the console does, for programs. Writes to the configuration make one new version each; promote "
    "it to put it in production. Errors are problem details (RFC 9457) with a pointer for each fault. Lists are paged "
    "with a cursor. Times are RFC 3339 in UTC."
)


def document(endpoints: Sequence[Endpoint]) -> dict[str, Any]:
    schemas = _Schemas(endpoints)
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in endpoints:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Handoff", "version": VERSION, "summary": "Call handoff", "description": INTRODUCTION},
        "servers": [{"url": "/api/v1"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": schemas.components,
            "securitySchemes": {
                "token": {
                    "type": "http", "scheme": "bearer",
                    "description": "`hf_sandbox_…` or `hf_production_…`, made with `handoff tokens create`.",
                }
            },
        },
    }  # fmt: skip


class _Schemas:
    """Every model once, under its name."""

    def __init__(self, endpoints: Sequence[Endpoint]) -> None:
        models: list[Any] = [ProblemDetails]
        for endpoint in endpoints:
            models += [model for model in (endpoint.answer, endpoint.body) if model is not None]
        unique = {id(model): model for model in models}
        inputs = [(key, "validation", TypeAdapter(model)) for key, model in unique.items()]
        found, definitions = TypeAdapter.json_schemas(inputs, ref_template=REFERENCE)  # type: ignore[arg-type]
        self._schemas = {key: schema for (key, _), schema in found.items()}
        self.components: dict[str, Any] = dict(definitions.get("$defs", {}))

    def of(self, model: Any) -> dict[str, Any]:
        return dict(self._schemas[id(model)])


def _operation(endpoint: Endpoint, schemas: _Schemas) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": endpoint.name,
        "summary": endpoint.summary,
        "description": f"Needs the role {endpoint.role}{' and a production token' if endpoint.production else ''}.",
        "tags": [endpoint.path.split("/")[1]],
        "parameters": [*_path_parameters(endpoint), *_query_parameters(endpoint), *_header_parameters(endpoint)],
        "responses": {**_successes(endpoint, schemas), **_problems(endpoint)},
    }
    if endpoint.body is not None:
        content = {kind: {"schema": schemas.of(endpoint.body)} for kind in endpoint.body_types}
        operation["requestBody"] = {"required": not endpoint.body_optional, "content": content}
    return operation


def _path_parameters(endpoint: Endpoint) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "description": said, "schema": schema}
        for name, (said, schema) in ((name, PATH_PARTS[name]) for name in endpoint.path_names)
    ]


def _query_parameters(endpoint: Endpoint) -> list[dict[str, Any]]:
    schema = endpoint.query.model_json_schema()
    return [
        {"name": name, "in": "query", "required": name in schema.get("required", ()),
         "schema": _without_null(described)}
        for name, described in schema.get("properties", {}).items()
    ]  # fmt: skip


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter of a query is there or not; it is never null."""
    kept = {name: value for name, value in schema.items() if name not in ("anyOf", "title", "default")}
    if "default" in schema and schema["default"] is not None:
        kept["default"] = schema["default"]
    for choice in schema.get("anyOf", ()):
        if choice.get("type") != "null":
            kept |= choice
    return kept


def _header_parameters(endpoint: Endpoint) -> list[dict[str, Any]]:
    found = []
    if endpoint.if_match:
        found.append({
            "name": "If-Match", "in": "header", "required": endpoint.if_match == "required",
            "description": "The ETag that was read, or `*`.", "schema": {"type": "string", "maxLength": 80},
        })  # fmt: skip
    if endpoint.idempotent:
        found.append({
            "name": "Idempotency-Key", "in": "header", "required": False,
            "description": "A request that comes again under its key gets the first answer, for a day.",
            "schema": {"type": "string", "pattern": "^[ -~]{1,200}$"},
        })  # fmt: skip
    return found


def _successes(endpoint: Endpoint, schemas: _Schemas) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": endpoint.summary}
    if endpoint.answer is not None:
        answer["content"] = {JSON: {"schema": schemas.of(endpoint.answer)}}
    headers = {}
    if endpoint.gives_etag:
        headers["ETag"] = {"description": "For If-Match.", "schema": {"type": "string"}}
    if endpoint.gives_location:
        headers["Location"] = {"description": "Where the new one is.", "schema": {"type": "string"}}
    made = answer | ({"headers": headers} if headers else {})
    return {str(endpoint.status): made} | {str(status): answer for status in endpoint.also}


def _problems(endpoint: Endpoint) -> dict[str, Any]:
    codes = [*ALWAYS, *(WITH_BODY if endpoint.body is not None else ()), *endpoint.faults]
    if endpoint.if_match == "required":
        codes.append("precondition_required")
    if endpoint.path_names:
        codes.append("not_found")
    if endpoint.idempotent:
        codes += ["refused", "invalid"]
    by_status: dict[int, list[str]] = {}
    for code in dict.fromkeys(codes):
        by_status.setdefault(KINDS[code][0], []).append(code)
    return {str(status): _problem(named) for status, named in sorted(by_status.items())}


def _problem(codes: list[str]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "description": "; ".join(f"`{code}`: {KINDS[code][1]}" for code in codes),
        "content": {PROBLEM_TYPE: {"schema": {"$ref": REFERENCE.format(model="ProblemDetails")}}},
    }
    if any(code in RETRY_AFTER or code == "too_many_requests" for code in codes):
        described["headers"] = {"Retry-After": {"description": "Seconds.", "schema": {"type": "string"}}}
    return described
