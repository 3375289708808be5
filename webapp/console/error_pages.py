"""Error pages that say what happened, that callers are not affected, and what to do."""

from __future__ import annotations

import secrets

import structlog
from flask import Flask, g, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError, MethodNotAllowed, NotFound, RequestEntityTooLarge

from webapp.configurations.conflicts import EditRefusedError
from webapp.console.access import typed_text, who_asks
from webapp.console.frame import Frame, frame
from webapp.people.store_away import STORE_AWAY
from webapp.plain_errors import CONTENT_TYPE, methods_of, no_such_address, no_such_method

log = structlog.get_logger(__name__)
NOT_OURS = ("/api/", "/voice/", "/sms/", "/twilio/", "/healthz", "/readyz", "/metrics", "/static/")
"""Answers to machines are worded by the parts that they belong to."""
TITLES = {
    400: ("This request cannot be read", "Go back, load the page again, and repeat what you did."),
    403: ("This is not allowed", "The page may be old: go back, load it again, and repeat what you did."),
    404: ("There is no such page", "It may have been renamed or deleted. Versions keep everything that ever was."),
    405: ("This page cannot do that", "Go back and use the buttons of the page."),
    409: ("This cannot be done now", ""),
    413: (
        "That is too much at once",
        "Shorten what you typed. A large configuration comes in by the command line: handoff config import.",
    ),
}


def handle_errors(app: Flask) -> None:
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(EditRefusedError, _refused)
    for kind in STORE_AWAY:
        app.register_error_handler(kind, _store_away)


def _is_ours() -> bool:
    return not request.path.startswith(NOT_OURS)


def _http(error: HTTPException) -> ResponseReturnValue:
    if not _is_ours():
        return _for_a_machine(error)
    if isinstance(error, InternalServerError) or error.code is None:
        return _unexpected(error)
    title, text = TITLES.get(error.code, (error.name, ""))
    if error.code == 404 and error.description and not error.description.startswith("The requested URL"):
        title, text = error.description, TITLES[404][1]
    if error.code == 409 and error.description:
        text = error.description
    answer = make_response(_page(title, text, error.code))
    answer.headers.update(_allowed(error))
    return answer


def _for_a_machine(error: HTTPException) -> ResponseReturnValue:
    """A wrong path or method as plain text; every other answer stays as it was made."""
    answer = make_response(error.get_response())
    if isinstance(error, MethodNotAllowed):
        answer.set_data(no_such_method(request.path, request.method, error.valid_methods))
        answer.headers.update(_allowed(error))
    elif isinstance(error, NotFound) and request.routing_exception is error:
        answer.set_data(no_such_address(request.path))
    else:
        return answer
    answer.content_type = CONTENT_TYPE
    return answer


def _allowed(error: HTTPException) -> dict[str, str]:
    """RFC 9110, section 15.5.6: a 405 names the methods."""
    return {"Allow": ", ".join(methods_of(error.valid_methods))} if isinstance(error, MethodNotAllowed) else {}


def _unexpected(error: HTTPException) -> ResponseReturnValue:
    """Flask has logged the traceback already; the reference leads from the page to it."""
    reference = secrets.token_hex(4)
    log.error("a page failed", reference=reference, endpoint=request.endpoint)
    text = "Callers are not affected: calls do not pass through the console."
    return _page("Something went wrong here", text, 500, reference)


def _forged(error: CSRFError) -> ResponseReturnValue:
    if not _is_ours():
        return error.description or "", 403
    log.warning("a change was refused", reason=error.description)
    text = "Nothing was changed. Load the page again and repeat it: a page is good for one sign-in."
    return _page("This change did not come from an open page of yours", text, 403)


def _refused(error: Exception) -> ResponseReturnValue:
    if not _is_ours():
        raise error
    return _page("Nothing was changed", str(error), 409)


def _store_away(error: Exception) -> ResponseReturnValue:
    if not _is_ours():
        raise error
    log.warning("a page needs the store", error=type(error).__name__)
    text = "Calls still work, from the last known versions. This page needs the store (Redis), which does not answer."
    return _page("The store does not answer", text, 503)


def _page(title: str, text: str, status: int, reference: str = "") -> ResponseReturnValue:
    if request.path.endswith(".json"):
        return jsonify(title=title, detail=text, status=status), status
    page = {"title": title, "text": text, "reference": reference, "kept": _kept(status), "is_missing": status == 404}
    return render_template("console/error.html", frame=around(), **page), status


def _kept(status: int) -> list[tuple[str, str]]:
    """What the person typed; of a request that was refused for its size nothing can be read."""
    if status == RequestEntityTooLarge.code:
        return []
    return typed_text()


def around() -> Frame | None:
    """The frame for people who are signed in, so that the way on is there; never the reason for one more failure."""
    try:
        signed_in = g.get("who") or who_asks()
        if signed_in is None:
            return None
        g.who = signed_in
        return frame("", "sandbox")
    except Exception as fault:
        log.warning("an error page has no frame", error=type(fault).__name__)
        return None
