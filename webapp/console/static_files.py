"""Addresses of static files with the hash of their content, so that browsers may keep them for ever."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from flask import Response, request, url_for

FOLDER = Path(__file__).parent.parent / "static"
FOR_EVER = "public, max-age=31536000, immutable"


def asset(filename: str) -> str:
    """The address of a file of ours; it changes when the file does."""
    return url_for("console.static", filename=filename, v=version_of(filename))


@cache
def version_of(filename: str) -> str:
    return hashlib.sha256((FOLDER / filename).read_bytes()).hexdigest()[:8]


def keep(response: Response) -> Response:
    """A static answer may be kept when the address carried the hash that the file has now."""
    if request.endpoint == "console.static" and request.view_args:
        filename = request.view_args.get("filename", "")
        known = (FOLDER / filename).is_file() and request.args.get("v") == version_of(filename)
        response.headers["Cache-Control"] = FOR_EVER if known else "no-cache"
    return response
