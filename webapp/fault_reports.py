"""Faults told to Sentry as the log has them: what the log hides never leaves, and nothing is asked of the request."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib import import_module
from typing import Any

import structlog

from webapp.logs import configure_logging
from webapp.settings import Settings
from webapp.version import VERSION

log = structlog.get_logger(__name__)
Report = Callable[[Mapping[str, Any]], None]
LEVELS = {"error": "error", "critical": "fatal"}
"""Levels of the log that are faults, in Sentry's words (https://develop.sentry.dev/sdk/data-model/event-payloads/)."""
_FRAME = re.compile(r"(?P<filename>.+):(?P<lineno>[0-9]+) (?P<function>.+)")


def begin_logging(settings: Settings, sdk: Any = None) -> None:
    """For a process that serves. `sdk`: sentry_sdk, imported when SENTRY_DSN is set and none is given."""
    dsn = settings.sentry_dsn
    if dsn is not None and sdk is None:
        with suppress(ImportError):
            sdk = import_module("sentry_sdk")
    report = None if dsn is None or sdk is None else reporter(dsn.get_secret_value(), sdk)
    configure_logging(settings.log_level, secrets=settings.secrets, report=report)
    if dsn is not None and report is None:
        log.warning("faults are not reported: SENTRY_DSN is set, and the package sentry-sdk is not installed")


def reporter(dsn: str, sdk: Any) -> Report:
    """Integrations, breadcrumbs and local variables are off: they would send what the log masks."""
    sdk.init(
        dsn=dsn, release=VERSION, default_integrations=False, auto_enabling_integrations=False, max_breadcrumbs=0,
        send_default_pii=False, include_local_variables=False,
    )  # fmt: skip

    def report(line: Mapping[str, Any]) -> None:
        if line.get("level") in LEVELS:
            sdk.capture_event(event_of(line))

    return report


def event_of(line: Mapping[str, Any]) -> dict[str, Any]:
    """A cleaned line of the log as an event."""
    about = {name: value for name, value in line.items() if name not in ("time", "level", "event", "exception")}
    event = {"level": LEVELS[line["level"]], "message": line["event"], "extra": about}
    if fault := line.get("exception"):
        frames = [found.groupdict() for place in fault["at"] if (found := _FRAME.fullmatch(place))]
        stack = [frame | {"lineno": int(frame["lineno"])} for frame in frames]
        event["exception"] = {
            "values": [{"type": fault["type"], "value": fault.get("text", ""), "stacktrace": {"frames": stack}}]
        }
    return event
