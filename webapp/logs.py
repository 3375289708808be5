"""Logs: one JSON object per line for machines, the same fields readable on a terminal, nothing secret in either."""

from __future__ import annotations

import json
import logging
import sys
import threading
import traceback
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Final, TextIO

import structlog
from pydantic import SecretStr

from webapp.log_masking import Net

FOREIGN_ERRORS: Final = ("redis.", "requests.", "urllib3.", "twilio.", "ssl.", "http.", "aiohttp.")
"""The text of these exceptions may hold addresses, passwords and numbers: they are logged by type alone."""

QUIET_LOGGERS: Final[Mapping[str, int]] = {
    # At INFO it writes URLs and parameters with phone numbers (twilio/http/http_client.py).
    "twilio.http_client": logging.WARNING,
    "urllib3": logging.WARNING,
    "asyncio": logging.WARNING,
}
_encode: Final = json.JSONEncoder().encode
"""Escapes everything outside ASCII, so that no character of a value can end a line or steer a terminal."""
_MAXIMUM_FRAMES: Final = 12
_STANDARD: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def configure_logging(
    level: str = "INFO",
    *,
    secrets: Sequence[SecretStr] = (),
    stream: TextIO | None = None,
    pretty: bool | None = None,
    report: Callable[[Mapping[str, Any]], None] | None = None,
) -> None:
    """Everything that is logged in this process, by us or by a library, leaves as one line through one writer.

    `report` gets every line as well, cleaned; what it raises is nobody's fault but its own.
    """
    stream = stream or sys.stderr
    net = Net([secret.get_secret_value() for secret in secrets])
    writer = LineWriter(net, stream, pretty=stream.isatty() if pretty is None else pretty, report=report)
    number = logging.getLevelNamesMapping()[level]
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, structlog.processors.add_log_level, writer],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.ReturnLoggerFactory(),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    for handler in [*root.handlers]:
        if isinstance(handler, LibraryHandler):
            root.removeHandler(handler)
    root.addHandler(LibraryHandler(writer))
    root.setLevel(number)
    for name, least in QUIET_LOGGERS.items():
        logging.getLogger(name).setLevel(max(number, least))


class LineWriter:
    """The last structlog processor: cleans the event, turns it into a line, writes it in one piece."""

    def __init__(
        self, net: Net, stream: TextIO, *, pretty: bool, report: Callable[[Mapping[str, Any]], None] | None = None
    ) -> None:
        self._net = net
        self._report = report
        self._stream = stream
        self._pretty = pretty
        self._lock = threading.Lock()

    def __call__(self, _logger: Any, _method: str, event: MutableMapping[str, Any]) -> str:
        line = self.line(event)
        with self._lock:
            try:
                self._stream.write(line + "\n")
                self._stream.flush()
            except (OSError, ValueError):
                # The reader of our log is gone. A call must not fail for that, and there is nobody to tell.
                return ""
        return ""

    def line(self, event: MutableMapping[str, Any]) -> str:
        error = _exception_of(event.pop("exc_info", None))
        if error is not None:
            event["exception"] = describe_exception(error)
        ordered = {
            "time": None,
            "level": event.pop("level", "info"),
            "event": event.pop("event", ""),
            **event,
        }
        cleaned = self._net.clean_event(ordered)
        cleaned["time"] = datetime.now(UTC).isoformat(timespec="milliseconds")
        if self._report is not None:
            with suppress(Exception):  # a call must not fail because nobody takes the report
                self._report(cleaned)
        return _readable(cleaned) if self._pretty else _encode(cleaned)


def _readable(event: Mapping[str, Any]) -> str:
    fields = " ".join(f"{key}={_encode(event[key])}" for key in list(event)[3:])
    return f"{event['time'][11:19]} {event['level']:<8}{event['event']}" + (f"  {fields}" if fields else "")


def _exception_of(given: Any) -> BaseException | None:
    match given:
        case BaseException():
            return given
        case (_, BaseException() as error, _):
            return error
        case True:
            return sys.exc_info()[1]
        case _:
            return None


def describe_exception(error: BaseException) -> dict[str, Any]:
    """Type, place and, where the text cannot hold what is not ours to write, the text."""
    kind = type(error)
    name = f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.")
    frames = traceback.extract_tb(error.__traceback__)[-_MAXIMUM_FRAMES:]
    description: dict[str, Any] = {
        "type": name,
        "at": [f"{'/'.join(frame.filename.split('/')[-2:])}:{frame.lineno} {frame.name}" for frame in frames],
    }
    if not name.startswith(FOREIGN_ERRORS):
        description["text"] = str(error)
    if error.__cause__ is not None:
        description["because"] = f"{type(error.__cause__).__module__}.{type(error.__cause__).__qualname__}"
    return description


class LibraryHandler(logging.Handler):
    """Lines of libraries (gunicorn, Flask, twilio) take the same way as ours."""

    def __init__(self, writer: LineWriter) -> None:
        super().__init__()
        self._writer = writer

    def emit(self, record: logging.LogRecord) -> None:
        try:
            event: dict[str, Any] = {
                "event": record.getMessage(),
                "level": record.levelname.lower(),
                "logger": record.name,
            }
            event |= {key: value for key, value in vars(record).items() if key not in _STANDARD and key not in event}
            if record.exc_info:
                event["exc_info"] = record.exc_info
            self._writer(None, "", event)
        except Exception:
            self.handleError(record)
