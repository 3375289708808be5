"""One pinned gunicorn worker for an application, and what its worker process used of the processor."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from bench.configuration import document
from bench.requests import ACCOUNT_SID, AUTH_TOKEN, BASE_URL

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Server:
    port: int
    worker: int

    def cpu_seconds(self) -> float:
        """User and system time of the worker with all its threads."""
        fields = Path(f"/proc/{self.worker}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS


@contextmanager
def serving(name: str, redis_url: str) -> Iterator[Server]:
    """gunicorn with the project's own settings but one worker, on the first processor."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with tempfile.TemporaryDirectory() as directory:
        configuration = Path(directory) / "handoff.json"
        configuration.write_text(json.dumps(document(rules=100)))
        environ = os.environ | {
            "PORT": str(port), "WEB_CONCURRENCY": "1", "REDIS_URL": redis_url, "PUBLIC_BASE_URL": BASE_URL,
            "TWILIO_ACCOUNT_SID": ACCOUNT_SID, "TWILIO_AUTH_TOKEN": AUTH_TOKEN, "LOG_LEVEL": "ERROR",
            "SECRET_KEY": "of-the-benchmark-and-of-nothing-else-at-all", "HANDOFF_DATA_DIR": directory,
            "HANDOFF_CONFIG": str(configuration), "PYTHONPATH": os.getcwd(), "APP_ENV": "production",
        }  # fmt: skip
        pinned = ["taskset", "--cpu-list", "0"]
        command = [*pinned, sys.executable, "-m", "gunicorn", f"bench.apps.{name}:app", "--bind", f"127.0.0.1:{port}"]
        process = subprocess.Popen(  # noqa: S603 - our own command
            command, env=environ, stdout=subprocess.DEVNULL
        )
        try:
            yield Server(port, _worker(process, port))
        finally:
            process.terminate()
            process.wait(timeout=30)


def _worker(process: subprocess.Popen[bytes], port: int) -> int:
    """The worker's process id, once it answers."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        with suppress(OSError):  # it does not listen yet
            socket.create_connection(("127.0.0.1", port), timeout=0.2).close()
            children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
            if children:
                return int(children[0])
        time.sleep(0.05)
    raise RuntimeError("the server did not start")
