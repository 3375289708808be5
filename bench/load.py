"""A small load generator: one thread, many keep-alive connections, either as fast as it goes or at a steady rate."""

from __future__ import annotations

import selectors
import socket
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from time import perf_counter


@dataclass(slots=True)
class Measured:
    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    failures: int = 0

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        """In milliseconds."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000


@dataclass(slots=True)
class _Connection:
    socket: socket.socket
    sent_at: float = 0.0
    buffer: bytes = b""


def _whole(buffer: bytes) -> bool:
    head, separator, body = buffer.partition(b"\r\n\r\n")
    if not separator:
        return False
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return len(body) >= int(value)
    return True


def drive(port: int, requests: Iterator[bytes], *, connections: int, rate: float | None = None) -> Measured:
    """Send all requests. With a `rate`, each has its due time and a late answer counts from that time on."""
    selector = selectors.DefaultSelector()
    idle: deque[_Connection] = deque()
    for _ in range(connections):
        opened = socket.create_connection(("127.0.0.1", port), timeout=5)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection = _Connection(opened)
        selector.register(opened, selectors.EVENT_READ, connection)
        idle.append(connection)
    measured = Measured()
    began = perf_counter()
    pending = next(requests, None)
    number, under_way = 0, 0
    while pending is not None or under_way:
        now = perf_counter()
        while pending is not None and idle and (rate is None or now >= began + number / rate):
            connection = idle.popleft()
            connection.sent_at = now if rate is None else began + number / rate
            connection.socket.sendall(pending)
            under_way += 1
            number += 1
            pending = next(requests, None)
        wait = 5.0 if rate is None or pending is None else max(0.0, began + number / rate - perf_counter())
        for key, _ in selector.select(wait if under_way or rate is None else min(wait, 0.05)):
            under_way -= _receive(key.data, measured, idle)
    measured.seconds = perf_counter() - began
    for connection in idle:
        connection.socket.close()
    return measured


def _receive(connection: _Connection, measured: Measured, idle: deque[_Connection]) -> int:
    connection.buffer += connection.socket.recv(65_536)
    if not _whole(connection.buffer):
        return 0
    measured.latencies.append(perf_counter() - connection.sent_at)
    measured.failures += not connection.buffer.startswith(b"HTTP/1.1 200")
    connection.buffer = b""
    idle.append(connection)
    return 1
