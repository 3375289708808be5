"""The short way of a webhook: POST requests of the voice routes do not pass through Flask.

Same gate, same answers, same paths as the blueprint; only the general machinery of a web framework is left out,
because a caller waits for nothing of it (`make bench` shows what that saves).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import structlog

from webapp.form import MalformedError
from webapp.signed_requests import Refused, SignedRequests, content_length, status_of
from webapp.voice.answers import VoiceAnswers
from webapp.webhook_log import note_passed, note_refused

log = structlog.get_logger(__name__)

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
WSGIApp = Callable[[Environ, StartResponse], Iterable[bytes]]


class DirectVoice:
    """Wraps the application: what is no POST to a voice route goes on to Flask."""

    def __init__(self, app: WSGIApp, signed: SignedRequests, answers: VoiceAnswers) -> None:
        self._app = app
        self._signed = signed
        self._answers = answers
        self._paths = frozenset(answers.paths)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path not in self._paths or environ["REQUEST_METHOD"] != "POST":
            return self._app(environ, start_response)
        try:
            fields = self._signed.about_a_call(environ, lambda: _body(environ))
        except (Refused, MalformedError) as refusal:
            log.warning("webhook refused", reason=str(refusal), path=path)
            note_refused(environ, refusal)
            refused = "400 BAD REQUEST" if status_of(refusal, path) == 400 else "403 FORBIDDEN"
            return _send(start_response, refused, b"")
        try:
            note_passed(environ, fields)
        except Exception as error:  # what is only for our own eyes never costs a caller the answer
            log.error("webhook not noted", error=type(error).__name__)
        document = self._answers.answer(path, fields, environ.get("QUERY_STRING", ""))
        if document is None:
            start_response("204 NO CONTENT", [])
            return []
        return _send(start_response, "200 OK", document.encode("utf-8"))


def _body(environ: Environ) -> bytes:
    body: bytes = environ["wsgi.input"].read(content_length(environ))
    return body


def _send(start_response: StartResponse, status: str, body: bytes) -> list[bytes]:
    headers = [("Content-Type", "text/xml; charset=utf-8"), ("Content-Length", str(len(body)))]
    start_response(status, headers)
    return [body]
