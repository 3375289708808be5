"""Create, list and revoke API tokens in the store; each change stands in the audit log."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable
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
from webapp.tokens.token import LONGEST_NAME, NAME, ApiToken, digest_of, new_secret, shown_prefix


class TokenNotFoundError(LookupError):
    def __init__(self, wanted: str) -> None:
        super().__init__(f"There is no API token {wanted[:80]!r}.")


class TwoTokensError(LookupError):
    """A name that several tokens have names none of them."""

    def __init__(self, ids: Iterable[str]) -> None:
        found = sorted(ids)
        super().__init__(f"{len(found)} tokens have this name: {', '.join(found)}. Name one by its id.")


class TokenNameError(ValueError):
    def __init__(self) -> None:
        super().__init__(f"A token's name is one line of 1 to {LONGEST_NAME} characters, such as “Sales agent”.")


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
        """Audited before it works: a token that nobody can account for must not exist. Raises TokenNameError."""
        if len(name) > LONGEST_NAME or not re.fullmatch(NAME, name):
            raise TokenNameError
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
        stored = self._stored()
        identity = id_of(wanted, [(token.id, token.name) for token in stored.values()])
        return next(pair for pair in stored.items() if pair[1].id == identity)

    def _stored(self) -> dict[str, ApiToken]:
        rows = cast("dict[str, Any]", self._redis.hgetall(keys.tokens()))
        return {digest: ApiToken.from_json(text) for digest, text in rows.items()}


def id_of(wanted: str, tokens: Iterable[tuple[str, str]]) -> str:
    """The id of the token that `wanted` names, among (id, name). Raises TokenNotFoundError or TwoTokensError."""
    known = list(tokens)
    if any(identity == wanted for identity, _ in known):
        return wanted
    found = [identity for identity, name in known if name == wanted]
    if len(found) > 1:
        raise TwoTokensError(found)
    if not found:
        raise TokenNotFoundError(wanted)
    return found[0]


def open_tokens(
    redis: Redis, editor: Editor, folder: Path, secret_keys: tuple[SecretStr, ...], clock: Callable[[], datetime]
) -> Tokens:
    return Tokens(redis, editor, DeniedTokens(folder, secret_keys), clock)
