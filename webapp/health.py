"""`/healthz`: this process is alive. `/readyz`: what it can and cannot do, with the reasons as JSON."""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, Response, jsonify

from webapp.configurations.live import plain_reasons
from webapp.numbers.doctor.findings import Status
from webapp.numbers.doctor.standing import standing_checks
from webapp.services import Services
from webapp.store.unavailable import EXPLANATIONS

FOR_OPERATORS = ("secret_key", "token_rotation", "token_age")
"""Checks whose failing is a hint to whoever wants to break in."""


def health_blueprint(services: Services) -> Blueprint:
    health = Blueprint("health", __name__)
    checks = standing_checks(
        services.settings, services.configurations.store.client, services.configurations,
        base_url=services.base_url, now=services.clock,
    )  # fmt: skip

    @health.get("/healthz")
    def alive() -> Response:
        return Response("ok\n", content_type="text/plain")

    @health.get("/readyz")
    def ready() -> Response:
        """Ready means that calls are answered, and that needs no Redis: 200, with what is wrong said beside it.

        Of the doctor's checks strangers see the names and whether they pass; what was found is for whoever runs him.
        """
        store = services.voice_store.state()
        configuration = plain_reasons(services.live.reasons())
        troubles = [" ".join(EXPLANATIONS[reason]) for reason in (store.reason, store.writes) if reason is not None]
        if troubles and configuration["edits_refused"] is None:  # the call's own writes are the first to notice
            configuration = configuration | {"edits_refused": troubles[0]}
        reasons = [*configuration["faults"], *troubles, *webhook_troubles(services)]
        found = [one for one in checks() if one.id not in FOR_OPERATORS]
        reasons += [f"{one.title}: run `handoff doctor` for the fix." for one in found if one.status is Status.FAIL]
        reasons = list(dict.fromkeys(reasons))  # Both ways to Redis often say the same sentence.
        return jsonify({"ready": True, "degraded": bool(reasons), "reasons": reasons, "configuration": configuration,
                        "store": asdict(store), "checks": {one.id: one.status.value for one in found}})  # fmt: skip

    return health


def webhook_troubles(services: Services) -> list[str]:
    """What keeps Twilio's webhooks from being taken, from memory alone: nothing is asked, so nothing can hang."""
    found = []
    if not services.signing_keys():
        fix = "Set TWILIO_AUTH_TOKEN, or connect the account in the console."
        found.append(f"No auth token is known, so every webhook is refused. {fix}")
    if services.settings.is_production and not services.base_url().startswith("https://"):
        found.append("Twilio signs an https address, and ours is none. Set PUBLIC_BASE_URL.")
    return found
