"""A proxy that misbehaves on demand: between a client and a server, over TCP on this machine."""

from __future__ import annotations

import selectors
import socket
import threading
from contextlib import suppress
from enum import StrEnum
from time import monotonic


class Fault(StrEnum):
    NONE = "none"
    BLACK_HOLE = "black_hole"  # takes everything, answers nothing
    TRICKLE = "trickle"  # one byte of the answer every 80 ms
    GARBAGE = "garbage"  # answers what is not Redis
    RESET = "reset"  # closes in the middle of an answer
    FLOOD = "flood"  # an answer without end


class FaultProxy:
    """Listens on its own port; set `fault` at any time. `connections` counts those that were accepted."""

    def __init__(self, target_port: int) -> None:
        self.fault = Fault.NONE
        self.connections = 0
        self._target = ("127.0.0.1", target_port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._accept, name="fault-proxy")]
        self._threads[0].start()

    def _accept(self) -> None:
        self._listener.settimeout(0.05)
        while not self._stop.is_set():
            try:
                client, _ = self._listener.accept()
            except TimeoutError:
                continue
            self.connections += 1
            thread = threading.Thread(target=self._serve, args=(client,), name="fault-proxy")
            self._threads.append(thread)
            thread.start()

    def _serve(self, client: socket.socket) -> None:
        with client, suppress(OSError):  # A target that is gone closes the connection, as it would without a proxy.
            self._between(client)

    def _between(self, client: socket.socket) -> None:
        with socket.create_connection(self._target) as server, selectors.DefaultSelector() as selector:
            selector.register(client, selectors.EVENT_READ)
            selector.register(server, selectors.EVENT_READ)
            while not self._stop.is_set():
                for key, _ in selector.select(0.05):
                    data = key.fileobj.recv(65536)  # type: ignore[union-attr]
                    if not data or not self._pass_on(data, client, server, from_client=key.fileobj is client):
                        return

    def _pass_on(self, data: bytes, client: socket.socket, server: socket.socket, *, from_client: bool) -> bool:
        if from_client:
            server.sendall(data)
            return True
        return self._answer(data, client)

    def _answer(self, data: bytes, client: socket.socket) -> bool:
        match self.fault:
            case Fault.NONE:
                client.sendall(data)
            case Fault.TRICKLE:
                for byte in data:
                    if self._stop.wait(0.08):
                        return False
                    client.sendall(bytes([byte]))
            case Fault.GARBAGE:
                client.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            case Fault.RESET:
                client.sendall(data[: len(data) // 2])
                return False
            case Fault.FLOOD:
                return self._flood(client)
            case Fault.BLACK_HOLE:
                pass
        return True

    def _flood(self, client: socket.socket) -> bool:
        client.settimeout(0.5)
        client.sendall(b"$2000000000\r\n")
        end = monotonic() + 3
        while monotonic() < end and not self._stop.is_set():
            client.sendall(b"x" * 65536)
        return False

    def close(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()
        self._listener.close()

    def __enter__(self) -> FaultProxy:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
