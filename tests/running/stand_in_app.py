"""A web application in place of ours: `handoff run` is what these tests are about."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [os.environ["PUBLIC_BASE_URL"].encode()]
