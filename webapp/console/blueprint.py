"""Every page family of the console under one blueprint; everything app-wide happens when it is registered."""

from __future__ import annotations

from flask import Blueprint, Flask
from flask.blueprints import BlueprintSetupState

from webapp.console import (
    api_reference,
    api_tokens,
    call,
    call_settings,
    calls,
    changes,
    destination_history,
    destination_names,
    destinations,
    developers,
    doctor,
    error_pages,
    errors,
    filters,
    help_pages,
    hours,
    number,
    numbers,
    overview,
    people_pages,
    rules,
    rules_map,
    saved_tests,
    search,
    security,
    set_up,
    settings_pages,
    shown,
    sign_in,
    sms,
    static_files,
    test_call,
    twilio_account,
    versions,
    webhooks,
)
from webapp.console.needs import EXTENSION, needs_from
from webapp.console.pages import ROLES, Open
from webapp.services import Services

FAMILIES = (
    sign_in, set_up, overview, destinations, destination_names, destination_history,
    rules, rules_map, hours, test_call, saved_tests, calls, call, changes, versions,
    developers, api_tokens, api_reference, webhooks, search,
    settings_pages, call_settings, people_pages, help_pages,
    numbers, number, sms, errors, doctor, twilio_account,
)  # fmt: skip


def console_blueprint(services: Services) -> Blueprint:
    """Its gate is `access.check`: who is signed in, and with which role."""
    console = Blueprint(
        "console", __name__, template_folder="templates", static_folder=static_files.FOLDER, static_url_path="/static"
    )
    ROLES["console.static"] = Open.TO_ALL

    @console.record_once
    def prepare(state: BlueprintSetupState) -> None:
        app = state.app
        assert isinstance(app, Flask)
        app.extensions[EXTENSION] = needs_from(services)
        security.secure(app, services.settings, https=services.base_url().startswith("https:"))
        filters.teach(app)
        error_pages.handle_errors(app)

    console.app_url_defaults(shown.stay)
    console.after_app_request(static_files.keep)
    console.after_app_request(security.add_headers)
    for family in FAMILIES:
        console.register_blueprint(family.pages)
    return console
