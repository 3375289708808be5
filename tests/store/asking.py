"""How the store's tests ask: does it work, and if not, why, and was the answer quick?"""

from __future__ import annotations

from time import monotonic
from typing import Final

import pytest

from webapp.store.connection import Command
from webapp.store.redis import Reason, StoreUnavailableError, VoiceRedis

PING: Final[tuple[Command, ...]] = (("EXISTS", "x"),)
A_HANG: Final = 2.0
"""Real limits are 0.15 and 0.25 s; a hang would take seconds, and a loaded machine must not turn a test red."""


def failure(client: VoiceRedis) -> Reason:
    start = monotonic()
    with pytest.raises(StoreUnavailableError) as caught:
        client.execute(PING)
    assert monotonic() - start < A_HANG
    return caught.value.reason


def works(client: VoiceRedis) -> bool:
    try:
        return client.execute(PING) == [0]
    except StoreUnavailableError:
        return False
