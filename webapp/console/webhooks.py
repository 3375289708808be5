"""The webhook log: does Twilio reach this app, what did it get, and how long did that take?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from flask import abort, current_app, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.test import Client

from webapp.console.frame import show
from webapp.console.masking import CALLERS, hidden, masked
from webapp.console.needs import needs
from webapp.console.pages import Pages
from webapp.console.pagination import Pager
from webapp.console.twin import Twin
from webapp.people.roles import Role
from webapp.people.store_away import STORE_AWAY
from webapp.signatures import signed_text
from webapp.webhook_log import AT_ONCE, KEPT, PASSED, Webhook, lately

pages = Pages("webhooks", __name__)
BUDGET_MS = 3_000
"""Our own limit for an answer; Twilio waits 15 s."""


@pages.page("/developers/webhooks", Role.VIEWER)
def index() -> ResponseReturnValue:
    try:
        found: list[Webhook] | None = _all()
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
        at_once=AT_ONCE,
        kept_whole=not needs().settings.is_production,
        passed=PASSED,
        slow=BUDGET_MS / 2,
        read=datetime.fromisoformat,
        twin=Twin(json=url_for(".as_json")),
    )


@pages.page("/developers/webhooks.json", Role.VIEWER)
def as_json() -> ResponseReturnValue:
    """Callers stay masked where requests are kept whole."""
    return jsonify([hidden(asdict(one)) for one in _all()])


@pages.page("/developers/webhooks/send-again", Role.OPERATOR, post=True)
def send_again() -> ResponseReturnValue:
    """The same request with a signature of its own, through the same gate as Twilio's: nothing leaves this process."""
    wanted = request.form.get("id", "")
    one = next((one for one in _all() if one.id == wanted and one.target), None)
    signing_keys = needs().services.signing_keys()
    if one is None or not signing_keys:
        abort(404, description="This webhook is not kept, so it cannot be sent again.")
    signed = needs().base_url() + one.target + (signed_text(one.form.items()) if one.method == "POST" else "")
    began = needs().stopwatch()
    answer = Client(current_app).open(
        one.target,
        needs().base_url(),
        method=one.method,
        data=dict(one.form) if one.method == "POST" else None,
        headers={"X-Twilio-Signature": signing_keys[0].sign(signed)},
    )
    return show(
        "webhook_again.html",
        section="developers",
        help="api",
        one=one,
        fields=hidden(one.form),
        status=answer.status_code,
        ms=round((needs().stopwatch() - began) * 1000, 1),
        document=_without_callers(answer.text, one.form),
        is_xml=answer.mimetype == "text/xml" and bool(answer.data),
    )


def _without_callers(document: str, form: Mapping[str, str]) -> str:
    """Our routes stay readable; whoever called stays masked, as on every page."""
    for name in CALLERS & form.keys():
        if form[name]:
            document = document.replace(form[name], masked(form[name]))
    return document


def _all() -> list[Webhook]:
    return lately(needs().configurations.store.client)
