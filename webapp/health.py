"""`/healthz`: this process is alive. `/readyz`: what it can and cannot do, with the reasons as JSON."""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, Response, jsonify

from webapp.configurations.live import plain_reasons
from webapp.services import Services
from webapp.store.unavailable import EXPLANATIONS


def health_blueprint(services: Services) -> Blueprint:
    health = Blueprint("health", __name__)

    @health.get("/healthz")
    def alive() -> Response:
        return Response("ok\n", content_type="text/plain")

    @health.get("/readyz")
    def ready() -> Response:
        """Ready means that calls are answered, and that needs no Redis: 200, with what is wrong said beside it."""
        store = services.voice_store.state()
        configuration = plain_reasons(services.live.reasons())
        troubles = [EXPLANATIONS[reason] for reason in (store.reason, store.writes) if reason is not None]
        reasons = [*configuration["faults"], *(f"{message} {fix}" for message, fix in troubles),
                   *webhook_troubles(services)]  # fmt: skip
        return jsonify({"ready": True, "degraded": bool(reasons), "reasons": reasons,
                        "configuration": configuration, "store": asdict(store)})  # fmt: skip

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
