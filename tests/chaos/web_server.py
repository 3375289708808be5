"""The application as it is deployed: real gunicorn with its own settings file, for tests that hurt what it needs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.application import ACCOUNT_SID, AUTH_TOKEN, BASE_URL, DOCUMENT
from tests.redis_server import free_port, wait_until
from tests.stand_in.transport import HttpTransport, Request, TransportError

ROOT = Path(__file__).parent.parent.parent


class WebServer:
    """gunicorn on a free port, started with `REDIS_URL` and a configuration of the test's own."""

    def __init__(
        self, redis_url: str, directory: Path, document: Mapping[str, Any] = DOCUMENT, **environment: str
    ) -> None:
        file = directory / "handoff.json"
        file.write_text(json.dumps(document), encoding="utf-8")
        self.port = free_port()
        self.log = directory / "server.log"
        self.environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "PORT": str(self.port),
            "WEB_CONCURRENCY": "2",
            "PUBLIC_BASE_URL": BASE_URL,
            "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
            "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
            "SECRET_KEY": "a-key-of-tests-that-is-long-enough-to-be-one",
            "REDIS_URL": redis_url,
            "HANDOFF_CONFIG": str(file),
            "HANDOFF_DATA_DIR": str(directory / "var"),
            "LOG_LEVEL": "ERROR",
        } | environment
        self.process: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def transport(self) -> HttpTransport:
        return HttpTransport(f"http://127.0.0.1:{self.port}")

    def start(self) -> None:
        command = [sys.executable, "-m", "gunicorn", "webapp.wsgi:app"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)
        wait_until(self.answers, 30)

    def answers(self) -> bool:
        try:
            return self.transport.send(Request("GET", "/healthz", {})).status == 200
        except (TransportError, OSError):
            return False

    def stop(self) -> None:
        assert self.process is not None
        self.process.terminate()
        self.process.wait(timeout=30)

    def __enter__(self) -> WebServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
