"""gunicorn with our configuration file: what stops it, what it shows, how it ends."""

from __future__ import annotations

import os
import runpy
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

from gunicorn.config import Config

from tests.redis_server import free_port, wait_until

PROJECT = Path(__file__).resolve().parents[2]


def start(application: str, **environment: str) -> subprocess.Popen[bytes]:
    home = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    command = [sys.executable, "-m", "gunicorn", application]
    return subprocess.Popen(command, cwd=PROJECT, env=home | environment, stderr=subprocess.PIPE)


def test_wrong_settings_stop_the_start_with_one_sentence_each(tmp_path: Path) -> None:
    server = start(
        "webapp.wsgi:app",
        APP_ENV="production",
        SECRET_KEY="hunter2",
        HANDOFF_DATA_DIR=str(tmp_path),
        PORT=str(free_port()),
        WEB_CONCURRENCY="1",
    )
    _, errors = server.communicate(timeout=60)
    text = errors.decode()
    assert server.returncode != 0
    assert "4 problems with the settings:" in text
    assert "PUBLIC_BASE_URL is missing, and production needs it." in text
    assert "Traceback" not in text
    assert "hunter2" not in text


def test_the_configuration_file_serves_on_port_and_ends_when_asked() -> None:
    port = free_port()
    server = start("tests.running.stand_in_app:app", PORT=str(port), PUBLIC_BASE_URL="here", WEB_CONCURRENCY="1")
    try:
        wait_until(lambda: answer(port) == "here", 30)
    finally:
        server.send_signal(signal.SIGTERM)
        _, errors = server.communicate(timeout=30)
    assert server.returncode == 0
    assert errors == b"", "a healthy start says nothing"


def answer(port: int) -> str:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as response:
            return str(response.read().decode())
    except OSError:
        return ""


def test_no_line_is_put_together_for_a_request_that_nobody_takes() -> None:
    ours = runpy.run_path(str(PROJECT / "gunicorn.conf.py"))
    settings = Config()
    settings.set("logconfig_dict", ours["logconfig_dict"])
    assert not ours["logger_class"](settings).access_log_enabled
