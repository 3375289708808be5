"""Where `handoff run` listens and how others find it: the port, ngrok's tunnel, the note in the data directory."""

from __future__ import annotations

import json
import os
import socket
import urllib.request
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from webapp.store.sealed import write_whole

FIRST_PORT: Final = 8000
_PORTS_TO_TRY: Final = 100
NGROK_AGENT: Final = "http://127.0.0.1:4040/api/tunnels"
"""https://ngrok.com/docs/agent/api/#list-tunnels"""
_NGROK_PATIENCE_SECONDS: Final = 0.5
_NOTE: Final = "running.json"


class PortTakenError(Exception):
    """Nothing can listen there; the text says what to do."""


def choose_port(wanted: int | None, host: str) -> int:
    """The wanted port, else the next free one from 8000. Raises PortTakenError, also for a host that is not ours."""
    if not _is_free(0, host):
        raise PortTakenError(f"This machine has no address {host}. Listen on 127.0.0.1, 0.0.0.0 or one of its own.")
    if wanted is not None:
        if not _is_free(wanted, host):
            raise PortTakenError(f"Port {wanted} is taken. Stop what listens there, or choose another with --port.")
        return wanted
    for port in range(FIRST_PORT, FIRST_PORT + _PORTS_TO_TRY):
        if _is_free(port, host):
            return port
    raise PortTakenError(f"No port from {FIRST_PORT} to {FIRST_PORT + _PORTS_TO_TRY - 1} is free. Choose one: --port.")


def _is_free(port: int, host: str) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def find_tunnel(port: int, agent: str = NGROK_AGENT) -> str | None:
    """The https address of ngrok's tunnel to this port of ours, when its agent runs here."""
    try:
        # Our own machine, a fixed address, and no proxy of the environment in between.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(agent, timeout=_NGROK_PATIENCE_SECONDS) as answer:
            return _tunnel_to(port, json.loads(answer.read(1_000_000)))
    except (OSError, ValueError):
        return None


def _tunnel_to(port: int, answer: Any) -> str | None:
    tunnels = answer.get("tunnels") if isinstance(answer, dict) else None
    for tunnel in tunnels if isinstance(tunnels, list) else []:
        public = tunnel.get("public_url") if isinstance(tunnel, dict) else None
        target = (tunnel.get("config") or {}).get("addr") if isinstance(tunnel, dict) else None
        if isinstance(public, str) and isinstance(target, str) and _leads_to(target, port):
            parts = urlsplit(public)
            if parts.scheme == "https" and parts.hostname:
                return f"https://{parts.netloc}"
    return None


def _leads_to(target: str, port: int) -> bool:
    try:
        return urlsplit(target if "//" in target else f"//{target}").port == port
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Running:
    """What other commands need to know about the process that runs here."""

    pid: int
    port: int
    local_url: str
    base_url: str

    def note(self, data_directory: Path) -> None:
        write_whole(data_directory / _NOTE, json.dumps(asdict(self)).encode() + b"\n")


def read_running(data_directory: Path) -> Running | None:
    """The `handoff run` of this data directory, when there is one and it is alive."""
    try:
        running = Running(**json.loads((data_directory / _NOTE).read_text(encoding="utf-8")))
        os.kill(running.pid, 0)
    except (OSError, ValueError, TypeError):
        return None
    return running


def forget_running(data_directory: Path) -> None:
    (data_directory / _NOTE).unlink(missing_ok=True)
