"""The first admin: the one-time link of `handoff run` on the machine, or SETUP_TOKEN on a platform."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from handoff_rules.problems import Problem
from webapp.configurations.noting import note
from webapp.console.forms import Draft, Form
from webapp.console.needs import needs
from webapp.console.pages import Open, Pages
from webapp.console.people_pages import tell_unnoted
from webapp.console.sign_in import form, start_session
from webapp.people.passwords import WeakPasswordError
from webapp.people.set_up import USED, SetUpRefusedError
from webapp.people.sign_in import Begun
from webapp.people.store_away import STORE_AWAY
from webapp.people.users import EmailRefusedError

pages = Pages("set_up", __name__)


@pages.page("/setup", Open.TO_ALL)
def index() -> ResponseReturnValue:
    token = request.args.get("token", "")
    try:
        needed = needs().people.set_up.is_needed()
        accepted = needs().people.set_up.accepts(token)
    except STORE_AWAY:
        return render_template("console/store_away.html"), 503
    if not needed and not accepted:
        return form(then="/", kept=[], email="", refusal=USED if token else None)
    return _page(Form({"token": token if accepted else ""}), known=accepted, refused=bool(token) and not accepted)


@pages.page("/setup", Open.TO_ALL, post=True)
def create() -> ResponseReturnValue:
    draft: Draft = {name: request.form.get(name, "") for name in ("token", "name", "email")}
    people = needs().people
    try:
        user = people.set_up.create_admin(
            draft["token"],
            email=draft["email"],
            name=draft["name"] or draft["email"],
            password=request.form.get("password", ""),
        )
        token = people.sessions.begin(user, address=request.remote_addr or "", agent=request.user_agent.string)
    except SetUpRefusedError as refusal:
        return _page(_faulty(draft, "token", str(refusal)), known=False), 403
    except WeakPasswordError as refusal:
        return _page(_faulty(draft, "password", str(refusal)), known=True), 422
    except EmailRefusedError as refusal:
        return _page(_faulty(draft, "email", str(refusal)), known=True), 422
    except STORE_AWAY:
        return render_template("console/store_away.html"), 503
    editor = needs().configurations.editor
    unnoted = note(editor, actor="set-up link", action="person added", subject=user.email, after=user.role.value)
    tell_unnoted("person added", unnoted)
    start_session(Begun(user, token))
    return redirect(url_for("console.overview.index"))


def _faulty(draft: Draft, name: str, text: str) -> Form:
    problem = Problem(name, text, "")
    return Form(draft, (problem,), {name: problem})


def _page(form: Form, *, known: bool, refused: bool = False) -> str:
    return render_template("console/set_up.html", form=form, known=known, refused=refused)
