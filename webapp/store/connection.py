"""One connection to Redis whose every use ends by an absolute deadline, however slowly the other side answers.

Our own socket code for the one hot path: beside what redis-py does, it saves about 90 µs for each webhook, and a
socket timeout alone bounds one read, not an answer that trickles in byte by byte.
"""

from __future__ import annotations

import socket
import ssl
import struct
from collections.abc import Callable, Sequence
from time import monotonic
from typing import Any, Final

import hiredis

from webapp.store.address import RedisAddress
from webapp.store.unavailable import CommandError, Reason, StoreUnavailableError, error_reader

Endpoint = str | tuple[str, int]
"""The path of a unix socket, or a numeric address with a port: looking up names is not bounded in time."""

READ_BYTES: Final = 65536
_INCOMPLETE: Final = object()
_BROKEN: Final = (OSError, hiredis.HiredisError, StoreUnavailableError)
MAXIMUM_ANSWER_BYTES: Final = 8 * 1024 * 1024
Command = tuple[bytes | str | int | float, ...]
_pack: Final[Callable[[Command], bytes]] = hiredis.pack_command  # type: ignore[assignment]
"""The library's type stub allows tuples of one part only."""


def pack(commands: Sequence[Command]) -> bytes:
    """The commands as they go over the wire."""
    try:
        return b"".join([_pack(command) for command in commands])
    except UnicodeEncodeError:
        # A lone surrogate has no UTF-8 form. It is replaced, because losing the whole round trip would be worse.
        return b"".join([_pack(tuple(map(_encodable, command))) for command in commands])


def _encodable(part: bytes | str | int | float) -> bytes | int | float:
    return part.encode("utf-8", "replace") if isinstance(part, str) else part


class Connection:
    """Not shared between threads at one time. After any StoreUnavailableError it is closed and good for nothing."""

    __slots__ = ("_bound_in_force", "_pause", "_reader", "_socket", "errors", "generation", "is_fresh")

    def __init__(
        self, address: RedisAddress, endpoint: Endpoint, *, pause: float, deadline: float, generation: int = 0
    ) -> None:
        self.generation = generation
        self.is_fresh = True
        self.errors: list[StoreUnavailableError | CommandError] = []
        self._pause = pause
        # Answers are text. A server that lies must not raise here, so undecodable bytes become U+FFFD.
        self._reader = hiredis.Reader(
            replyError=error_reader(self.errors), encoding="utf-8", errors="replace", notEnoughData=_INCOMPLETE
        )
        self._socket = _connect(address, endpoint, min(pause, _left(deadline)))
        self._bound_in_force = 0.0
        try:
            self._greet(address, deadline)
        except BaseException:
            self.close()
            raise

    def _greet(self, address: RedisAddress, deadline: float) -> None:
        """RESP3 (Redis 6 and later), the password and the database: one round trip, before the first use."""
        hello: Command = ("HELLO", "3", "SETNAME", "handoff")
        if address.password is not None:
            hello = ("HELLO", "3", "AUTH", address.username or "default", address.password, "SETNAME", "handoff")
        commands: list[Command] = [hello]
        if address.database:
            commands.append(("SELECT", address.database))
        self.exchange(pack(commands), len(commands), deadline)
        for error in self.errors:
            if isinstance(error, StoreUnavailableError):
                raise error
            raise StoreUnavailableError(Reason.GARBAGE, error.code)
        self.is_fresh = True

    def exchange(
        self, packed: bytes, count: int, deadline: float, meanwhile: Callable[[], None] | None = None
    ) -> list[Any]:
        """Send, then read `count` answers. Answers that are errors come back as values, and stand in `errors` too.

        `meanwhile` is called between the two; when it raises, the connection is out of step and must be closed.
        """
        if self.errors:
            self.errors.clear()
        try:
            self._send(packed, deadline)
        except _BROKEN as error:
            raise self._closed_by(error) from None
        if meanwhile is not None:
            meanwhile()
        try:
            answers = self._collect(count, deadline)
        except _BROKEN as error:
            raise self._closed_by(error) from None
        self.is_fresh = False
        return answers

    def _closed_by(self, error: Exception) -> StoreUnavailableError:
        """What went wrong with a use of the socket, told as one of our reasons."""
        self.close()
        if isinstance(error, StoreUnavailableError):
            return error
        return StoreUnavailableError(reason_behind(error), type(error).__name__)

    def _send(self, packed: bytes, deadline: float) -> None:
        """Each part is bounded: what nobody reads may go into the kernel's buffer little by little."""
        sent = 0
        while sent < len(packed):
            self._bound(deadline)
            sent += self._socket.send(memoryview(packed)[sent:] if sent else packed)

    def _collect(self, count: int, deadline: float) -> list[Any]:
        answers: list[Any] = []
        gets = self._reader.gets
        received = 0
        while len(answers) < count:
            received += self._read(deadline)
            while len(answers) < count and (answer := gets()) is not _INCOMPLETE:
                answers.append(answer)
            if received > MAXIMUM_ANSWER_BYTES:
                raise StoreUnavailableError(Reason.GARBAGE, "an answer without end")
        if self._reader.has_data():
            raise StoreUnavailableError(Reason.GARBAGE, "more answers than questions")
        return answers

    def _read(self, deadline: float) -> int:
        self._bound(deadline)
        data = self._socket.recv(READ_BYTES)
        if not data:
            raise StoreUnavailableError(Reason.CLOSED)
        self._reader.feed(data)
        return len(data)

    def _bound(self, deadline: float) -> None:
        """The next send or read may take what is left of the deadline, and never more than one pause.

        Nearly always that is a pause, as it was the last time: then nothing is to be done.
        """
        bound = min(self._pause, _left(deadline))
        if bound != self._bound_in_force:
            _bound_by_kernel(self._socket, bound)
            self._bound_in_force = bound

    def close(self) -> None:
        self._socket.close()


