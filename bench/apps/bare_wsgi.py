"""A bare WSGI constant: the floor of the server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

DOCUMENT = b'<?xml version="1.0" encoding="UTF-8"?><Response><Hangup/></Response>'


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    start_response("200 OK", [("Content-Type", "text/xml"), ("Content-Length", str(len(DOCUMENT)))])
    return [DOCUMENT]
