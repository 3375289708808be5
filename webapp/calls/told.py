"""Call variables that agents and the API tell: kept with the call, never over what Twilio or the caller said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from redis import Redis

from handoff_rules.variables import clean, is_variable_name
from webapp.store import keys
from webapp.voice.variables import LONGEST_VALUE, is_reserved

MOST_TOLD = 64
SHARED_ID = "shared_id"
"""The variable that holds another system's identity of the call: handoff-state finds the call by it."""


class ReservedNameError(ValueError):
    """Only Twilio, the caller, a SIP peer or the flow may say this; or it is no name of a variable."""

    def __init__(self, name: str, why: str) -> None:
        self.name = name
        super().__init__(why)


class ToldVariables:
    def __init__(self, redis: Redis, days: int) -> None:
        self._redis = redis
        self._seconds = keys.call_log_seconds(days)

    def tell(self, call_sid: str, variables: Mapping[str, str | None]) -> dict[str, str]:
        """Set these, remove those that are None; all that is told by now. Raises ReservedNameError before any write."""
        check_names(variables)
        key = keys.call_variables(call_sid)
        stands = cast("dict[str, str]", self._redis.hgetall(key))
        after = {name: value for name, value in stands.items() if name not in variables}
        kept = {name: clean(value)[:LONGEST_VALUE] for name, value in variables.items() if value is not None}
        if len(after | kept) > MOST_TOLD:
            raise ReservedNameError(next(iter(kept), ""), f"A call keeps {MOST_TOLD} told variables at most.")
        self._write(call_sid, kept, [name for name in variables if name not in kept])
        return after | kept

    def take_back(self, call_sid: str, told: Mapping[str, str], before: Mapping[str, str]) -> None:
        """Undo `tell`: what stood before stands again."""
        shared = told.get(SHARED_ID)
        if shared and shared != before.get(SHARED_ID):
            self._redis.delete(keys.shared_id(clean(shared)[:LONGEST_VALUE]))
        self._write(call_sid, {name: before[name] for name in told if name in before},
                    [name for name in told if name not in before])  # fmt: skip

    def of(self, call_sid: str) -> dict[str, str]:
        return cast("dict[str, str]", self._redis.hgetall(keys.call_variables(call_sid)))

    def call_of(self, shared: str) -> str | None:
        """The call that was told this shared id."""
        found: Any = self._redis.get(keys.shared_id(shared))
        return str(found) if found else None

    def _write(self, call_sid: str, kept: Mapping[str, str], removed: list[str]) -> None:
        key = keys.call_variables(call_sid)
        pipeline = self._redis.pipeline(transaction=True)
        if kept:
            pipeline.hset(key, mapping=dict[Any, Any](kept))
        if removed:
            pipeline.hdel(key, *removed)
        pipeline.expire(key, self._seconds)
        pipeline.execute()
        if kept.get(SHARED_ID):
            self._redis.set(keys.shared_id(kept[SHARED_ID]), call_sid, ex=self._seconds)


def check_names(variables: Mapping[str, str | None]) -> None:
    for name in variables:
        if not is_variable_name(name):
            raise ReservedNameError(name, "A variable is named with small letters, digits and underscores.")
        if is_reserved(name):
            raise ReservedNameError(name, f"{name} is told by Twilio, the caller or the flow, and by nobody else.")