def _left(deadline: float) -> float:
    left = deadline - monotonic()
    if left <= 0:
        raise StoreUnavailableError(Reason.TIMED_OUT, "the deadline has passed")
    return left


def _bound_by_kernel(connection: socket.socket, seconds: float) -> None:
    """One system call for a send or a read: Python's own timeout asks `poll` before each, and gives up its lock twice.

    TLS keeps Python's: its layer would begin a read that the kernel ended again, for ever.
    """
    if isinstance(connection, ssl.SSLSocket):
        connection.settimeout(seconds)
        return
    connection.setblocking(True)
    whole = int(seconds)
    interval = struct.pack("ll", whole, max(1, int((seconds - whole) * 1e6)))  # zero would mean: never end
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, interval)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, interval)


def _connect(address: RedisAddress, endpoint: Endpoint, timeout: float) -> socket.socket:
    try:
        if isinstance(endpoint, str):
            return _connect_unix(endpoint, timeout)
        return _connect_tcp(address, endpoint, timeout)
    except OSError as error:
        raise StoreUnavailableError(reason_behind(error), type(error).__name__) from None


def _connect_unix(path: str, timeout: float) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.settimeout(timeout)
        connection.connect(path)
    except BaseException:
        connection.close()
        raise
    return connection


def _connect_tcp(address: RedisAddress, endpoint: tuple[str, int], timeout: float) -> socket.socket:
    connection = socket.create_connection(endpoint, timeout)
    try:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        if address.tls is not None:
            connection = address.tls.context().wrap_socket(connection, server_hostname=address.hosts[0][0])
    except BaseException:
        connection.close()
        raise
    return connection


def reason_behind(error: Exception) -> Reason:
    """Why a use of a socket, or the reading of what came out of it, failed."""
    match error:
        case TimeoutError() | BlockingIOError():
            return Reason.TIMED_OUT
        case ssl.SSLCertVerificationError():
            return Reason.TLS
        case ssl.SSLEOFError() | ConnectionResetError() | BrokenPipeError():
            return Reason.CLOSED
        case ssl.SSLError():
            return Reason.TLS
        case socket.gaierror() | FileNotFoundError():
            return Reason.NOT_FOUND
        case OSError():
            return Reason.REFUSED
        case _:
            return Reason.GARBAGE
