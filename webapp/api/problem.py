"""Problem details (RFC 9457): what went wrong, where in the request, and how to mend it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response
from pydantic import BaseModel, ConfigDict, Field

PROBLEM_TYPE = "application/problem+json"


class Fault(BaseModel):
    """One thing that is wrong. `pointer` is a JSON Pointer (RFC 6901) into the body of the request, `parameter` a
    name in its query or path, `path` a place in the configuration document."""

    model_config = ConfigDict(extra="forbid")

    pointer: str | None = None
    parameter: str | None = None
    path: str | None = None
    detail: str
    fix: str
    severity: str = "error"


class ProblemDetails(BaseModel):
    """The answer to every request that was not carried out. `fix` says what to do, `docs` explains the kind."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    fix: str
    code: str
    docs: str
    errors: list[Fault] = Field(default_factory=list)


KINDS: Mapping[str, tuple[int, str, str]] = {
    "malformed": (400, "The request cannot be read", "Send one JSON object, and only parameters of the documentation."),
    "unauthenticated": (401, "No valid token", "Send `Authorization: Bearer hf_…`. An admin makes one."),
    "forbidden": (403, "The token may not do this", "Use a token with the role or environment that is named."),
    "not_found": (404, "There is no such thing", "Look at the list of the collection."),
    "method_not_allowed": (405, "This path has no such method", "The header Allow names those that it has."),
    "conflict": (409, "Somebody or something was first", "Look at what stands now, then decide again."),
    "call_over": (409, "The call is not in progress", "The caller has hung up, or the call was never answered."),
    "handoff_running": (409, "Another handoff of this call is under way", "Ask handoff-state what becomes of it."),
    "refused": (409, "A condition does not hold", "The detail names the condition and what to do."),
    "too_large": (413, "The body is too large", "A document may have 2 MB."),
    "unsupported_media_type": (415, "This content type is not read here", "Send application/json."),
    "invalid": (422, "The content is not valid", "Each entry of `errors` names a place and a fix."),
    "tests_failed": (422, "Required saved tests failed", "Mend the version, or the tests that are named."),
    "precondition_required": (428, "If-Match is needed", "Read first, and send its ETag; `If-Match: *` overwrites."),
    "too_many_requests": (429, "Too many requests", "Wait for the seconds that Retry-After names."),
    "internal": (500, "A fault of ours", "The log holds it; tell us with the time of the request."),
    "twilio_refused": (502, "Twilio refused the request", "The detail quotes its code and what to do."),
    "store_away": (503, "The store cannot be used", "Calls go on. Nothing was changed unless the detail says so."),
    "not_connected": (503, "No Twilio account is connected", "Set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN."),
    "twilio_away": (503, "Twilio does not take requests now", "Nothing was done. Try again after a moment."),
    "twilio_uncertain": (504, "Twilio's answer was lost", "It may have been done: look before you repeat it."),
}  # fmt: skip
"""code → status, title, what to do."""
RETRY_AFTER = {"store_away": "1", "twilio_away": "5"}


class ApiFault(Exception):  # noqa: N818  # it becomes an answer, not a crash
    """Ends a request with this problem. `fix` is a nearer one than that of its only error, or else of its kind; `more`
    are further members."""

    def __init__(
        self, code: str, detail: str, errors: Sequence[Fault] = (), *, fix: str = "",
        headers: Mapping[str, str] | None = None, **more: Any,
    ) -> None:  # fmt: skip
        self.code = code
        self.detail = detail
        self.errors = tuple(errors)
        self.fix = fix or (self.errors[0].fix if len(self.errors) == 1 else KINDS[code][2])
        self.headers = dict(headers or {})
        self.more = more
        super().__init__(detail)

    @property
    def status(self) -> int:
        return KINDS[self.code][0]


def problem_document(fault: ApiFault) -> dict[str, Any]:
    status, title, _ = KINDS[fault.code]
    about = f"/api/v1/problems/{fault.code}"
    document: dict[str, Any] = {
        "type": about, "title": title, "status": status, "detail": fault.detail, "fix": fault.fix,
        "code": fault.code, "docs": about,
        "errors": [one.model_dump(exclude_none=True) for one in fault.errors],
    }  # fmt: skip
    return document | fault.more


def problem_answer(fault: ApiFault) -> Response:
    # A query may name half of a character, and the answer quotes it: `\\ud800` is a JSON escape as well.
    text = json.dumps(problem_document(fault), ensure_ascii=False).encode("utf-8", "backslashreplace")
    answer = Response(text, status=fault.status, content_type=PROBLEM_TYPE)
    if fault.code in RETRY_AFTER:
        answer.headers["Retry-After"] = RETRY_AFTER[fault.code]
    answer.headers.update(fault.headers)
    answer.headers["Cache-Control"] = "no-store"
    return answer
