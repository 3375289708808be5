"""`/deployment`: which number meets which environment, who tests, and the caller ID of last resort."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from webapp.api.endpoint import Asked, Endpoint, Given, Strict, Write
from webapp.api.placing import in_the_body, told_at
from webapp.api.reading import no_etag_of_this
from webapp.api.shapes import Answer, DeploymentSavedAnswer, deployment_answer
from webapp.configurations.deployment import E164, Deployment, Number, PromotionPolicy
from webapp.configurations.loops import loops
from webapp.people.roles import Role


class DeploymentBody(Strict):
    """The credentials of Twilio are not part of it: no answer ever shows them, and no PUT touches them."""

    numbers: dict[E164, Number] = {}
    test_callers: list[E164] = Field(default=[], max_length=200)
    sandbox_phone: E164 | None = None
    default_caller_id: E164 | None = None
    promotion: PromotionPolicy = PromotionPolicy()


class Account(Answer):
    account_sid: str


class DeploymentAnswer(Answer):
    """`twilio` says whose credentials were entered in the console."""

    numbers: dict[E164, Number] = {}
    test_callers: list[E164] = []
    sandbox_phone: E164 | None = None
    default_caller_id: E164 | None = None
    promotion: PromotionPolicy = PromotionPolicy()
    twilio: Account | None = None


def read(asked: Asked) -> Given:
    stored = asked.house.services.configurations.deployments.read()
    return Given(stored.deployment.shown(), etag=str(stored.serial))


def replace(asked: Asked) -> Given:
    expected = _expected(asked.if_match)
    document: dict[str, Any] = asked.body.model_dump(mode="json", exclude_none=True)
    deployments = asked.house.services.configurations.deployments
    found = loops(asked.house.services.live.configurations(), Deployment.read(document).own_numbers)
    with told_at(in_the_body()):
        if asked.query.dry_run:
            deployments.may_save(document, expected=expected)
            return Given(deployment_answer(None, found))
        saved = deployments.save(document, expected=expected, author=asked.author, note=asked.query.note)
    return Given(deployment_answer(saved, found), etag=str(saved.serial))


def _expected(if_match: str | None) -> int | None:
    if if_match in (None, "*"):
        return None
    text = str(if_match)
    if not text.isascii() or not text.isdigit() or len(text) > 12:
        raise no_etag_of_this()
    return int(text)


ENDPOINTS = (
    Endpoint(
        method="GET", path="/deployment", role=Role.OPERATOR, answer=DeploymentAnswer, handle=read, gives_etag=True,
        summary="Numbers, test callers, sandbox phone, default caller ID", faults=("store_away",),
    ),
    Endpoint(
        method="PUT", path="/deployment", role=Role.ADMIN, query=Write, body=DeploymentBody, production=True,
        answer=DeploymentSavedAnswer, if_match="required", gives_etag=True, idempotent=True, handle=replace,
        summary="Replace them: in effect at once, for both environments", faults=("conflict", "refused", "store_away"),
    ),
)  # fmt: skip
