"""Our public origin for each request: the setting, else ngrok's tunnel, looked for in the background."""

from __future__ import annotations

import time
from collections.abc import Callable

from webapp.numbers.followed import Followed
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
        def look() -> str | None:
            return tunnel_to(settings.port or 8000)

        self._settings = settings
        self._tunnel: Callable[[], str | None] = lambda: None
        if settings.public_base_url is None and not settings.is_production:
            self._tunnel = Followed("tunnel", look, look(), seconds=LOOK_AGAIN_SECONDS, is_fresh=True, clock=clock)

    def __call__(self) -> str:
        return self._tunnel() or self._settings.base_url
