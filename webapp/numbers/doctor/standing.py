"""The doctor's checks for `/readyz`: those that ask nobody outside, made in the background so that no answer waits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from redis import Redis

from webapp.configurations.assembly import Configurations, History
from webapp.numbers.doctor.examine import examine
from webapp.numbers.doctor.findings import Check, Result
from webapp.numbers.doctor.look_around import look_around
from webapp.numbers.doctor.machine_checks import MACHINE_CHECKS
from webapp.numbers.doctor.production_checks import PRODUCTION_CHECKS
from webapp.numbers.doctor.store_checks import STORE_CHECKS
from webapp.numbers.followed import Followed
from webapp.numbers.public_address import PublicAddress
from webapp.settings import Settings

LOOK_AGAIN_SECONDS = 30.0
STANDING: tuple[Check, ...] = (*MACHINE_CHECKS, *STORE_CHECKS, *PRODUCTION_CHECKS)


def standing_checks(
    settings: Settings,
    redis: Redis,
    history: History | Configurations,
    *,
    base_url: Callable[[], str],
    now: Callable[[], datetime],
) -> Followed[tuple[Result, ...]]:
    """Call it for the latest results; empty until the first look is done."""

    def look() -> tuple[Result, ...]:
        address = PublicAddress(base_url(), "this process")
        seen = look_around(settings, redis, history, access=None, address=address, now=now(), offline=True)
        return examine(seen, STANDING)

    return Followed("doctor", look, (), seconds=LOOK_AGAIN_SECONDS)
