"""`/tokens`: who may call this API. The secret is in the answer that creates it, and nowhere else."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Literal

from pydantic import Field

from handoff_rules.model import Whole
from webapp.api.endpoint import Asked, Endpoint, Given, Paged, Strict
from webapp.api.shapes import Answer, PageOf
from webapp.people.roles import Role
from webapp.tokens.register import Listed
from webapp.tokens.token import LONGEST_NAME, NAME


class TokenAnswer(Answer):
    id: str
    name: str
    role: Role
    environment: Literal["sandbox", "production"]
    prefix: str
    created_at: str
    created_by: str
    expires_at: str | None
    last_used_at: str | None


class CreatedAnswer(TokenAnswer):
    token: str = Field(description="Shown this one time.")


class TokenBody(Strict):
    name: str = Field(min_length=1, max_length=LONGEST_NAME, pattern=NAME)
    role: Role
    environment: Literal["sandbox", "production"] = "sandbox"
    expires_in_days: Whole | None = Field(default=None, ge=1, le=3650)


class RevokedAnswer(Answer):
    """`everywhere` false: the store is away, and other machines learn of it when it is back."""

    id: str
    everywhere: bool


def _plain(listed: Listed) -> dict[str, Any]:
    return asdict(listed.token) | {"last_used_at": listed.last_used_at}


def page(asked: Asked) -> Given:
    listed = sorted(asked.house.tokens.all(), key=lambda one: one.token.id)
    after = [one for one in listed if one.token.id > (asked.query.cursor or "")]
    shown = after[: asked.query.limit]
    following = shown[-1].token.id if len(after) > len(shown) else None
    return Given({"data": [_plain(one) for one in shown], "next_cursor": following})


def create(asked: Asked) -> Given:
    wanted: TokenBody = asked.body
    made = asked.house.tokens.create(
        name=wanted.name, role=wanted.role, environment=wanted.environment, author=asked.author,
        days=wanted.expires_in_days,
    )  # fmt: skip
    return Given(_plain(Listed(made.token, None)) | {"token": made.secret}, status=201)


def revoke(asked: Asked) -> Given:
    revoked = asked.house.tokens.revoke(asked.path["token_id"], author=asked.author)
    return Given({"id": revoked.id, "everywhere": revoked.everywhere})


ENDPOINTS = (
    Endpoint(
        method="GET", path="/tokens", role=Role.ADMIN, query=Paged, answer=PageOf[TokenAnswer], production=True,
        summary="The API tokens", handle=page, faults=("store_away",),
    ),
    Endpoint(
        method="POST", path="/tokens", role=Role.ADMIN, body=TokenBody, answer=CreatedAnswer, status=201,
        production=True, summary="Create a token", handle=create, faults=("refused", "store_away"),
    ),
    Endpoint(
        method="DELETE", path="/tokens/{token_id}", role=Role.ADMIN, answer=RevokedAnswer, production=True,
        summary="Revoke a token: refused everywhere within seconds", handle=revoke,
        faults=("not_found", "refused", "store_away"),
    ),
)  # fmt: skip
