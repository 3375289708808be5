"""The edges: Flask, Redis, Twilio, the console, the API and the command line."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Blueprint, Flask

    from webapp.gates import Gate
    from webapp.services import Services
    from webapp.settings import Settings
    from webapp.signed_requests import SignedRequests
    from webapp.voice.answers import VoiceAnswers

# Imported where they are used, so that `handoff explain` does not pay for Flask.


def create_app(settings: Settings | None = None, services: Services | None = None) -> Flask:
    """The application. Without arguments it reads the environment; tests pass their own settings and services."""
    from flask import Flask

    from webapp.api.limiting import limit_api
    from webapp.settings import load_settings
    from webapp.signed_requests import SignedRequests
    from webapp.voice.answers import VoiceAnswers
    from webapp.voice.direct import DirectVoice
    from webapp.webhook_log import WebhookLog
    from webapp.wiring import default_services

    settings = settings or load_settings(os.environ)
    services = services or default_services(settings)
    answers = VoiceAnswers(services)
    signed = SignedRequests(services.base_url, services.signing_keys, services.account_sid)
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = 4 * 1024 * 1024
    app.extensions["handoff"] = services
    app.extensions["gates"] = {}
    for gate, blueprint in blueprints(services, signed, answers):
        blueprint.before_request(gate)
        app.extensions["gates"][blueprint.name] = gate
        app.register_blueprint(blueprint)
    limit_api(app, services)
    direct = DirectVoice(app.wsgi_app, signed, answers)
    log = WebhookLog(direct, services.voice_store, services.clock, whole=not settings.is_production)
    app.wsgi_app = log  # type: ignore[method-assign]
    return app


def blueprints(services: Services, signed: SignedRequests, answers: VoiceAnswers) -> list[tuple[Gate, Blueprint]]:
    """The table of contents: who may call, and what. A test calls every route as a stranger."""
    from webapp.api.routes import about_blueprint, api_blueprint, api_gate
    from webapp.console import access
    from webapp.console.blueprint import console_blueprint
    from webapp.gates import TwilioSignature, VoiceSignature, open_to_all
    from webapp.health import health_blueprint
    from webapp.messaging.routes import messaging_blueprint
    from webapp.voice.routes import voice_blueprint

    return [
        (VoiceSignature(signed), voice_blueprint(answers)),
        (TwilioSignature(signed), messaging_blueprint(services)),
        (api_gate(services), api_blueprint(services)),
        (open_to_all, about_blueprint()),
        (open_to_all, health_blueprint(services)),
        (access.check, console_blueprint(services)),
    ]
