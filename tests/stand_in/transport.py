"""How a request reaches the application: in this process through WSGI, or over HTTP to a running server."""

from __future__ import annotations

import http.client
import io
import socket
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import unquote_to_bytes, urlsplit


@dataclass(frozen=True, slots=True)
class Request:
    """`target` is the raw request target (path and query); times are in seconds."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""
    connect_seconds: float = 5.0
    read_seconds: float = 15.0


@dataclass(frozen=True, slots=True)
class Response:
    """Header names are in lower case; of a header that repeats, the last one counts."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float = 0.0


class TransportError(Exception):
    """No whole answer came back. `policy` is the word of Twilio's retry policy that covers it."""

    policy = "rt"


class ConnectFailedError(TransportError):
    policy = "ct"


class NoAnswerError(TransportError):
    """The connection stood, but no answer, a reset or half an answer came; `partial` ones are never retried."""

    def __init__(self, message: str, *, partial: bool = False) -> None:
        super().__init__(message)
        self.partial = partial


class Transport(Protocol):
    def send(self, request: Request) -> Response: ...


WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass(slots=True)
class WsgiTransport:
    """Calls the application directly; `RAW_URI` carries the target untouched, as gunicorn does."""

    app: WsgiApp
    scheme: str = "http"  # behind the proxy that ends TLS the server itself sees http
    environ: Mapping[str, Any] = field(default_factory=dict)

    def send(self, request: Request) -> Response:
        started: list[Any] = []
        begun = time.perf_counter()

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[..., None]:
            started[:] = [int(status[:3]), {name.lower(): value for name, value in headers}]
            return lambda data: None

        chunks = self.app(self.environ_of(request), start_response)
        try:
            body = b"".join(chunks)
        finally:
            close = getattr(chunks, "close", None)
            if close is not None:
                close()
        seconds = time.perf_counter() - begun
        if seconds > request.read_seconds:
            raise NoAnswerError(f"no answer within {request.read_seconds} s (it took {seconds:.1f} s)")
        return Response(started[0], started[1], body, seconds)

    def environ_of(self, request: Request) -> dict[str, Any]:
        path, _, query = request.target.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": request.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
            "RAW_URI": request.target,
            "REQUEST_URI": request.target,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_LENGTH": str(len(request.body)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": self.scheme,
            "wsgi.input": io.BytesIO(request.body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name, value in request.headers.items():
            key = name.upper().replace("-", "_")
            environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
        environ.update(self.environ)
        return environ


@dataclass(frozen=True, slots=True)
class HttpTransport:
    """Speaks HTTP/1.1 to a server that runs: `http://host:port`, or `unix:/path` for a unix socket.

    Every request has its own connection, so one transport serves any number of threads.
    """

    server: str

    def send(self, request: Request) -> Response:
        begun = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", timeout=request.read_seconds)
        connection.sock = self.connect(request.connect_seconds)
        connection.sock.settimeout(request.read_seconds)
        answered = False
        try:
            connection.request(request.method, request.target, body=request.body, headers=dict(request.headers))
            response = connection.getresponse()
            answered = True
            headers = {name.lower(): value for name, value in response.getheaders()}
            return Response(response.status, headers, response.read(), time.perf_counter() - begun)
        except (OSError, http.client.HTTPException) as error:
            raise NoAnswerError(f"{type(error).__name__}: {error}", partial=answered) from error
        finally:
            connection.close()

    def connect(self, seconds: float) -> socket.socket:
        try:
            if self.server.startswith("unix:"):
                unix = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
                unix.settimeout(seconds)
                try:
                    unix.connect(self.server.removeprefix("unix:"))
                except OSError:
                    unix.close()
                    raise
                return unix
            parts = urlsplit(self.server)
            return socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 80), timeout=seconds)
        except OSError as error:
            raise ConnectFailedError(f"{type(error).__name__}: {error}") from error
