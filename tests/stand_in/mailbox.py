"""Status callbacks on their way: best effort, in any order, repeated, late or lost (docs/voice/api/call-resource)."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from tests.stand_in.disturbance import Disturbance
from tests.stand_in.wire import Webhook


@dataclass(slots=True)
class Mailbox:
    """Holds what is under way, by the virtual second at which it is delivered."""

    deliver: Callable[[Webhook], None]
    disturbance: Disturbance
    noise: Random
    waiting: list[tuple[float, int, Webhook]] = field(default_factory=list)
    posted: int = 0

    def post(self, now: float, webhook: Webhook) -> None:
        copies = 0 if self.chance(self.disturbance.lose_status) else 1
        while self.chance(self.disturbance.repeat_status) and copies < 4:
            copies += 1
        for _ in range(copies):
            delay = self.noise.uniform(0, self.disturbance.delay_status) if self.disturbance.delay_status else 0.0
            self.posted += 1
            heapq.heappush(self.waiting, (now + delay, self.posted, webhook))
        self.deliver_due(now)

    def chance(self, share: float) -> bool:
        return share > 0 and self.noise.random() < share

    def deliver_due(self, now: float) -> None:
        while self.waiting and self.waiting[0][0] <= now:
            self.deliver(heapq.heappop(self.waiting)[2])

    def deliver_all(self) -> None:
        self.deliver_due(float("inf"))
