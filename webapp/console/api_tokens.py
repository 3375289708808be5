"""API tokens: create one, see its secret once, see when each was used last, revoke."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from flask import jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from handoff_rules.problems import Problem
from webapp.configurations.conflicts import EditRefusedError
from webapp.configurations.published import Environment
from webapp.console import editing
from webapp.console.access import author
from webapp.console.forms import Draft, Form
from webapp.console.frame import show, tell
from webapp.console.needs import needs
from webapp.console.pages import Pages
from webapp.console.twin import Twin, call_api, command
from webapp.people.roles import Role
from webapp.people.store_away import STORE_AWAY
from webapp.tokens.register import Created, Listed, TokenNotFoundError

pages = Pages("api_tokens", __name__)
LASTS = {"30": "30 days", "90": "90 days", "365": "one year", "": "until it is revoked"}
ENVIRONMENTS: dict[str, tuple[Environment, str]] = {
    "sandbox": ("sandbox", "Sandbox only"),
    "production": ("production", "Sandbox and production"),
}
LONGEST = 80


@pages.page("/developers/tokens", Role.ADMIN)
def index() -> ResponseReturnValue:
    return _page(Form({"role": Role.OPERATOR.value, "environment": "sandbox", "days": "90"}))


@pages.page("/developers/tokens.json", Role.ADMIN)
def as_json() -> ResponseReturnValue:
    return jsonify([asdict(one.token) | {"last_used_at": one.last_used_at} for one in needs().tokens.all()])


@pages.page("/developers/tokens", Role.ADMIN, post=True)
def create() -> ResponseReturnValue:
    """The answer itself shows the secret: it is stored nowhere, so no later page could."""
    draft: Draft = {name: request.form.get(name, "").strip() for name in ("name", "role", "environment", "days")}
    if problems := _problems(draft):
        return _page(Form(draft, problems, {problem.path: problem for problem in problems})), 422
    try:
        made = needs().tokens.create(
            name=draft["name"],
            role=Role(draft["role"]),
            environment=ENVIRONMENTS[draft["environment"]][0],
            author=author(),
            days=int(draft["days"]) if draft["days"] else None,
        )
    except EditRefusedError as refusal:
        return _page(Form(draft), refusal=str(refusal)), 503
    except STORE_AWAY as fault:
        return _page(Form(draft), refusal=f"The store does not answer. {editing.store_words(fault)}"), 503
    return _page(Form({"role": draft["role"], "environment": draft["environment"], "days": draft["days"]}), made=made)


@pages.page("/developers/tokens/<token_id>/revoke", Role.ADMIN, post=True)
def revoke(token_id: str) -> ResponseReturnValue:
    try:
        revoked = needs().tokens.revoke(token_id, author=author())
    except TokenNotFoundError:
        tell("That token was revoked already.")
        return redirect(url_for(".index"))
    except (EditRefusedError, OSError, *STORE_AWAY) as fault:
        tell(f"It could not be revoked everywhere. {editing.store_words(fault)}", "bad")
        return redirect(url_for(".index"))
    name = revoked.token.name if revoked.token else "The token"
    where = "everywhere within seconds" if revoked.everywhere else "on this machine; elsewhere once Redis is back"
    tell(f"{name} is revoked: it is refused {where}.")
    return redirect(url_for(".index"))


def _problems(draft: Draft) -> tuple[Problem, ...]:
    faults = {}
    if not draft["name"] or len(draft["name"]) > LONGEST or not draft["name"].isprintable():
        faults["name"] = f"Say in at most {LONGEST} characters what it is for."
    if draft["role"] not in {role.value for role in Role}:
        faults["role"] = "Choose a role."
    if draft["environment"] not in ENVIRONMENTS:
        faults["environment"] = "Choose where it works."
    if draft["days"] not in LASTS:
        faults["days"] = "Choose how long it lasts."
    return tuple(Problem(name, text, "") for name, text in faults.items())


def _page(form: Form, *, made: Created | None = None, refusal: str = "") -> str:
    try:
        listed: list[Listed] | None = needs().tokens.all()
    except STORE_AWAY:
        listed = None
    return show(
        "api_tokens.html",
        section="developers",
        tab="tokens",
        form=form,
        made=made,
        refusal=refusal,
        listed=listed,
        choices=_choices(),
        now=needs().clock(),
        read=datetime.fromisoformat,
        twin=Twin(command("tokens", "list"), call_api("tokens"), url_for(".as_json")),
    )


def _choices() -> dict[str, Any]:
    return {
        "roles": [(role.value, f"{role.value.capitalize()}: {role.in_words}") for role in Role],
        "environments": [(key, text) for key, (_, text) in ENVIRONMENTS.items()],
        "lasts": list(LASTS.items()),
    }
