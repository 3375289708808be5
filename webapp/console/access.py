"""Who is asking, and may they? Runs before every view of the console; what no line allows is refused."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import abort, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from webapp.console.frame import show
from webapp.console.needs import needs
from webapp.console.pages import ROLES, Open
from webapp.console.security import refuse_forgery
from webapp.people.roles import Role
from webapp.people.sessions import SignedIn
from webapp.people.store_away import STORE_AWAY

KEPT_BYTES = 100_000
"""More typed text than this is not carried through a sign-in."""


def check() -> ResponseReturnValue | None:
    """None lets the view run; everything else is the answer."""
    role = ROLES.get(request.endpoint or "")
    if role is None:
        abort(403)
    if request.method == "POST":
        refuse_forgery()
    g.who = who_asks()
    if isinstance(role, Open):
        return None
    if g.who is None:
        return ask_to_sign_in()
    if not g.who.user.role.may_act_as(role):
        return refuse_role(role)
    return None


def who_asks() -> SignedIn | None:
    token = session.get("signed_in")
    return needs().people.sessions.who(token) if isinstance(token, str) else None


def who() -> SignedIn:
    """The signed-in person, in views that ask for a role."""
    found = g.who
    if not isinstance(found, SignedIn):
        abort(403)
    return found


def may_see(role: Role) -> bool:
    """In views whose answer differs by role; templates ask `frame.has` and, for what changes something, `frame.may`."""
    return who().user.role.may_act_as(role)


def author() -> str:
    """The name under which this person's changes are kept."""
    return who().user.email


def ask_to_sign_in() -> ResponseReturnValue:
    """To the set-up when nobody exists yet, else to the sign-in; what was typed comes along.

    A page that asks for a part of itself gets no other page in its place.
    """
    if "HX-Request" in request.headers:
        return "", 401
    try:
        if needs().people.set_up.is_needed():
            return redirect(url_for("console.set_up.index"))
    except STORE_AWAY:
        return render_template("console/store_away.html"), 503
    if request.method == "GET":
        return redirect(url_for("console.sign_in.index", then=request.full_path.rstrip("?")))
    kept = [(name, text) for name, text in request.form.items(multi=True) if name != "_token"]
    if sum(len(name) + len(text) for name, text in kept) > KEPT_BYTES:
        kept = []
    return render_template("console/sign_in.html", then=request.path, kept=kept, refusal=None, email=""), 401


def refuse_role(role: Role) -> ResponseReturnValue:
    """Say which role is needed and who has it."""
    try:
        holders = [
            user.name for user in needs().people.users.everybody() if user.enabled and user.role.may_act_as(role)
        ]
    except STORE_AWAY:
        holders = []
    return show("forbidden.html", section="", role=role, holders=holders[:5], kept=typed_text()), 403


def typed_text() -> list[tuple[str, str]]:
    """The fields of a form that is refused as a whole, by their names, besides the hidden ones of its own."""
    return [(name, text) for name, text in request.form.items(multi=True) if not name.startswith("_")]


def safe_target(target: str) -> str:
    """A path of ours, or the overview: a sign-in never leads to another site (OWASP ASVS 3.7.2)."""
    parts = urlsplit(target)
    ours = target.startswith("/") and not target.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    return target if ours and target.isprintable() and "\\" not in target else "/"
