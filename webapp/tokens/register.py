"""Create, list and revoke API tokens in the store; each change stands in the audit log."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

from pydantic import SecretStr
from redis import Redis

from webapp.configurations.edits import Editor, timestamp
from webapp.configurations.published import Environment
from webapp.people.roles import Role
from webapp.people.store_away import STORE_AWAY
from webapp.store import keys
from webapp.tokens.denied import DeniedTokens
from webapp.tokens.token import ApiToken, digest_of, new_secret, shown_prefix


class TokenNotFoundError(LookupError):
    def __init__(self, wanted: str) -> None:
        super().__init__(f"There is no API token {wanted[:80]!r}. `handoff tokens list` shows them.")


@dataclass(frozen=True, slots=True)
class Created:
    """`secret` is shown this one time."""

    token: ApiToken
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Listed:
    token: ApiToken
    last_used_at: str | None


@dataclass(frozen=True, slots=True)
class Revoked:
    """`everywhere` False: Redis is away. This machine refuses it from now on, the others when Redis is back."""

    token: ApiToken | None
    id: str
    everywhere: bool


class Tokens:
    def __init__(self, redis: Redis, editor: Editor, denied: DeniedTokens, clock: Callable[[], datetime]) -> None:
        self._redis = redis
        self._editor = editor
        self._denied = denied
        self._clock = clock

    def create(
        self, *, name: str, role: Role, environment: Environment, author: str, days: int | None = None
    ) -> Created:
        """Audited before it works: a token that nobody can account for must not exist."""
        secret = new_secret(environment)
        end = None if days is None else timestamp(lambda: self._clock() + timedelta(days=days))
        token = ApiToken(
            id=f"tok_{secrets.token_hex(6)}", name=name.strip(), role=role, environment=environment,
            prefix=shown_prefix(secret, environment), created_at=timestamp(self._clock), created_by=author,
            expires_at=end,
        )  # fmt: skip
        self._editor.record(actor=author, action="created", subject="api token", after=asdict(token))
        self._redis.hset(keys.tokens(), digest_of(secret), token.to_json())
        return Created(token, secret)

    def all(self) -> list[Listed]:
        """The newest first."""
        uses = cast("dict[str, str]", self._redis.hgetall(keys.token_uses()))
        found = [Listed(token, uses.get(token.id)) for token in self._stored().values()]
        return sorted(found, key=lambda listed: listed.token.created_at, reverse=True)

    def revoke(self, wanted: str, *, author: str) -> Revoked:
        """By id, or by name where one token has it. Refused on this machine at once, on all others within seconds."""
        try:
            digest, token = self._find(wanted)
        except STORE_AWAY:
            if not wanted.startswith("tok_"):
                raise
            self._denied.add(wanted)
            return Revoked(None, wanted, everywhere=False)
        self._denied.add(token.id)
        self._redis.hdel(keys.tokens(), digest)
        self._redis.hdel(keys.token_uses(), token.id)
        self._editor.record(actor=author, action="revoked", subject="api token", before=asdict(token))
        return Revoked(token, token.id, everywhere=True)

    def _find(self, wanted: str) -> tuple[str, ApiToken]:
        found = [pair for pair in self._stored().items() if wanted in (pair[1].id, pair[1].name)]
        if len(found) != 1:
            raise TokenNotFoundError(wanted)
        return found[0]

    def _stored(self) -> dict[str, ApiToken]:
        rows = cast("dict[str, Any]", self._redis.hgetall(keys.tokens()))
        return {digest: ApiToken.from_json(text) for digest, text in rows.items()}


def open_tokens(
    redis: Redis, editor: Editor, folder: Path, secret_keys: tuple[SecretStr, ...], clock: Callable[[], datetime]
) -> Tokens:
    return Tokens(redis, editor, DeniedTokens(folder, secret_keys), clock)
