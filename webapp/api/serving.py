"""Answers one request through its endpoint: read, repeat or handle, write. Here Flask meets a handler."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

import structlog
from flask import Response, g, request
from pydantic import TypeAdapter

from webapp.api.endpoint import JSON, Asked, Endpoint, Given
from webapp.api.house import House
from webapp.api.problem import PROBLEM_TYPE, ApiFault, Fault, problem_answer
from webapp.api.reading import read_body, read_if_match, read_query
from webapp.api.refusals import as_problem
from webapp.store.repeats import FirstAnswer
from webapp.tokens.token import ApiToken

log = structlog.get_logger(__name__)

_plain = TypeAdapter(Any)
REPEATED_HEADERS = ("ETag", "Location")
PASSING = (409, 429)
"""Answers that a later attempt may change, beside those from 500 on: they are not kept for a repeated request."""


def view(house: House, endpoint: Endpoint) -> Callable[..., Response]:
    def serve(**path: str) -> Response:
        try:
            return _served(house, endpoint, path)
        except Exception as error:
            fault = as_problem(error)
            if fault is None:
                log.exception("api route failed", route=endpoint.name)
                fault = ApiFault("internal", "The request failed through a fault of ours; the log holds it.")
            return problem_answer(fault)

    serve.__name__ = endpoint.name
    return serve


def _served(house: House, endpoint: Endpoint, path: dict[str, str]) -> Response:
    token: ApiToken = g.token
    key = _idempotency_key(endpoint)
    asked = Asked(
        house=house,
        token=token,
        path=path,
        query=read_query(endpoint, request),
        body=read_body(endpoint, request),
        if_match=read_if_match(endpoint, request),
        request_id=f"{token.id}:{key}" if key else "",
    )
    if not key:
        return _written(endpoint.handle(asked))
    return _once(house, endpoint, asked, key)


def _idempotency_key(endpoint: Endpoint) -> str:
    key = request.headers.get("Idempotency-Key", "").strip()
    if key and (len(key) > 200 or not key.isascii() or not key.isprintable()):
        raise ApiFault("malformed", "Idempotency-Key is at most 200 printable ASCII characters.",
                       [Fault(parameter="Idempotency-Key", detail="Too long, or not printable.",
                              fix="Send up to 200 printable characters, such as a UUID.")])  # fmt: skip
    return key if endpoint.idempotent else ""


def _once(house: House, endpoint: Endpoint, asked: Asked, key: str) -> Response:
    digest = hashlib.sha256(b"\0".join((request.method.encode(), request.full_path.encode(), request.get_data())))
    first = house.repeats.begin(asked.token.id, key, digest.hexdigest())
    if first is not None:
        return _repeated(first)
    try:
        answer = _written(endpoint.handle(asked))
    except Exception as error:
        fault = as_problem(error)
        if fault is None or fault.status >= 500 or fault.status in PASSING:
            house.repeats.forget(asked.token.id, key)
            raise
        answer = problem_answer(fault)
    headers = {name: answer.headers[name] for name in REPEATED_HEADERS if name in answer.headers}
    house.repeats.keep(asked.token.id, key, FirstAnswer(answer.status_code, answer.get_data(as_text=True), headers))
    return answer


def _repeated(first: FirstAnswer) -> Response:
    kind = JSON if first.status < 400 else PROBLEM_TYPE
    answer = Response(first.body, status=first.status, content_type=kind)
    answer.headers.update(first.headers)
    answer.headers["Idempotent-Replayed"] = "true"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _written(given: Given) -> Response:
    if given.status == 204:
        answer = Response(status=204)
        answer.headers.pop("Content-Type", None)
    else:
        text = json.dumps(_plain.dump_python(given.body, mode="json", by_alias=True), ensure_ascii=False)
        answer = Response(text, status=given.status, content_type=JSON)
    if given.etag is not None:
        answer.headers["ETag"] = f'"{given.etag}"'
    if given.location is not None:
        answer.headers["Location"] = given.location
    answer.headers["Cache-Control"] = "no-store"
    return answer
