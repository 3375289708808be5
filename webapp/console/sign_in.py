"""Sign in and out. What was typed before a session ended waits in the form and goes on afterwards."""

from __future__ import annotations

import secrets

from flask import make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeSerializer

from webapp.console.access import safe_target
from webapp.console.needs import needs
from webapp.console.pages import Open, Pages
from webapp.people.sessions import session_id
from webapp.people.sign_in import Begun, Refusal
from webapp.people.store_away import STORE_AWAY

pages = Pages("sign_in", __name__)
DEVICE_COOKIE = "handoff-device"
DEVICE_LASTS = 180 * 86_400
REFUSALS = {
    Refusal.WRONG: ("That e-mail address and password do not belong together.", 401),
    Refusal.TOO_MANY: ("Too many attempts. Wait an hour, or sign in from a device that you have used before.", 429),
}


@pages.page("/sign-in", Open.TO_ALL)
def index() -> ResponseReturnValue:
    return form(then=safe_target(request.args.get("then", "/")), kept=[], email="")


@pages.page("/sign-in", Open.TO_ALL, post=True)
def begin() -> ResponseReturnValue:
    email, then = request.form.get("_email", ""), safe_target(request.form.get("_then", "/"))
    kept = [(name, text) for name, text in request.form.items(multi=True) if not name.startswith("_")]
    kept += [
        (name.removeprefix("_kept"), text) for name, text in request.form.items(multi=True) if name.startswith("_kept_")
    ]
    try:
        result = needs().people.sign_in.attempt(
            email,
            request.form.get("_password", ""),
            address=request.remote_addr or "",
            agent=request.user_agent.string,
            known_device=_known_device(),
        )
    except STORE_AWAY:
        return render_template("console/store_away.html"), 503
    if isinstance(result, Refusal):
        text, status = REFUSALS[result]
        return form(then=then, kept=kept, email=email, refusal=text), status
    return _go_on(result, then, kept)


@pages.page("/sign-out", Open.TO_ALL, post=True)
def out() -> ResponseReturnValue:
    token = session.get("signed_in")
    session.clear()
    try:
        if isinstance(token, str):
            needs().people.sessions.end(session_id(token))
    except STORE_AWAY:
        return render_template("console/store_away.html"), 503
    return redirect(url_for("console.sign_in.index"))


def start_session(begun: Begun) -> None:
    """A new cookie with a new token: whatever cookie was there before never becomes a signed-in one."""
    session.clear()
    session["signed_in"] = begun.token
    session["fresh"] = secrets.token_hex(8)
    session.permanent = True


def _go_on(begun: Begun, then: str, kept: list[tuple[str, str]]) -> ResponseReturnValue:
    start_session(begun)
    answer = make_response(
        render_template("console/go_on.html", then=then, kept=kept) if kept else redirect(then),
    )
    answer.set_cookie(
        DEVICE_COOKIE,
        _devices().dumps(begun.user.id),
        max_age=DEVICE_LASTS,
        httponly=True,
        secure=request.is_secure,
        samesite="Lax",
    )
    return answer


def form(*, then: str, kept: list[tuple[str, str]], email: str, refusal: str | None = None) -> str:
    """The sign-in, with why there is none yet."""
    return render_template("console/sign_in.html", then=then, kept=kept, email=email, refusal=refusal)


def _known_device() -> str | None:
    """The user id that an earlier sign-in left on this device; it opens nothing, it only counts apart."""
    try:
        known = _devices().loads(request.cookies.get(DEVICE_COOKIE, ""))
    except BadSignature:
        return None
    return known if isinstance(known, str) else None


def _devices() -> URLSafeSerializer:
    from flask import current_app

    return URLSafeSerializer(str(current_app.secret_key), salt="known-device")
