"""From an HTTP request to checked values: parameters, body, precondition. Every fault has its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import Request
from pydantic import BaseModel, TypeAdapter, ValidationError

from handoff_rules import wording
from handoff_rules.problems import Problem
from handoff_rules.reading import place_in
from handoff_rules.wording import Words, words_for
from webapp.api.endpoint import YAML, Endpoint, Strict
from webapp.api.problem import ApiFault, Fault
from webapp.configurations.json_file import read_json
from webapp.configurations.strict_text import MAXIMUM_BYTES, NotAMappingError, TextError
from webapp.configurations.yaml_file import read_yaml

FORMS = {
    "cursor": ("This cursor is none of ours.", "Send `next_cursor` of the page before, or leave it out."),
    "name": ("The name is not one line of text.", "Write one line of letters, digits and signs."),
    "fallback_url": ("This is not an https address.", "Begin it with https://, or leave it out for our own route."),
}
"""What to say of a parameter or field that has not its form: the form itself helps nobody."""


def read_query(endpoint: Endpoint, request: Request) -> Strict:
    repeated = [name for name, values in request.args.lists() if len(values) > 1]
    if repeated:
        twice = Fault(parameter=repeated[0], detail="It is there twice.", fix="Send it once.")
        raise ApiFault("malformed", "A parameter is there twice.", [twice])
    given = request.args.to_dict()
    try:
        return endpoint.query.model_validate(given, by_name=False, by_alias=True)
    except ValidationError as error:
        faults = [_of_the_query(one, endpoint.query, given) for one in error.errors()]
        raise ApiFault("malformed", "The parameters are not as documented.", faults) from None


def read_body(endpoint: Endpoint, request: Request) -> Any:
    if endpoint.body is None:
        if request.get_data():
            raise ApiFault("malformed", "This request takes no body.", fix="Send it without one.")
        return None
    content = _content(request)
    if not content and endpoint.body_optional:
        return _checked(endpoint.body, {})
    encoding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in ("", "identity"):
        fix = "Send it as it is, without Content-Encoding."
        raise ApiFault("unsupported_media_type", f"A body in the encoding {encoding[:40]} is not read.", fix=fix)
    kind = request.mimetype
    if kind not in endpoint.body_types:
        raise ApiFault("unsupported_media_type", f"Send {' or '.join(endpoint.body_types)}, not {kind or 'nothing'}.")
    if not content.strip():
        raise _no_object(endpoint, "empty")
    try:
        plain = read_yaml(content) if kind in YAML else read_json(content)
    except NotAMappingError as fault:
        raise _no_object(endpoint, fault.kind) from fault
    except TextError as fault:
        raise ApiFault("malformed", f"{fault}", [Fault(pointer="", detail=fault.message, fix=fault.fix)]) from fault
    return plain if endpoint.plain_body else _checked(endpoint.body, plain)


def _no_object(endpoint: Endpoint, kind: str) -> ApiFault:
    """With the keys that this route needs, or could have."""
    schema = TypeAdapter(endpoint.body).json_schema(by_alias=True)
    needed = schema.get("required", ())
    listed = ", ".join(f"`{name}`" for name in needed or schema["properties"])
    fix = f"Send one object with {listed}." if needed else f"Send one object; it may have {listed}."
    detail = f"The body is {kind}, not an object."
    return ApiFault("malformed", detail, [Fault(pointer="", detail=detail, fix=fix)], fix=fix)


def _content(request: Request) -> bytes:
    size = request.content_length or 0
    content = b"" if size > MAXIMUM_BYTES else request.get_data()
    if (size := max(size, len(content))) > MAXIMUM_BYTES:  # a body in chunks does not say its length before
        raise ApiFault("too_large", f"The body has {size:,} bytes; {MAXIMUM_BYTES:,} are read.")
    return content


def _checked(model: Any, plain: Any) -> Any:
    try:
        return TypeAdapter(model).validate_python(plain)
    except ValidationError as error:
        faults = [_of_the_body(one, model, plain) for one in error.errors()]
        raise ApiFault("invalid", f"{len(faults)} of the fields cannot be taken.", faults) from None


def _of_the_query(error: Mapping[str, Any], model: type[BaseModel], given: Mapping[str, str]) -> Fault:
    name = str(error["loc"][0]) if error["loc"] else ""
    said = _words(error, error["loc"] or ("",), given.get(name), model)
    return Fault(parameter=name or None, detail=said[0], fix=said[1])


def _of_the_body(error: Mapping[str, Any], model: type[BaseModel], plain: Any) -> Fault:
    """The same words as for a configuration; the pointer has only what the body has."""
    place, value = place_in(plain, error["loc"], missing=error["type"] == "missing")
    said = _words(error, error["loc"], value, model)
    return Fault(pointer=pointer(place), detail=said[0], fix=said[1])


def _words(error: Mapping[str, Any], location: Sequence[int | str], value: Any, model: type[BaseModel]) -> Words:
    if error["type"] == "string_pattern_mismatch" and location[-1] in FORMS:
        return FORMS[str(location[-1])]
    return words_for(wording.Fault(error["type"], error["msg"], error.get("ctx", {}), location, value, model))


def unknown_cursor() -> ApiFault:
    detail, fix = FORMS["cursor"]
    return ApiFault("malformed", detail, [Fault(parameter="cursor", detail=detail, fix=fix)])


def pointer(place: Sequence[int | str]) -> str:
    """A JSON Pointer: `~` and `/` in names are written `~0` and `~1` (RFC 6901 section 3)."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in place)


def faults_of(problems: Iterable[Problem]) -> list[Fault]:
    """Problems of a document by their path there; `placing` adds where in the request it comes from."""
    return [Fault(path=one.path, detail=one.message, fix=one.fix, severity=one.severity) for one in problems]


def no_etag_of_this() -> ApiFault:
    fix = "Send the ETag as this path answered it, with its quotes."
    fault = Fault(parameter="If-Match", detail="Not an ETag of this resource.", fix=fix)
    return ApiFault("malformed", "If-Match is not an ETag of this resource.", [fault])


def read_if_match(endpoint: Endpoint, request: Request) -> str | None:
    """The ETag that the client has seen, without quotes; `*` is any. None when there is none and none is needed."""
    header = request.headers.get("If-Match", "").strip()
    if not endpoint.if_match:
        return None
    if not header:
        if endpoint.if_match == "required":
            raise ApiFault("precondition_required", "This replaces a whole document: say which one you have seen.")
        return None
    if header == "*":
        return "*"
    if len(header) < 2 or header[0] != '"' or header[-1] != '"' or '"' in header[1:-1] or len(header) > 80:
        fix = "Send the ETag as it was answered, with its quotes."
        raise ApiFault("malformed", 'If-Match is one strong ETag, such as "12-a1b2c3d4".',
                       [Fault(parameter="If-Match", detail="Not one strong ETag.", fix=fix)])  # fmt: skip
    return header[1:-1]
