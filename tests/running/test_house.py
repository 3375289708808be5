"""ngrok that starts after us: the web server begins again with the address that Twilio will sign."""

from __future__ import annotations

import shutil
import tempfile
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.redis_server import free_port, wait_until
from webapp.running import House, Plan
from webapp.running_place import read_running
from webapp.settings import load_settings


@pytest.fixture
def data() -> Iterator[Path]:
    directory = Path(tempfile.mkdtemp(prefix="handoff-house-"))
    yield directory
    shutil.rmtree(directory, ignore_errors=True)


def base_url_of(port: int) -> str:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
            return str(answer.read().decode())
    except OSError:
        return ""


def test_a_tunnel_that_comes_later_is_followed(data: Path, capfd: pytest.CaptureFixture[str]) -> None:
    tunnels: list[str] = []
    port = free_port()
    plan = Plan(
        settings=load_settings({"HANDOFF_DATA_DIR": str(data)}),
        host="127.0.0.1",
        port=port,
        application="tests.running.stand_in_app:app",
        look_for_tunnel=lambda _port: tunnels[-1] if tunnels else None,
    )
    house = House(plan)
    watching = threading.Thread(target=house.watch)
    try:
        house.open()
        assert base_url_of(port) == f"http://127.0.0.1:{port}"
        watching.start()
        tunnels.append("https://ours.ngrok-free.app")
        wait_until(lambda: base_url_of(port) == "https://ours.ngrok-free.app", 20)
        wait_until(lambda: getattr(read_running(data), "base_url", "") == "https://ours.ngrok-free.app")
    finally:
        house.ask_to_stop()
        watching.join()
        house.close()
    assert "https://ours.ngrok-free.app/voice/call" in capfd.readouterr().out
