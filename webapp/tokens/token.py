"""One API token: what is stored of it, and how its secret is made. The secret itself is shown once and kept nowhere."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from webapp.configurations.published import ENVIRONMENTS, Environment
from webapp.people.roles import Role

NAME = r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$"
"""One line with something in it; control characters would write into lists and logs."""
LONGEST_NAME = 80
SHOWN = 6
"""Characters of the secret part that lists show, so that people can tell two tokens apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiToken:
    """`prefix` is its beginning, which names the environment; times are RFC 3339 in UTC."""

    id: str
    name: str
    role: Role
    environment: Environment
    prefix: str
    created_at: str
    created_by: str
    expires_at: str | None = None

    def is_over(self, now: datetime) -> bool:
        return self.expires_at is not None and datetime.fromisoformat(self.expires_at) <= now

    def reaches(self, environment: str) -> bool:
        """A production token works in both environments, a sandbox token never touches production."""
        return self.environment == "production" or environment == "sandbox"

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> ApiToken:
        """Raises ValueError, KeyError or TypeError for what is no record of ours."""
        record: dict[str, Any] = json.loads(text)
        if record["environment"] not in ENVIRONMENTS:
            raise ValueError("a token of an unknown environment")
        return cls(**record | {"role": Role(record["role"])})


def new_secret(environment: Environment) -> str:
    """`hf_sandbox_…` or `hf_production_…`, with 256 random bits: nobody guesses it, so a plain hash is enough."""
    return f"hf_{environment}_{secrets.token_urlsafe(32)}"


def shown_prefix(secret: str, environment: Environment) -> str:
    return secret[: len(f"hf_{environment}_") + SHOWN]


def digest_of(secret: str) -> str:
    """What is stored in place of the secret, and looked up by."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
