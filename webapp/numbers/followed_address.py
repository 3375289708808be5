"""Our public origin for each request: the setting, else ngrok's tunnel, looked for in the background."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from webapp.running_place import find_tunnel
from webapp.settings import Settings

LOOK_AGAIN_SECONDS = 5.0


class FollowedAddress:
    """Development without PUBLIC_BASE_URL alone looks for a tunnel: free tunnels come late and change their names."""

    def __init__(
        self,
        settings: Settings,
        *,
        tunnel_to: Callable[[int], str | None] = find_tunnel,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._tunnel_to = tunnel_to
        self._clock = clock
        self._lock = threading.Lock()
        self._follows = settings.public_base_url is None and not settings.is_production
        self._tunnel = tunnel_to(self._port) if self._follows else None
        self._looked_at = clock()

    def __call__(self) -> str:
        if self._follows and self._clock() - self._looked_at >= LOOK_AGAIN_SECONDS:
            self._look_again()
        return self._tunnel or self._settings.base_url

    @property
    def _port(self) -> int:
        return self._settings.port or 8000

    def _look_again(self) -> None:
        """One look at a time, on a thread of its own: whoever asks gets the latest answer at once."""
        if self._lock.acquire(blocking=False):
            threading.Thread(target=self._look, name="tunnel", daemon=True).start()

    def _look(self) -> None:
        try:
            self._tunnel = self._tunnel_to(self._port)
        finally:
            self._looked_at = self._clock()
            self._lock.release()
