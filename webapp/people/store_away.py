"""Every way in which the store can fail to answer while people are looked up."""

from __future__ import annotations

from redis import RedisError

from webapp.store.unavailable import StoreUnavailableError

STORE_AWAY = (RedisError, StoreUnavailableError, OSError)
