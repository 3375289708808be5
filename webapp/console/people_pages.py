"""People and roles: who may sign in, and what they may do."""

from __future__ import annotations

from typing import Any

import structlog
from flask import abort, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from handoff_rules.problems import Problem
from webapp.configurations.noting import note
from webapp.console.access import author, who
from webapp.console.editing import store_words
from webapp.console.forms import Draft, Form
from webapp.console.frame import show, tell
from webapp.console.needs import needs
from webapp.console.pages import Pages
from webapp.console.twin import Twin, command
from webapp.people.passwords import WeakPasswordError
from webapp.people.roles import Role
from webapp.people.store_away import STORE_AWAY
from webapp.people.users import EmailRefusedError, LastAdminError

log = structlog.get_logger(__name__)
pages = Pages("people", __name__)
SECTION = "settings"
AGAIN = "The password has to be typed once more: no page shows one."


@pages.page("/settings/people", Role.ADMIN)
def index() -> ResponseReturnValue:
    return _people_page(Form({"role": Role.OPERATOR.value}))


@pages.page("/settings/people", Role.ADMIN, post=True)
def add() -> ResponseReturnValue:
    draft: Draft = {name: request.form.get(name, "") for name in ("name", "email", "role")}
    try:
        role = Role(draft["role"])
        needs().people.users.add(
            email=draft["email"],
            name=draft["name"] or draft["email"],
            role=role,
            password=request.form.get("_password", ""),
        )
    except WeakPasswordError as weak:
        return _people_page(_faulty(draft, "_password", str(weak))), 422
    except EmailRefusedError as refusal:
        return _people_page(_faulty(draft, "email", str(refusal))), 422
    except ValueError:
        return _people_page(_faulty(draft, "role", "Choose a role.")), 422
    except STORE_AWAY as fault:
        return _people_page(Form(draft), refusal=f"The store does not answer. {store_words(fault)} {AGAIN}"), 503
    audit_people("person added", draft["email"], after=role.value)
    tell(f"{draft['email']} can sign in. Pass the password on, and let them change it in Settings.")
    return redirect(url_for(".index", _anchor="main"))


@pages.page("/settings/people/<user_id>", Role.ADMIN, post=True)
def change(user_id: str) -> ResponseReturnValue:
    users = needs().people.users
    user = users.get(user_id)
    if user is None:
        abort(404, description="There is no such person.")
    try:
        if "_switch" in request.form:
            wanted = request.form["_switch"] == "on"
            if wanted == user.enabled:  # by somebody else, while the page was open
                tell(f"{user.email} is switched {'on' if wanted else 'off'} already. Nothing was changed.", "warn")
                return redirect(url_for(".index"))
            changed = users.switch(user_id, enabled=wanted)
            audit_people("person switched", user.email, before=user.enabled, after=changed.enabled)
        else:
            changed = users.change_role(user_id, Role(request.form.get("role", "")))
            audit_people("role changed", user.email, before=user.role.value, after=changed.role.value)
    except LastAdminError as refusal:
        tell(str(refusal), "bad")
        return redirect(url_for(".index"))
    except ValueError:
        abort(400)
    tell(f"Changed {user.email}. Their sessions ended.")
    return redirect(url_for(".index"))


@pages.page("/settings/people.json", Role.ADMIN)
def as_json() -> ResponseReturnValue:
    everybody = needs().people.users.everybody()
    return jsonify(
        [{"email": user.email, "name": user.name, "role": user.role, "enabled": user.enabled} for user in everybody]
    )


@pages.page("/settings/people/sessions/end", Role.ADMIN, post=True)
def end_session() -> ResponseReturnValue:
    """Of anybody: a lost laptop, somebody who left a browser open. The password still works; switch off for that."""
    user = needs().people.users.get(request.form.get("user", ""))
    sessions, identifier = needs().people.sessions, request.form.get("id", "")
    if user is None or identifier not in {session.id for session in sessions.of(user.id)}:
        tell("That session was over already.")
        return redirect(url_for(".index"))
    sessions.end(identifier)
    audit_people("session ended", user.email)
    tell(f"Ended. {user.name} can sign in again there with the password.")
    return redirect(url_for(".index"))


def _people_page(form: Form, *, refusal: str = "") -> str:
    users, sessions = needs().people.users, needs().people.sessions
    try:
        everybody = users.everybody()
        open_sessions = [(user, session) for user in everybody for session in sessions.of(user.id)]
        known = True
    except STORE_AWAY:
        everybody, open_sessions, known = [], [], False
    return show(
        "people.html",
        section=SECTION,
        help="settings",
        tab="people",
        form=form,
        refusal=refusal,
        people=everybody,
        sessions=open_sessions,
        known=known,
        me=who(),
        roles=[(role.value, f"{role.value.capitalize()}: {role.in_words}") for role in Role],
        twin=Twin(command("users", "list"), json=url_for(".as_json")),
    )


def _faulty(draft: Draft, name: str, text: str) -> Form:
    problem = Problem(name, text, "")
    return Form(draft, (problem,), {name: problem})


def audit_people(action: str, subject: str, **values: Any) -> None:
    """Who did what to whom, in the same chained log as every change of the configuration."""
    editor = needs().configurations.editor
    tell_unnoted(action, note(editor, actor=author(), action=action, subject=subject, **values))


def tell_unnoted(action: str, why: str) -> None:
    """In our own log, as the audit log could not be written."""
    if why:
        log.warning("a change was not audited", action=action, why=why)
