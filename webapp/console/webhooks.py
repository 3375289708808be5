"""The webhook log: does Twilio reach this app, what did it get, and how long did that take?"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from flask import jsonify, request, url_for
from flask.typing import ResponseReturnValue

from webapp.console.frame import show
from webapp.console.needs import needs
from webapp.console.pages import Pages
from webapp.console.pagination import Pager
from webapp.console.twin import Twin
from webapp.people.roles import Role
from webapp.people.store_away import STORE_AWAY
from webapp.webhook_log import KEPT, PASSED, Webhook, lately

pages = Pages("webhooks", __name__)
BUDGET_MS = 3_000
"""Our own limit for an answer; Twilio waits 15 s."""


@pages.page("/developers/webhooks", Role.VIEWER)
def index() -> ResponseReturnValue:
    try:
        found: list[Webhook] | None = lately(needs().configurations.store.client)
    except STORE_AWAY:
        found = None
    pager = Pager.of(found or (), request)
    return show(
        "webhooks.html",
        section="developers",
        tab="webhooks",
        webhooks=found,
        pager=pager,
        most=KEPT,
        passed=PASSED,
        slow=BUDGET_MS / 2,
        read=datetime.fromisoformat,
        twin=Twin(json=url_for(".as_json")),
    )


@pages.page("/developers/webhooks.json", Role.VIEWER)
def as_json() -> ResponseReturnValue:
    return jsonify([asdict(one) for one in lately(needs().configurations.store.client)])
