"""Under which address Twilio reaches this deployment: settings, the running process, or ngrok's agent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from webapp.running_place import find_tunnel, read_running
from webapp.settings import Settings


@dataclass(frozen=True, slots=True)
class PublicAddress:
    """`source` says how we know: `PUBLIC_BASE_URL`, `handoff run`, `ngrok`, or `nothing` (then it is a local one)."""

    url: str
    source: str
    tunnel: str | None = None

    @property
    def differs_from_tunnel(self) -> bool:
        """ngrok's free addresses change; the setting then points at the old one."""
        return self.tunnel is not None and self.source == "PUBLIC_BASE_URL" and self.tunnel != self.url


def public_address(settings: Settings, *, tunnel_to: Callable[[int], str | None] = find_tunnel) -> PublicAddress:
    running = read_running(settings.handoff_data_dir)
    port = running.port if running else settings.port or 8000
    tunnel = None if settings.is_production else tunnel_to(port)
    if settings.public_base_url:
        return PublicAddress(settings.public_base_url, "PUBLIC_BASE_URL", tunnel)
    if tunnel:
        return PublicAddress(tunnel, "ngrok", tunnel)
    if running:
        return PublicAddress(running.base_url, "handoff run")
    return PublicAddress(settings.base_url, "nothing")
