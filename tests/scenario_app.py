"""Twilio's stand-in before the real application, with real Redis and a clock that each call sets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.application import ACCOUNT_SID, AUTH_TOKEN, BASE_URL, Application
from tests.stand_in import Call, Finished, Twilio
from tests.stand_in.transport import WsgiTransport


@dataclass(slots=True)
class Stage:
    application: Application
    twilio: Twilio

    def play(self, call: Call) -> Finished:
        """The application takes the call's own time for the time of day."""
        self.application.at = call.at
        return self.twilio.place_call(call)


@contextmanager
def staged(
    configuration: Mapping[str, Any], redis_url: str, folder: Path, *, seed: int = 0, owned_numbers: Iterable[str] = ()
) -> Iterator[Stage]:
    """The application with `configuration` as its shipped file. `redis_url` should be an empty store."""
    with Application(redis_url, folder, configuration) as application:
        transport = WsgiTransport(application.app)
        yield Stage(
            application, Twilio(transport, ACCOUNT_SID, AUTH_TOKEN, BASE_URL, seed, owned_numbers=owned_numbers)
        )
